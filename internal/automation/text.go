package automation

import (
	"regexp"
	"strconv"
	"strings"

	"baraji/internal/team"
)

var hole = regexp.MustCompile(`\{[a-z]+(\.[a-z_]+)+\}`)

// Placeholders lists what can stand in a text, in braces. What is not known is left out; nothing else is ever made of a text: there are
// no conditions, loops or calls in it.
var Placeholders = []string{"customer.name", "customer.company", "conversation.number", "conversation.subject", "agent.name", "firm.name"}

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
	case "agent.name":
		t, err := c.Talk()
		if err != nil || t.Assignee == 0 {
			return "", err
		}
		p, err := team.Get(c.ctx, c.tx, t.Assignee)
		return p.Name, err
	case "firm.name":
		f, err := team.GetFirm(c.ctx, c.tx)
		return f.Name, err
	}
	return "", nil
}
