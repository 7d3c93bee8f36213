package runbook

import (
	"slices"
	"time"

	"baraji/internal/oncall"
	"baraji/internal/team"
)

// What somebody did with a step. Words: runbook.did_<…>.
type What string

// The ways. Only Called leaves the place as it is.
const (
	Done      What = "done"
	NotHelped What = "not_helped"
	Skipped   What = "skipped"
	Called    What = "called" // its service was called
)

// Tick is one of them.
type Tick struct {
	Step int // the key
	What What
	By   team.ID
	At   time.Time
	Note string
	Page oncall.ID // of Called
}

// Place is where somebody is.
type Place struct {
	At       int  // the key of the step that comes; 0: none does
	Stuck    int  // the key of the last step, which did not help, where nothing comes after it
	HandOver bool // that step says: hand it over
}

// place follows the ticks through the steps.
func place(steps []Step, ticks []Tick) Place {
	p := Place{}
	if len(steps) > 0 {
		p.At = steps[0].Key
	}
	for _, t := range ticks {
		i := index(steps, t.Step)
		if t.What == Called || i < 0 {
			continue
		}
		p = Place{At: following(steps, i)}
		if t.What != NotHelped {
			continue
		}
		switch s := steps[i]; {
		case s.Else == HandOver:
			p = Place{Stuck: s.Key, HandOver: true}
		case s.Else == GoTo && index(steps, s.To) >= 0:
			p.At = s.To
		case p.At == 0:
			p.Stuck = s.Key
		}
	}
	return p
}

func index(steps []Step, key int) int {
	return slices.IndexFunc(steps, func(s Step) bool { return s.Key == key })
}

// following is the key of the step after the i-th; 0 after the last.
func following(steps []Step, i int) int {
	if i+1 < len(steps) {
		return steps[i+1].Key
	}
	return 0
}
