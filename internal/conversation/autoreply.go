package conversation

import (
	"context"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/team"
)

// AutoReply notes what the program itself says to a customer. It does not end
// his wait: nobody has answered him yet. The caller delivers it.
func AutoReply(ctx context.Context, tx *db.Tx, id ID, text string) (Message, error) {
	if err := team.Allow(ctx, team.Reply); err != nil {
		return Message{}, err
	}
	c, err := Survivor(ctx, tx, id)
	if err != nil {
		return Message{}, err
	}
	m := Message{Conversation: c.ID, Kind: FromSystem, Text: text, Auto: true, Delivery: Queued}
	if err := insert(ctx, tx, &m); err != nil {
		return m, err
	}
	_, err = tx.Exec(ctx, `UPDATE conversation SET messages = messages + 1, updated_at = $2 WHERE id = $1`, c.ID, tx.Now())
	if err != nil {
		return m, err
	}
	return m, event.Record(ctx, tx, AutoReplied{c.ID, m.ID})
}

// AutoReplied says that the program itself answered.
type AutoReplied struct {
	ID      ID        `json:"id"`
	Message MessageID `json:"message"`
}

// EventKind names the fact.
func (AutoReplied) EventKind() string { return "conversation.auto_replied" }

// Subject is the conversation.
func (f AutoReplied) Subject() string { return f.ID.String() }
