package automation

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"baraji/internal/team"
)

var hole = regexp.MustCompile(`\{[a-z]+(\.[a-z_][a-z0-9_]*)+\}`)

// Placeholders lists what can stand in a text, in braces. What is not known is left out; nothing else is ever made of a text: there are
// no conditions, loops or calls in it. Beside these each of [Fields] can stand there, by its key, and the ids conversation.id, customer.id and event.id.
var Placeholders = []string{"customer.name", "customer.company", "conversation.number", "conversation.subject", "agent.name", "firm.name"}

// Fill puts what is known into the placeholders of a text.
func (c *Case) Fill(text string) (string, error) { return c.fill(text) }

// fill puts what is known into the placeholders of a text. What it puts in is not looked through again.
func (c *Case) fill(text string) (string, error) {
	var failed error
	out := hole.ReplaceAllStringFunc(text, func(s string) string {
		v, err := c.placeholder(strings.Trim(s, "{}"))
		if err != nil {
			failed = err
		}
		return v
	})
	return out, failed
}

func (c *Case) placeholder(name string) (string, error) {
	switch name {
	case "customer.name":
		p, err := c.Customer()
		return p.Name, err
	case "customer.company":
		p, err := c.Customer()
		return p.CompanyName, err
	case "conversation.number":
		t, err := c.Talk()
		if t.ID == 0 {
			return "", err
		}
		return strconv.FormatInt(t.Number, 10), err
	case "conversation.subject":
		t, err := c.Talk()
		return t.Subject, err
	case "agent.name": // who writes, else whose it is
		who := team.From(c.ctx).Person
		if who == 0 {
			t, err := c.Talk()
			if err != nil || t.Assignee == 0 {
				return "", err
			}
			who = t.Assignee
		}
		p, err := team.Get(c.ctx, c.tx, who)
		return p.Name, err
	case "firm.name":
		f, err := team.GetFirm(c.ctx, c.tx)
		return f.Name, err
	case "conversation.id":
		t, err := c.Talk()
		return t.ID.String(), err
	case "customer.id":
		p, err := c.Customer()
		return p.ID.String(), err
	case "event.id":
		return c.event.ID.String(), nil
	}
	return c.looked(name)
}

// looked is what a condition would look at, as text.
func (c *Case) looked(key string) (string, error) {
	f, own := FieldOf(key)
	if f.Key == "" {
		return "", nil
	}
	v, err := f.read(c, own)
	switch f.Kind {
	case Number:
		return strconv.FormatFloat(v.Number, 'f', -1, 64), err
	case Flag:
		return strconv.FormatBool(v.Yes), err
	case Moment:
		if v.At.IsZero() {
			return "", err
		}
		return v.At.UTC().Format(time.RFC3339), err
	}
	return strings.Join(v.Texts, ", "), err
}
