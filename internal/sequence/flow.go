package sequence

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"baraji/internal/automation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/moment"
	"baraji/internal/team"
)

// ID is the id of a flow.
type ID = id.Of[idKind]

type idKind struct{}

func (idKind) Prefix() string { return "seq" }

// Flow is what happens to a customer step by step.
type Flow struct {
	ID        ID
	Name      string
	On        bool // new customers come in
	Start     Start
	Again     bool // a customer who was through it may come in again
	Leave     []Leave
	Steps     []Step
	Last      int // the highest key that a step ever had
	Version   int
	Owner     team.ID // who is told when it sticks
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Start is how customers come in.
type Start struct {
	When   string        `json:"when,omitempty"`   // a kind of fact; "": by hand alone
	Moment *moment.When  `json:"moment,omitempty"` // of moment.Kind: which time
	If     automation.If `json:"if,omitzero"`
}

// Leave is a fact that ends it early.
type Leave struct {
	When string        `json:"when"`
	If   automation.If `json:"if,omitzero"`
}

// said is what of a flow is kept as JSON.
type said struct {
	Start Start   `json:"start,omitzero"`
	Again bool    `json:"again,omitempty"`
	Leave []Leave `json:"leave,omitempty"`
	Steps []Step  `json:"steps"`
	Last  int     `json:"last"`
}

func (f Flow) said() string {
	b, _ := json.Marshal(said{f.Start, f.Again, f.Leave, f.Steps, f.Last}) // plain strings and numbers
	return string(b)
}

func (f *Flow) read(body string) error {
	var s said
	err := json.Unmarshal([]byte(body), &s)
	f.Start, f.Again, f.Leave, f.Steps, f.Last = s.Start, s.Again, s.Leave, s.Steps, s.Last
	f.Start.If.Ready()
	for i := range f.Leave {
		f.Leave[i].If.Ready()
	}
	ready(f.Steps)
	return err
}

func ready(list []Step) {
	for i := range list {
		list[i].If.Ready()
		list[i].Wait.If.Ready()
		ready(list[i].Yes)
		ready(list[i].No)
	}
}

const (
	mostFlows   = 2000
	mostSteps   = 60
	mostDepth   = 5
	mostLeaves  = 10
	longestName = 100
	longestText = 2000
	longestWait = 366 * 24 * 60 // minutes
)

// Check tidies it and finds what is wrong; at is what its place is called, with a point behind it.
func (s *Start) Check(ctx context.Context, tx *db.Tx, c *problem.Check, at string) error {
	s.If.Check(c, at+"if")
	if s.When == "" {
		s.Moment = nil
		return nil
	}
	return automation.CheckBegin(ctx, tx, c, s.When, &s.Moment, at)
}

// check tidies a flow, gives each new step its key, and finds what is wrong. Steps are called by their place: steps.0.minutes, steps.1.yes.0.do.
func (f *Flow) check(ctx context.Context, tx *db.Tx) error {
	var c problem.Check
	f.Name = strings.Join(strings.Fields(f.Name), " ")
	c.That(f.Name != "", "name", "Give it a name.")
	c.That(len([]rune(f.Name)) <= longestName, "name", "At most %d characters.", longestName)
	if err := f.Start.Check(ctx, tx, &c, "start."); err != nil {
		return err
	}
	c.That(len(f.Leave) <= mostLeaves, "leave", "At most %d of each.", mostLeaves)
	for i := range f.Leave {
		at := "leave." + strconv.Itoa(i)
		c.That(automation.Hears(f.Leave[i].When), at+".when", "Choose what it waits for.")
		f.Leave[i].If.Check(&c, at+".if")
	}
	c.That(len(f.Steps) > 0, "steps", "Choose what is to be done.")
	keys := map[int]bool{}
	if err := f.checkSteps(ctx, tx, &c, f.Steps, "steps", 1, keys); err != nil {
		return err
	}
	c.That(len(keys) <= mostSteps, "steps", "At most %d steps.", mostSteps)
	return c.Err()
}

func (f *Flow) checkSteps(ctx context.Context, tx *db.Tx, c *problem.Check, list []Step, at string, depth int, keys map[int]bool) error {
	c.That(depth <= mostDepth, at, "At most %d branches within each other.", mostDepth-1)
	if depth > mostDepth {
		return nil
	}
	for i := range list {
		s, here := &list[i], at+"."+strconv.Itoa(i)
		if s.Key <= 0 || s.Key > f.Last || keys[s.Key] {
			f.Last++
			s.Key = f.Last
		}
		keys[s.Key] = true
		if err := s.check(ctx, tx, c, here); err != nil {
			return err
		}
		for _, way := range []struct {
			list []Step
			name string
		}{{s.Yes, ".yes"}, {s.No, ".no"}} {
			if err := f.checkSteps(ctx, tx, c, way.list, here+way.name, depth+1, keys); err != nil {
				return err
			}
		}
	}
	return nil
}

// hears lists the kinds of facts that it listens to.
func (f Flow) hears() (kinds []string) {
	if f.Start.When != "" {
		kinds = append(kinds, f.Start.When)
	}
	for _, l := range f.Leave {
		kinds = append(kinds, l.When)
	}
	for s := range all(f.Steps) {
		if s.Wait.For == "fact" {
			kinds = append(kinds, s.Wait.When)
		}
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}
