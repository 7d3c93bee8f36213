package automation

import (
	"context"

	"baraji/internal/conversation"
)

var note = Action{Key: "note", Params: []Param{{Name: "text", Choose: "text"}},
	do: func(ctx context.Context, c *Case, with map[string]string) error {
		talk, err := c.mustTalk()
		if err != nil {
			return err
		}
		text, err := c.fill(with["text"])
		if err != nil {
			return err
		}
		_, err = conversation.AddNote(ctx, c.tx, talk.ID, conversation.Remark{Text: text})
		return err
	}}
