package automation

import (
	"context"
	"strconv"
	"time"

	"baraji/internal/conversation"
)

var status = Action{Key: "status", Params: []Param{{Name: "to", Choices: words([]conversation.Status{conversation.Open, conversation.Pending, conversation.Solved})}},
	do: func(ctx context.Context, c *Case, with map[string]string) error {
		talk, err := c.mustTalk()
		if err != nil || string(talk.Status) == with["to"] {
			return err
		}
		return conversation.SetStatus(ctx, c.tx, talk.ID, conversation.Status(with["to"]))
	}}

var snooze = Action{Key: "snooze", Params: []Param{{Name: "minutes", Choose: "minutes"}},
	do: func(ctx context.Context, c *Case, with map[string]string) error {
		talk, err := c.mustTalk()
		if err != nil {
			return err
		}
		n, err := strconv.Atoi(with["minutes"])
		if err != nil {
			return err
		}
		return conversation.Snooze(ctx, c.tx, talk.ID, c.now().Add(time.Duration(n)*time.Minute))
	}}
