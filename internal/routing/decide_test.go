package routing

import (
	"testing"
	"time"

	"baraji/internal/kit/hours"
	"baraji/internal/shift"
	"baraji/internal/sla"
	"baraji/internal/team"
)

const (
	desk   team.TeamID  = 1
	night  team.TeamID  = 2
	onCall shift.RotaID = 7
	kim    team.ID      = 11
	lee    team.ID      = 12
	park   team.ID      = 13 // of the night's partner
)

var seoul = time.FixedZone("KST", 9*3600)

// house works from nine to six on weekdays; its partner stands at night.
func house(at time.Time) Situation {
	office := hours.Calendar{Zone: seoul}
	for d := time.Monday; d <= time.Friday; d++ {
		office.Week[d] = []hours.Block{{From: 9 * 60, To: 18 * 60}}
	}
	in := blank(at)
	in.Hours = func(team.TeamID, string) hours.Calendar { return office }
	in.People = []Candidate{somebody(kim), somebody(lee, holding(2)), somebody(park, func(c *Candidate) { c.OffDay = true })}
	in.Teams = map[team.TeamID][]team.ID{desk: {kim, lee}, night: {park}}
	in.OnDuty = map[shift.RotaID][]team.ID{onCall: {park}}
	in.Stands[onCall] = night
	in.Rotas = map[team.TeamID]bool{night: true}
	in.Lists = Lists{
		Grades: []Grade{
			{Words: []string{"결제가 안", "down"}, SetType: "problem", SetSeverity: "critical", SetPriority: "urgent"},
			{When: When{Tier: "gold"}, SetPriority: "high"},
		},
		Scopes: []Scope{{When: When{Severity: "critical", Tier: "gold"}, By: onCall, Within: 15}, {When: When{Type: "order"}, Within: 60}},
		Rules: []Rule{
			{Name: "big accounts", When: When{Worth: 10_000_000}, To: ToOwner, Team: desk},
			{Name: "complaints", When: When{Type: "complaint"}, To: ToQueue, Team: desk},
			{Name: "partner's", When: When{Channel: "chat"}, To: ToTeam, Team: night},
			{Name: "all", To: ToTeam, Team: desk, Known: true, TakeBack: 30},
		},
	}
	return in
}

func TestWhoGetsWhatWhen(t *testing.T) {
	monday := time.Date(2026, 11, 16, 10, 0, 0, 0, seoul)
	friday := time.Date(2026, 11, 20, 23, 40, 0, 0, seoul)
	for name, c := range map[string]struct {
		at      time.Time
		s       Subject
		outcome Outcome
		rule    int
		scope   int
		person  team.ID
		team    team.TeamID
	}{
		"a question":                           {monday, Subject{Words: "where is it"}, Assigned, 4, 0, kim, desk},
		"of who knows lee":                     {monday, Subject{Before: []team.ID{lee}}, Assigned, 4, 0, lee, desk},
		"a great account":                      {monday, Subject{Worth: 20_000_000, Owner: lee}, Assigned, 1, 0, lee, desk},
		"a great account that nobody owns":     {monday, Subject{Worth: 20_000_000}, Assigned, 1, 0, kim, desk},
		"below the threshold":                  {monday, Subject{Worth: 9_999_999, Owner: lee}, Assigned, 4, 0, kim, desk},
		"a complaint goes to the team":         {monday, Subject{Type: "complaint"}, Handed, 2, 0, 0, desk},
		"its team is not on duty by day":       {monday, Subject{Channel: "chat"}, Queued, 3, 0, 0, night},
		"a harmless one on Friday night":       {friday, Subject{Words: "how do I pack it"}, Morning, 4, 0, 0, desk},
		"critical, gold, Friday night":         {friday, Subject{Words: "결제가 안 돼요", Tier: "Gold"}, Assigned, 4, 1, park, night},
		"critical, but not gold":               {friday, Subject{Words: "the shop is down"}, Morning, 4, 0, 0, desk},
		"orders are served at night as by day": {friday, Subject{Type: "order"}, Assigned, 4, 2, kim, desk},
		"download is not down":                 {friday, Subject{Words: "my download", Tier: "gold"}, Morning, 4, 0, 0, desk},
	} {
		t.Run(name, func(t *testing.T) {
			d := house(c.at).Decide(c.s, 0)
			if d.Outcome != c.outcome || d.Rule != c.rule || d.Scope != c.scope || d.Person != c.person || d.Team != c.team {
				t.Errorf("%s by rule %d, scope %d: %d of %d; want %s by rule %d, scope %d: %d of %d", d.Outcome, d.Rule, d.Scope, d.Person, d.Team, c.outcome, c.rule, c.scope, c.person, c.team)
			}
		})
	}
}

func TestGradesLeaveAloneWhatIsSet(t *testing.T) {
	in := house(time.Date(2026, 11, 16, 10, 0, 0, 0, seoul))
	for _, c := range []struct{ is, want Subject }{
		{Subject{Words: "shop down", Tier: "gold"}, Subject{Type: "problem", Severity: "critical", Priority: "urgent"}},
		{Subject{Words: "shop down", Type: "billing", Severity: "minor", Priority: "low"}, Subject{Type: "billing", Severity: "minor", Priority: "low"}},
		{Subject{Words: "thanks", Tier: "gold", Priority: "normal"}, Subject{Priority: "high"}},
	} {
		got := c.is.grade(in.Lists.Grades)
		if got.Type != c.want.Type || got.Severity != c.want.Severity || got.Priority != c.want.Priority {
			t.Errorf("%+v: %s %s %s", c.is, got.Type, got.Severity, got.Priority)
		}
	}
}

func TestWhatACustomerMayExpect(t *testing.T) {
	at := func(day, h, m int) time.Time { return time.Date(2026, 11, day, h, m, 0, 0, seoul) } // the 16th is a Monday
	ten := []sla.Target{{First: 10, Counts: sla.Working}}
	wall := []sla.Target{{First: 60, Counts: sla.Wall}}
	for name, c := range map[string]struct {
		at      time.Time
		s       Subject
		targets []sla.Target
		empty   bool // nobody stands in the rota
		by      time.Time
		served  bool
	}{
		"in the morning":                    {at(16, 10, 0), Subject{}, ten, false, at(16, 10, 10), true},
		"over the night":                    {at(16, 17, 55), Subject{}, ten, false, at(17, 9, 5), true},
		"Friday night: Monday":              {at(20, 23, 40), Subject{}, ten, false, at(23, 9, 10), false},
		"on the wall, but nobody is there":  {at(20, 23, 40), Subject{}, wall, false, at(23, 9, 0), false},
		"critical and gold on Friday night": {at(20, 23, 40), Subject{Words: "down", Tier: "gold"}, ten, false, at(20, 23, 55), true},
		"the same, but nobody stands":       {at(20, 23, 40), Subject{Words: "down", Tier: "gold"}, ten, true, at(23, 9, 10), false},
		"orders at night":                   {at(20, 23, 40), Subject{Type: "order"}, ten, false, at(21, 0, 40), true},
		"nothing is promised":               {at(16, 10, 0), Subject{}, nil, false, time.Time{}, true},
	} {
		t.Run(name, func(t *testing.T) {
			in := house(c.at)
			if c.empty {
				in.OnDuty = nil
			}
			e := in.Expect(c.s, c.targets)
			if !e.By.Equal(c.by) || e.Served != c.served {
				t.Errorf("by %s, served %v; want %s, %v", e.By, e.Served, c.by, c.served)
			}
		})
	}
}
