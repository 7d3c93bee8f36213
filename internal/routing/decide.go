package routing

import (
	"cmp"
	"slices"
	"time"

	"baraji/internal/kit/hours"
	"baraji/internal/shift"
	"baraji/internal/team"
)

// Outcome is what became of a conversation. Words: routing.outcome_<…>.
type Outcome string

// The outcomes.
const (
	Assigned Outcome = "assigned"
	Queued   Outcome = "queued"  // all who could are full, or nobody is there
	Morning  Outcome = "morning" // it is not served at this hour
	Handed   Outcome = "handed"  // to a team, whose people take it themselves
	Left     Outcome = "left"    // no rule fits
)

// Situation is what is known of the house at one moment.
type Situation struct {
	At     time.Time
	Lists  Lists
	Hours  func(team.TeamID, string) hours.Calendar // of a team and a tier
	People []Candidate
	Teams  map[team.TeamID][]team.ID // who is in which
	OnDuty map[shift.RotaID][]team.ID
	Stands map[shift.RotaID]team.TeamID // the team that a rota stands for
	Rotas  map[team.TeamID]bool         // teams that stand in a rota: who is not on duty there is off
}

// Decision is what was decided, and why.
type Decision struct {
	At      time.Time    `json:"at"`
	Outcome Outcome      `json:"outcome"`
	Rule    int          `json:"rule,omitempty"` // its place, from 1; 0: none fits
	Name    string       `json:"name,omitempty"` // of the rule, as it was
	Scope   int          `json:"scope,omitempty"`
	By      shift.RotaID `json:"by,omitzero"` // the rota of that scope
	Open    bool         `json:"open"`        // within working hours
	Person  team.ID      `json:"person,omitzero"`
	Team    team.TeamID  `json:"team,omitzero"`
	Why     Reason       `json:"why,omitempty"`
	For     team.ID      `json:"for,omitzero"`
	Others  []Considered `json:"others,omitempty"`
	Graded  *Graded      `json:"graded,omitempty"`
	Silent  team.ID      `json:"silent,omitzero"` // it was taken back from him
	Moved   bool         `json:"moved,omitempty"` // since a promise was broken

	rule    *Rule
	hours   hours.Calendar // that count
	opens   time.Time      // when they begin, of Morning
	silence time.Duration  // after which another gets it; 0: never
}

// Considered is somebody who came into question.
type Considered struct {
	Person  team.ID `json:"person"`
	Verdict Verdict `json:"verdict"`
	Open    int     `json:"open"`
	Room    int     `json:"room"`
}

// Graded is what a conversation was found to be.
type Graded struct {
	Type     string `json:"type,omitempty"`
	Severity string `json:"severity,omitempty"`
	Priority string `json:"priority,omitempty"`
}

// Decide says who gets a conversation. silent is who had it and said nothing; 0 as a rule.
func (in Situation) Decide(s Subject, silent team.ID) Decision {
	graded := s.grade(in.Lists.Grades)
	d := Decision{At: in.At, Outcome: Left, Team: s.Team, Silent: silent, Graded: difference(s, graded)}
	s = graded
	for i := range in.Lists.Rules {
		if in.Lists.Rules[i].Fits(s) {
			d.rule, d.Rule, d.Name = &in.Lists.Rules[i], i+1, in.Lists.Rules[i].Name
			break
		}
	}
	if d.rule != nil {
		d.silence = time.Duration(d.rule.TakeBack) * time.Minute
		d.Team = cmp.Or(d.rule.Team, d.Team)
	}
	d.hours = in.Hours(d.Team, s.Tier)
	d.Open = d.hours.Open(in.At)
	if !d.Open && !in.inScope(s, &d) {
		d.Outcome = Morning
		d.opens, _ = d.hours.Next(in.At)
		return d
	}
	d.Team = cmp.Or(in.Stands[d.By], d.Team)
	switch {
	case d.By != 0:
		in.choose(s, &d, in.OnDuty[d.By], nil)
	case d.rule == nil:
	case d.rule.To == ToQueue:
		d.Outcome = Handed
	default:
		in.choose(s, &d, in.group(s, *d.rule), d.rule)
	}
	return d
}

// difference is what grading changed; nil: nothing.
func difference(was, is Subject) *Graded {
	g := Graded{}
	if is.Type != was.Type {
		g.Type = is.Type
	}
	if is.Severity != was.Severity {
		g.Severity = is.Severity
	}
	if is.Priority != was.Priority {
		g.Priority = is.Priority
	}
	if g == (Graded{}) {
		return nil
	}
	return &g
}

// inScope says whether it is served outside working hours, and by whom.
func (in Situation) inScope(s Subject, d *Decision) bool {
	for i, sc := range in.Lists.Scopes {
		if sc.Fits(s) {
			d.Scope, d.By = i+1, sc.By
			return true
		}
	}
	return false
}

// group is who comes into question by a rule.
func (in Situation) group(s Subject, r Rule) []team.ID {
	out := slices.Clone(in.Teams[r.Team])
	switch {
	case r.To == ToPerson:
		out = append(out, r.Person)
	case r.To == ToOwner && s.Owner != 0:
		out = append(out, s.Owner)
	}
	for _, p := range out { // who stands for them
		for _, c := range in.People {
			if c.Person == p && c.Leave && c.Deputy != 0 {
				out = append(out, c.Deputy)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// choose decides among a group. r is nil where a rota serves: whoever stands there is on duty.
func (in Situation) choose(s Subject, d *Decision, group []team.ID, r *Rule) {
	n := Need{Language: s.Language, Chat: s.Channel == "chat", Silent: d.Silent}
	var prefer []preference
	if r != nil {
		n.Skill = r.Skill
		prefer = preferences(s, *r)
	}
	var all []Candidate
	for _, c := range in.People {
		if !slices.Contains(group, c.Person) {
			continue
		}
		switch {
		case r == nil:
			c.OffDay, c.Unseen = false, false
		case in.Rotas[r.Team]:
			c.Unseen = false
		default:
			c.OffDay = false
		}
		if r != nil && (r.To == ToPerson && c.Person == r.Person || r.To == ToOwner && c.Person == s.Owner) {
			c.OffDay, c.Unseen = false, false // he is asked by name, whatever his rota
		}
		all = append(all, c)
	}
	got := Choose(n, prefer, all)
	d.Outcome, d.Person, d.Why, d.For = Queued, got.Person, got.Why, got.For
	if got.Person != 0 {
		d.Outcome = Assigned
	}
	for _, c := range all {
		d.Others = append(d.Others, Considered{c.Person, got.Verdicts[c.Person], c.Open, c.Room})
	}
}

// preferences are those who come before the others.
func preferences(s Subject, r Rule) (list []preference) {
	if r.To == ToPerson {
		list = append(list, preference{r.Person, Named})
	}
	if r.To == ToOwner && s.Owner != 0 {
		list = append(list, preference{s.Owner, Owner})
	}
	if r.Known {
		for _, p := range s.Before {
			list = append(list, preference{p, Knew})
		}
	}
	return list
}
