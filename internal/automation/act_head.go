package automation

import (
	"context"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
)

// setHead changes what stands in the head of a conversation; what is not named stays.
var setHead = Action{Key: "set", Params: []Param{{Name: "type", Choices: words(conversation.Types), May: true}, {Name: "priority", Choices: words(conversation.Priorities), May: true},
	{Name: "severity", Choices: words(conversation.Severities), May: true}, {Name: "stage", Choices: words(conversation.Stages), May: true}},
	check: func(_ context.Context, _ *db.Tx, with map[string]string, c *problem.Check, at string) error {
		c.That(len(with) > 0, at+".type", "Choose what is changed.")
		return nil
	},
	do: func(ctx context.Context, c *Case, with map[string]string) error {
		talk, err := c.mustTalk()
		if err != nil {
			return err
		}
		var ch conversation.Change
		named := func(name string) *string {
			if v, ok := with[name]; ok {
				return &v
			}
			return nil
		}
		ch.Type, ch.Priority, ch.Severity = named("type"), named("priority"), named("severity")
		if v := named("stage"); v != nil {
			ch.Stage = (*conversation.Stage)(v)
		}
		return conversation.Update(ctx, c.tx, talk.ID, ch)
	}}
