package automation

import (
	"context"
	"slices"
	"strconv"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/oncall"
	"baraji/internal/team"
)

// check finds what is wrong with a value. What is chosen must be there when the rule is made; if it goes away later, the run says so.
func (p Param) check(ctx context.Context, tx *db.Tx, v string, c *problem.Check, at string) error {
	if p.Choices != nil {
		c.That(slices.Contains(p.Choices(), v), at, "“%s” is none of the choices.", v)
		return nil
	}
	switch p.Choose {
	case "minutes", "days":
		n, err := strconv.Atoi(v)
		c.That(err == nil && n > 0 && n <= 366*24*60, at, "Enter a number.")
	case "team":
		return there[team.TeamID](ctx, tx, v, c, at, "There is no such team.", `SELECT 1 FROM team WHERE id = $1`)
	case "person":
		if slices.Contains(somebody, v) {
			return nil
		}
		return there[team.ID](ctx, tx, v, c, at, "Nobody of that name works here.", `SELECT 1 FROM team_person WHERE id = $1 AND state = 'active'`)
	case "inbox":
		return there[inbox.ID](ctx, tx, v, c, at, "There is no such inbox.", `SELECT 1 FROM inbox WHERE id = $1`)
	case "service":
		return there[oncall.ServiceID](ctx, tx, v, c, at, "There is no such service.", `SELECT 1 FROM oncall_service WHERE id = $1`)
	case "slack_channel":
		is, err := someChannel(ctx, tx, v)
		c.That(is, at, "There is no such channel.")
		return err
	case "conversation_field":
		all, err := conversation.Fields(ctx, tx)
		c.That(slices.ContainsFunc(all, func(f conversation.Field) bool { return f.Key == v }), at, "There is no such field.")
		return err
	case "contact_field":
		all, err := contact.Fields(ctx, tx, contact.OfContact)
		c.That(slices.ContainsFunc(all, func(f contact.Field) bool { return f.Key == v }), at, "There is no such field.")
		return err
	}
	return nil
}

func there[I ~int64, P interface {
	*I
	UnmarshalText([]byte) error
}](ctx context.Context, tx *db.Tx, v string, c *problem.Check, at, missing, query string) error {
	which, err := id.Read[I, P](v)
	if err != nil {
		c.That(false, at, missing)
		return nil
	}
	is, err := db.Exists(ctx, tx, query, which)
	c.That(is, at, missing)
	return err
}

// somebody are people who are found when the rule runs.
var somebody = []string{"assignee", "owner", "nobody"}

// person finds who is meant; 0 is nobody.
func (c *Case) person(who string) (team.ID, error) {
	switch who {
	case "", "nobody":
		return 0, nil
	case "assignee":
		talk, err := c.Talk()
		return talk.Assignee, err
	case "owner":
		p, err := c.Customer()
		if err != nil || p.Owner != 0 {
			return p.Owner, err
		}
		o, err := c.Company()
		return o.Owner, err
	}
	p, err := id.Read[team.ID](who)
	if err != nil {
		return 0, problem.New(problem.Invalid, "Nobody of that name works here.")
	}
	return p, nil
}

// mustTalk is the conversation, without which the action has no sense.
func (c *Case) mustTalk() (conversation.Conversation, error) {
	talk, err := c.Talk()
	if err == nil && talk.ID == 0 {
		err = problem.New(problem.NotFound, "It is about no conversation.")
	}
	return talk, err
}

func (c *Case) mustCustomer() (contact.Profile, error) {
	p, err := c.Customer()
	if err == nil && p.ID == 0 {
		err = problem.New(problem.NotFound, "It is about no customer.")
	}
	return p, err
}
