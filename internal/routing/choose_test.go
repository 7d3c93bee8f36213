package routing

import (
	"testing"
	"time"

	"baraji/internal/kit/i18n"
	"baraji/internal/team"
)

// somebody is a candidate with his hands free.
func somebody(id team.ID, change ...func(*Candidate)) Candidate {
	c := Candidate{Desk: Desk{Person: id, Room: 10, Chats: 2}}
	for _, f := range change {
		f(&c)
	}
	return c
}

func holding(n int) func(*Candidate) { return func(c *Candidate) { c.Open = n } }

func TestWhoIsChosen(t *testing.T) {
	at := func(h int) func(*Candidate) {
		return func(c *Candidate) { c.Last = time.Date(2026, 11, 20, h, 0, 0, 0, time.UTC) }
	}
	leave := func(deputy team.ID) func(*Candidate) {
		return func(c *Candidate) { c.Leave, c.Deputy = true, deputy }
	}
	room := func(n int) func(*Candidate) { return func(c *Candidate) { c.Room = n } }
	for name, c := range map[string]struct {
		need   Need
		prefer []preference
		all    []Candidate
		person team.ID
		why    Reason
		waits  bool
	}{
		"nobody":                                 {Need{}, nil, nil, 0, "", false},
		"the only one":                           {Need{}, nil, []Candidate{somebody(1)}, 1, Only, true},
		"who has less":                           {Need{}, nil, []Candidate{somebody(1, holding(3)), somebody(2, holding(2))}, 2, Least, true},
		"a smaller part, though more":            {Need{}, nil, []Candidate{somebody(1, holding(3), room(20)), somebody(2, holding(2), room(4))}, 1, Least, true},
		"as much: whose turn it is":              {Need{}, nil, []Candidate{somebody(1, at(10)), somebody(2, at(9))}, 2, Turn, true},
		"who knows him, though busier":           {Need{}, []preference{{1, Knew}}, []Candidate{somebody(1, holding(9)), somebody(2)}, 1, Knew, true},
		"who knows him is full":                  {Need{}, []preference{{1, Knew}}, []Candidate{somebody(1, holding(10)), somebody(2)}, 2, Only, true},
		"the second who knows him":               {Need{}, []preference{{1, Knew}, {3, Knew}}, []Candidate{somebody(1, holding(10)), somebody(2), somebody(3, holding(5))}, 3, Knew, true},
		"the owner on leave: his deputy":         {Need{}, []preference{{1, Owner}}, []Candidate{somebody(1, leave(2)), somebody(2, holding(9)), somebody(3)}, 2, Deputy, true},
		"the deputy is full":                     {Need{}, []preference{{1, Owner}}, []Candidate{somebody(1, leave(2)), somebody(2, holding(10)), somebody(3)}, 3, Only, true},
		"on leave without a deputy":              {Need{}, []preference{{1, Owner}}, []Candidate{somebody(1, leave(0)), somebody(3)}, 3, Only, true},
		"all full: it waits":                     {Need{}, nil, []Candidate{somebody(1, holding(10)), somebody(2, holding(12))}, 0, "", true},
		"takes nothing by routing":               {Need{}, nil, []Candidate{somebody(1, room(0))}, 0, "", false},
		"a third chat":                           {Need{Chat: true}, nil, []Candidate{somebody(1, func(c *Candidate) { c.Talks = 2 })}, 0, "", true},
		"a mail beside two chats":                {Need{}, nil, []Candidate{somebody(1, func(c *Candidate) { c.Talks = 2 })}, 1, Only, true},
		"all away: nobody could":                 {Need{}, nil, []Candidate{somebody(1, func(c *Candidate) { c.Away = true })}, 0, "", false},
		"who does not speak it":                  {Need{Language: i18n.Korean}, nil, []Candidate{somebody(1, func(c *Candidate) { c.Languages = []i18n.Locale{i18n.English} }), somebody(2, holding(9))}, 2, Only, true},
		"who never said speaks all":              {Need{Language: i18n.Korean}, nil, []Candidate{somebody(1)}, 1, Only, true},
		"a skill, whatever the letters' size":    {Need{Skill: "billing"}, nil, []Candidate{somebody(1), somebody(2, holding(9), func(c *Candidate) { c.Skills = []string{"Billing"} })}, 2, Only, true},
		"who stayed silent does not get it anew": {Need{Silent: 1}, []preference{{1, Knew}}, []Candidate{somebody(1), somebody(2, holding(9))}, 2, Only, true},
	} {
		t.Run(name, func(t *testing.T) {
			got := Choose(c.need, c.prefer, c.all)
			if got.Person != c.person || got.Why != c.why || got.Waits != c.waits {
				t.Errorf("%d because %q, waits %v; want %d because %q, waits %v (%v)", got.Person, got.Why, got.Waits, c.person, c.why, c.waits, got.Verdicts)
			}
			if len(got.Verdicts) != len(c.all) {
				t.Errorf("%d verdicts for %d people", len(got.Verdicts), len(c.all))
			}
		})
	}
}

// The work is shared fairly: of four who have the same room nobody ever has more than one above another.
func TestTheWorkIsShared(t *testing.T) {
	all := []Candidate{somebody(1), somebody(2), somebody(3), somebody(4)}
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	for i := range 38 {
		got := Choose(Need{}, nil, all)
		all[got.Person-1].Open++
		all[got.Person-1].Last = now.Add(time.Duration(i) * time.Minute)
		for _, a := range all {
			for _, b := range all {
				if a.Open > b.Open+1 {
					t.Fatalf("after %d: %d has %d, %d has %d", i+1, a.Person, a.Open, b.Person, b.Open)
				}
			}
		}
	}
}
