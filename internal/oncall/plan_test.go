package oncall

import (
	"testing"
	"time"

	"baraji/internal/shift"
	"baraji/internal/team"
)

func at(text string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", text)
	if err != nil {
		panic(err)
	}
	return t
}

// Follow the sun: whoever stands in a rota when its step is due, not when the page began.
func TestAPlanKnowsWhoWillStandThere(t *testing.T) {
	who := func(tg Target, when time.Time) ([]Aim, error) {
		switch {
		case tg.Person != 0:
			return []Aim{{tg.Person, ""}}, nil
		case tg.Rota == 1 && when.Before(at("2026-11-22 09:00")):
			return []Aim{{10, "night"}}, nil
		case tg.Rota == 1:
			return []Aim{{11, "night"}, {12, "night"}}, nil
		}
		return nil, nil
	}
	c := Course{Again: 1, Steps: []Step{
		{Who: []Target{{Rota: 1}}, Wait: 5},
		{Who: []Target{{Rota: 2}}, Wait: 30}, // nobody
		{Who: []Target{{Rota: 1}, {Person: 12}, {Person: 13}}, Wait: 10},
	}}
	p, err := planned(c, at("2026-11-22 08:50"), who, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		at   string
		step int
		who  []team.ID
	}{
		{"2026-11-22 08:50", 0, []team.ID{10}},
		{"2026-11-22 08:55", 1, nil},
		{"2026-11-22 08:55", 2, []team.ID{10, 12, 13}},
		{"2026-11-22 09:05", 0, []team.ID{11, 12}},
		{"2026-11-22 09:10", 1, nil},
		{"2026-11-22 09:10", 2, []team.ID{11, 12, 13}},
	}
	if len(p.Entries) != len(want) || !p.End.Equal(at("2026-11-22 09:20")) {
		t.Fatalf("%d entries, until %v", len(p.Entries), p.End)
	}
	for i, w := range want {
		e := p.Entries[i]
		if !e.At.Equal(at(w.at)) || e.Step != w.step || len(e.Who) != len(w.who) {
			t.Errorf("%d: %+v, want %+v", i, e, w)
			continue
		}
		for k, a := range e.Who {
			if a.Person != w.who[k] {
				t.Errorf("%d: %+v, want %v", i, e.Who, w.who)
			}
		}
	}
}

func TestANightIsThatOfItsEvening(t *testing.T) {
	for _, c := range []struct {
		at, zone string
		night    string
		is       bool
	}{
		{"2026-11-22 13:00", "Asia/Seoul", "2026-11-22", true},    // 22:00
		{"2026-11-22 12:59", "Asia/Seoul", "", false},             // 21:59
		{"2026-11-22 21:59", "Asia/Seoul", "2026-11-22", true},    // 06:59 of the 23rd
		{"2026-11-22 22:00", "Asia/Seoul", "", false},             // 07:00
		{"2026-10-25 00:30", "Europe/Berlin", "2026-10-24", true}, // the hour that comes twice
		{"2026-11-22 16:30", "Asia/Kathmandu", "2026-11-22", true},
		{"2011-12-30 12:00", "Pacific/Apia", "2011-12-30", true}, // the day that was left out
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		night, is := NightOf(at(c.at), zone)
		if is != c.is || is && c.zone != "Pacific/Apia" && night.String() != c.night {
			t.Errorf("%s in %s: %v %v", c.at, c.zone, night, is)
		}
	}
}

func FuzzPlan(f *testing.F) {
	f.Add(uint8(2), uint8(3), uint16(5), true)
	f.Fuzz(func(t *testing.T, again, steps uint8, wait uint16, nobody bool) {
		c := Course{Again: int(again % (mostAgain + 1))}
		for i := range int(steps%mostSteps) + 1 {
			c.Steps = append(c.Steps, Step{Who: []Target{{Rota: shift.RotaID(i + 1)}}, Wait: int(wait%mostWait) + 1})
		}
		begin := at("2026-11-22 00:00")
		p, err := planned(c, begin, func(tg Target, _ time.Time) ([]Aim, error) {
			if nobody && tg.Rota%2 == 0 {
				return nil, nil
			}
			return []Aim{{team.ID(tg.Rota), ""}}, nil
		}, nil)
		if err != nil || len(p.Entries) != (c.Again+1)*len(c.Steps) {
			t.Fatalf("%d entries, %v", len(p.Entries), err)
		}
		last := begin
		for _, e := range p.Entries {
			if e.At.Before(last) {
				t.Fatalf("goes back to %v", e.At)
			}
			last = e.At
		}
		if p.End.Before(last) {
			t.Fatal("ends before it is told")
		}
	})
}
