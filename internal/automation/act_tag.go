package automation

import (
	"context"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
)

var tagOn = Action{Key: "tag", Params: []Param{{Name: "tag", Choose: "tag"}}, do: tagging(conversation.Tag)}

var tagOff = Action{Key: "untag", Params: []Param{{Name: "tag", Choose: "tag"}}, do: tagging(conversation.Untag)}

func tagging(how func(context.Context, *db.Tx, conversation.ID, string) error) func(context.Context, *Case, map[string]string) error {
	return func(ctx context.Context, c *Case, with map[string]string) error {
		talk, err := c.mustTalk()
		if err != nil {
			return err
		}
		return how(ctx, c.tx, talk.ID, with["tag"])
	}
}

var tagCustomer = Action{Key: "tag_customer", Params: []Param{{Name: "tag"}}, do: func(ctx context.Context, c *Case, with map[string]string) error {
	p, err := c.mustCustomer()
	if err != nil {
		return err
	}
	return contact.Tag(ctx, c.tx, p.ID, []string{with["tag"]}, nil)
}}

var untagCustomer = Action{Key: "untag_customer", Params: []Param{{Name: "tag"}}, do: func(ctx context.Context, c *Case, with map[string]string) error {
	p, err := c.mustCustomer()
	if err != nil {
		return err
	}
	return contact.Tag(ctx, c.tx, p.ID, nil, []string{with["tag"]})
}}
