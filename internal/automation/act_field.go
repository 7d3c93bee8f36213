package automation

import (
	"context"

	"baraji/internal/contact"
	"baraji/internal/conversation"
)

var setField = Action{Key: "field", Params: []Param{{Name: "field", Choose: "conversation_field"}, {Name: "value", May: true}},
	do: func(ctx context.Context, c *Case, with map[string]string) error {
		talk, err := c.mustTalk()
		if err != nil {
			return err
		}
		return conversation.SetValues(ctx, c.tx, talk.ID, map[string]string{with["field"]: with["value"]})
	}}

var setCustomerField = Action{Key: "customer_field", Params: []Param{{Name: "field", Choose: "contact_field"}, {Name: "value", May: true}},
	do: func(ctx context.Context, c *Case, with map[string]string) error {
		p, err := c.mustCustomer()
		if err != nil {
			return err
		}
		return contact.SetValues(ctx, c.tx, p.ID, map[string]string{with["field"]: with["value"]})
	}}

var setCustomerStage = Action{Key: "customer_stage", Params: []Param{{Name: "stage", Choices: words(contact.Stages)}},
	do: func(ctx context.Context, c *Case, with map[string]string) error {
		p, err := c.mustCustomer()
		if err != nil || string(p.Stage) == with["stage"] {
			return err
		}
		_, err = contact.Update(ctx, c.tx, p.ID, func(who *contact.Contact) error {
			who.Stage = contact.Stage(with["stage"])
			return nil
		})
		return err
	}}
