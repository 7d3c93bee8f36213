package oncall

import (
	"slices"
	"time"

	"baraji/internal/notice"
	"baraji/internal/team"
)

// Plan is who is told when, worked out when a page is opened, and when it is exhausted.
type Plan struct {
	Entries []Entry   `json:"entries"`
	End     time.Time `json:"end"`
}

// Entry is one step of one round at its instant. Where nobody stands there it is passed over.
type Entry struct {
	At    time.Time    `json:"at"`
	Round int          `json:"round"` // from 0
	Step  int          `json:"step"`  // from 0
	Who   []Aim        `json:"who"`
	Ways  []notice.Way `json:"ways,omitempty"`
}

// Aim is one person, and through what he is told: the name of a rota or a team, "" himself.
type Aim struct {
	Person team.ID `json:"person"`
	Why    string  `json:"why,omitempty"`
}

// people says who a target is at an instant; day when the first of them may be told what is not urgent.
type (
	people func(Target, time.Time) ([]Aim, error)
	day    func([]Aim, time.Time) (time.Time, error)
)

// planned works out the plan of a course that begins at an instant. Each person is told once in an entry, through the first target
// that he is in. day is nil for what is urgent.
func planned(c Course, begin time.Time, who people, dawn day) (p Plan, err error) {
	at := begin
	for round := range c.Again + 1 {
		for i, step := range c.Steps {
			e := Entry{At: at, Round: round, Step: i, Ways: step.Ways}
			if e.Who, err = all(step, at, who); err != nil {
				return p, err
			}
			if len(e.Who) > 0 && dawn != nil {
				if e.At, err = dawn(e.Who, at); err != nil {
					return p, err
				}
			}
			p.Entries = append(p.Entries, e)
			if len(e.Who) > 0 {
				at = e.At.Add(time.Duration(step.Wait) * time.Minute)
			}
		}
	}
	p.End = at
	return p, nil
}

func all(step Step, at time.Time, who people) ([]Aim, error) {
	aims := []Aim{}
	for _, t := range step.Who {
		list, err := who(t, at)
		if err != nil {
			return nil, err
		}
		for _, a := range list {
			if !slices.ContainsFunc(aims, func(b Aim) bool { return b.Person == a.Person }) {
				aims = append(aims, a)
			}
		}
	}
	return aims, nil
}

// shifted is a plan that begins later or sooner.
func (p Plan) shifted(d time.Duration) Plan {
	out := Plan{End: p.End.Add(d)}
	for _, e := range p.Entries {
		e.At = e.At.Add(d)
		out.Entries = append(out.Entries, e)
	}
	return out
}

// outOfTurn is the step of an entry that stands in no course.
const outOfTurn = -1

// anew is a plan from an instant on, without those who were told out of turn.
func (p Plan) anew(at time.Time) Plan {
	rest := Plan{End: p.End, Entries: slices.DeleteFunc(slices.Clone(p.Entries), func(e Entry) bool { return e.Step == outOfTurn })}
	if len(rest.Entries) == 0 {
		return Plan{End: at}
	}
	return rest.shifted(at.Sub(rest.Entries[0].At))
}

// behind is a plan with somebody who is told first.
func (p Plan) behind(first Aim, at time.Time) Plan {
	p.Entries = append([]Entry{{At: at, Step: outOfTurn, Who: []Aim{first}}}, p.Entries...)
	return p
}
