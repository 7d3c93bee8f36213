package automation

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/moment"
	"baraji/internal/team"
)

// CheckWhen looks at what a rule waits for: a kind of fact, or a time.
func CheckWhen(ctx context.Context, tx *db.Tx, c *problem.Check, when string, at **moment.When) error {
	if when != moment.Kind {
		*at = nil
		c.That(Hears(when), "when", "Choose what it waits for.")
		return nil
	}
	if *at == nil {
		*at = &moment.When{}
	}
	return (*at).Check(ctx, tx, c, "moment")
}

// CheckBegin looks at what a flow begins with; at is what its place is called. A time has to be about a customer.
func CheckBegin(ctx context.Context, tx *db.Tx, c *problem.Check, when string, which **moment.When, at string) error {
	if when != moment.Kind {
		*which = nil
		c.That(Hears(when), at+"when", "Choose what it waits for.")
		return nil
	}
	if *which == nil {
		*which = &moment.When{}
	}
	w := *which
	c.That(w.Date != "" || w.Each == "conversation" || w.Each == "customer", at+"moment.each", "Choose each conversation or each customer: a flow is about one.")
	c.That(w.Date == "" || w.About() != "company", at+"moment.date", "Choose a date of a customer or of a conversation: a flow is about one.")
	return w.Check(ctx, tx, c, at+"moment")
}

// What actions need to be about.
var (
	needTalk     = []string{"reply", "note", "assign", "team", "status", "snooze", "set", "tag", "untag", "field", "follow"}
	needCustomer = []string{"write", "promise", "tag_customer", "untag_customer", "customer_field", "customer_stage"}
)

// checkAbout finds actions for which a time is about too little. Who writes to a customer has a conversation from then on.
func checkAbout(c *problem.Check, about string, acts []Act, at string) {
	talk, who := about == "conversation", about == "conversation" || about == "customer"
	for i, a := range acts {
		where := at + "." + strconv.Itoa(i) + ".do"
		c.That(who || !slices.Contains(needCustomer, a.Do), where, "This needs a customer: choose a time that is about each customer or each conversation.")
		c.That(talk || !slices.Contains(needTalk, a.Do), where, "This needs a conversation: choose a time that is about each conversation.")
		talk = talk || a.Do == "write"
	}
}

// plan lets the times of a rule come as long as it is on.
func (r Rule) plan(ctx context.Context, tx *db.Tx) error {
	if !r.On || r.Moment == nil {
		return moment.Drop(ctx, tx, r.ID.String())
	}
	return moment.Set(ctx, tx, moment.Plan{Owner: r.ID.String(), When: *r.Moment, Only: Only(r.If)})
}

// Only are the states and stages outside of which a condition cannot be so.
func Only(i If) map[string][]string {
	list := i.Of
	if i.Field != "" {
		list = []If{i}
	} else if i.Mode != "" && i.Mode != "all" {
		return nil
	}
	out := map[string][]string{}
	for _, one := range list {
		if one.Op == "is" && (one.Field == "conversation.status" || one.Field == "customer.stage") {
			out[one.Field] = one.Values
		}
	}
	return out
}

// mine says whether a time that has come is a rule's.
func mine(e event.Event) bool {
	return e.Kind == moment.Kind && strings.Contains(string(e.Body), `"for":"rul_`)
}

// fits says whether what a rule asks is so for a thing whose time has come.
func (r *Rules) fits(ctx context.Context, tx *db.Tx, owner string, e event.Event) (bool, error) {
	which, err := id.Read[ID](owner)
	if err != nil {
		return false, err
	}
	list, err := db.All(ctx, tx, func(row db.Row) (o Rule, err error) { return o, row.Scan(&o.ID, &o.Place, &o.Version) },
		`SELECT id, place, version FROM automation_rule WHERE id = $1 AND enabled`, which)
	if err != nil || len(list) == 0 {
		return false, err
	}
	rule, err := r.read(ctx, tx, list[0])
	if err != nil {
		return false, err
	}
	return Sure(newCase(team.AsSystem(ctx), tx, e).holds(rule.If))
}

// Sure takes a condition for not so that cannot be looked at, where we say ourselves why: the time of a thing comes only where it is sure that
// it is one of those that are meant. What is coming says why ([Coming]).
func Sure(so bool, err error) (bool, error) {
	if _, said := problem.As(err); said {
		return false, nil
	}
	return so, err
}

// Coming says what is coming of a rule that waits for a time, with things as they are now.
func Coming(ctx context.Context, tx *db.Tx, r Rule) (moment.Ahead, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return moment.Ahead{}, err
	}
	if err := r.check(ctx, tx); err != nil || r.Moment == nil {
		return moment.Ahead{}, err
	}
	return Ahead(ctx, tx, r.ID.String(), *r.Moment, r.If)
}

// Ahead says what is coming of a time with a condition.
func Ahead(ctx context.Context, tx *db.Tx, owner string, w moment.When, i If) (moment.Ahead, error) {
	ctx = team.AsSystem(ctx)
	return moment.Coming(ctx, tx, moment.Plan{Owner: owner, When: w, Only: Only(i)}, func(e event.Event) (bool, error) {
		return newCase(ctx, tx, e).holds(i)
	})
}
