package automation

import (
	"context"
	"fmt"
	"slices"

	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
)

// Act is one thing that a rule does.
type Act struct {
	Do   string            `json:"do"` // the key of an action
	With map[string]string `json:"with,omitempty"`
}

// Param is something an action must or can be told. Its word on the page is "rules.param_" + its name.
type Param struct {
	Name    string
	Choose  string          // as of a field: "team", "person", "tag", "service", "slack_channel", "conversation_field", "contact_field"; "text" is several lines, "minutes" and "days" numbers
	Choices func() []string // one of these
	May     bool            // may be left out
}

// Action is a sort of thing that a rule can do: what a person can do on a page. Its word is "rules.do_" + its key.
type Action struct {
	Key    string
	Params []Param
	check  func(ctx context.Context, tx *db.Tx, with map[string]string, c *problem.Check, at string) error // beside the params; nil: nothing more
	do     func(ctx context.Context, c *Case, with map[string]string) error
}

// Actions lists them, in the order of the page.
var Actions = []Action{
	reply, write, note, assign, setTeam, status, snooze, setHead, tagOn, tagOff, setField,
	follow, tell, chat, page, owe, tagCustomer, untagCustomer, setCustomerField, setCustomerStage, ask,
}

// ActionOf finds one by its key.
func ActionOf(key string) (Action, bool) {
	i := slices.IndexFunc(Actions, func(a Action) bool { return a.Key == key })
	if i < 0 {
		return Action{}, false
	}
	return Actions[i], true
}

// check tidies an act and finds what is wrong.
func (a *Act) check(ctx context.Context, tx *db.Tx, c *problem.Check, at string) error {
	how, ok := ActionOf(a.Do)
	c.That(ok, at+".do", "There is no action “%s”.", a.Do)
	if !ok {
		return nil
	}
	with := map[string]string{}
	for _, p := range how.Params {
		v := a.With[p.Name]
		c.That(v != "" || p.May, at+"."+p.Name, "This is needed.")
		c.That(len([]rune(v)) <= longestText, at+"."+p.Name, "At most %d characters.", longestText)
		if v == "" {
			continue
		}
		with[p.Name] = v
		if err := p.check(ctx, tx, v, c, at+"."+p.Name); err != nil {
			return err
		}
	}
	for name := range a.With {
		c.That(slices.ContainsFunc(how.Params, func(p Param) bool { return p.Name == name }), at+"."+name, "“%s” is nothing that this action can be told.", name)
	}
	a.With = with
	if how.check == nil {
		return nil
	}
	return how.check(ctx, tx, with, c, at)
}

// perform does it. What it returns as an error undoes the whole run.
func (a Act) perform(ctx context.Context, c *Case) error {
	how, ok := ActionOf(a.Do)
	if !ok {
		return problem.New(problem.Invalid, "There is no action “%s”.", a.Do)
	}
	if err := how.do(ctx, c, a.With); err != nil {
		return fmt.Errorf("%s: %w", a.Do, err)
	}
	c.again()
	return nil
}
