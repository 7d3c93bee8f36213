package chat

import (
	"context"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
)

// OnBotSaid shows the visitor what the assistant says. It does not go on by mail: who has left is answered by people.
func (c *Chat) OnBotSaid(ctx context.Context, tx *db.Tx, f conversation.BotSaid) error {
	return c.put(ctx, tx, f.ID, f.Message)
}
