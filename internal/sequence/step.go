package sequence

import (
	"context"
	"iter"
	"slices"
	"strconv"

	"baraji/internal/automation"
	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Step is one thing on the way. Key tells it apart for ever, wherever it is moved.
type Step struct {
	Key  int              `json:"key"`
	Do   string           `json:"do"`             // one of Kinds
	Acts []automation.Act `json:"then,omitempty"` // of act
	Wait Wait             `json:"wait,omitzero"`  // of wait
	If   automation.If    `json:"if,omitzero"`    // of branch
	Who  Who              `json:"who,omitzero"`   // of ask and hand
	Yes  []Step           `json:"yes,omitempty"`  // where it is so: of branch, ask, and of waiting for a fact
	No   []Step           `json:"no,omitempty"`   // where it is not, or time ran out
}

// Kinds are the sorts of steps.
var Kinds = []string{"act", "wait", "branch", "ask", "hand"}

// Wait is what a step waits for.
type Wait struct {
	For     string        `json:"for"`               // one of Waits
	Minutes int           `json:"minutes,omitempty"` // of time and work; of fact: until time runs out. 0 of work: until the hours begin
	Field   string        `json:"field,omitempty"`   // of date: a field of the customer that is a date
	Days    int           `json:"days,omitempty"`    // of date: so many after it, or before it
	At      int           `json:"at,omitempty"`      // of date: the minute of the day
	When    string        `json:"when,omitempty"`    // of fact: its kind
	If      automation.If `json:"if,omitzero"`       // of fact
}

// Waits are the sorts of waiting.
var Waits = []string{"time", "work", "date", "fact"}

// Who is asked, or gets the customer.
type Who struct {
	Person  string      `json:"person,omitempty"` // an id, or "assignee", "owner"
	Team    team.TeamID `json:"team,omitzero"`
	Text    string      `json:"text,omitempty"`
	Minutes int         `json:"minutes,omitempty"` // of ask: then it is a no; 0 is never
}

// splits says that a step has two ways behind it.
func (s Step) splits() bool {
	return s.Do == "branch" || s.Do == "ask" || s.Do == "wait" && s.Wait.For == "fact"
}

// check tidies a step: what does not belong to its sort goes.
func (s *Step) check(ctx context.Context, tx *db.Tx, c *problem.Check, at string) error {
	clean := Step{Key: s.Key, Do: s.Do}
	if s.splits() {
		clean.Yes, clean.No = s.Yes, s.No
	}
	var err error
	switch s.Do {
	case "act":
		clean.Acts = s.Acts
		err = automation.CheckActs(ctx, tx, c, clean.Acts, at+".then")
	case "wait":
		clean.Wait = s.Wait
		err = clean.Wait.check(ctx, tx, c, at)
	case "branch":
		clean.If = s.If
		c.That(!clean.If.Always(), at+".if", "Choose what it looks at.")
		clean.If.Check(c, at+".if")
	case "ask", "hand":
		clean.Who = s.Who
		err = clean.Who.check(ctx, tx, c, at, s.Do == "ask")
	default:
		c.That(false, at+".do", "“%s” is none of the choices.", s.Do)
	}
	*s = clean
	return err
}

func (w *Wait) check(ctx context.Context, tx *db.Tx, c *problem.Check, at string) error {
	clean := Wait{For: w.For}
	switch w.For {
	case "time", "work":
		clean.Minutes = w.Minutes
		c.That(w.Minutes > 0 || w.Minutes == 0 && w.For == "work", at+".minutes", "Enter a number.")
	case "date":
		clean.Field, clean.Days, clean.At = w.Field, w.Days, w.At
		fields, err := contact.Fields(ctx, tx, contact.OfContact)
		if err != nil {
			return err
		}
		is := slices.ContainsFunc(fields, func(f contact.Field) bool { return f.Key == w.Field && f.Type == contact.DateField })
		c.That(is, at+".field", "Choose a field that is a date.")
		c.That(w.Days >= -3660 && w.Days <= 3660, at+".days", "Enter a number.")
		c.That(w.At >= 0 && w.At < 24*60, at+".at", "Enter a time, such as 09:00.")
	case "fact":
		clean.Minutes, clean.When, clean.If = w.Minutes, w.When, w.If
		c.That(automation.Hears(w.When), at+".when", "Choose what it waits for.")
		c.That(w.Minutes > 0, at+".minutes", "Say how long it waits at most.")
		clean.If.Check(c, at+".if")
	default:
		c.That(false, at+".for", "“%s” is none of the choices.", w.For)
	}
	c.That(w.Minutes <= longestWait, at+".minutes", "At most %d days.", longestWait/24/60)
	*w = clean
	return nil
}

func (w *Who) check(ctx context.Context, tx *db.Tx, c *problem.Check, at string, asks bool) error {
	c.That(len([]rune(w.Text)) <= longestText, at+".text", "At most %d characters.", longestText)
	c.That(!asks || w.Text != "", at+".text", "This is needed.")
	c.That(w.Minutes >= 0 && w.Minutes <= longestWait, at+".minutes", "At most %d days.", longestWait/24/60)
	c.That(w.Person != "" || w.Team != 0, at+".person", "Say who.")
	if w.Person != "" && w.Person != "assignee" && w.Person != "owner" {
		who, err := id.Read[team.ID](w.Person)
		if err != nil {
			c.That(false, at+".person", "Nobody of that name works here.")
			return nil
		}
		is, err := db.Exists(ctx, tx, `SELECT 1 FROM team_person WHERE id = $1 AND state = 'active'`, who)
		c.That(is, at+".person", "Nobody of that name works here.")
		if err != nil {
			return err
		}
	}
	if w.Team == 0 {
		return nil
	}
	is, err := db.Exists(ctx, tx, `SELECT 1 FROM team WHERE id = $1`, w.Team)
	c.That(is, at+".team", "There is no such team.")
	return err
}

// all walks through steps and what lies within them, in the order in which one reads them.
func all(list []Step) iter.Seq[Step] {
	return func(yield func(Step) bool) { each(list, yield) }
}

func each(list []Step, yield func(Step) bool) bool {
	for _, s := range list {
		if !yield(s) || !each(s.Yes, yield) || !each(s.No, yield) {
			return false
		}
	}
	return true
}

// place is a step and where it leads: to the key of another, or to 0, the end.
type place struct {
	Step
	next, yes, no int
}

// plan says where each step leads.
func (f Flow) plan() map[int]place {
	out := map[int]place{}
	lay(f.Steps, 0, out)
	return out
}

func lay(list []Step, end int, out map[int]place) {
	for i, s := range list {
		p := place{Step: s, next: end}
		if i+1 < len(list) {
			p.next = list[i+1].Key
		}
		p.yes, p.no = first(s.Yes, p.next), first(s.No, p.next)
		out[s.Key] = p
		lay(s.Yes, p.next, out)
		lay(s.No, p.next, out)
	}
}

func first(list []Step, or int) int {
	if len(list) > 0 {
		return list[0].Key
	}
	return or
}

// Number is the place of a step as one reads them, from 1; "" for one that is not there.
func (f Flow) Number(key int) string {
	n := 0
	for s := range all(f.Steps) {
		if n++; s.Key == key {
			return strconv.Itoa(n)
		}
	}
	return ""
}
