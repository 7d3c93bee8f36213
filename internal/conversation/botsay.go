package conversation

import (
	"context"
	"fmt"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/team"
)

// BotSay notes what the assistant says to a customer, and what he may press. It is no first reply, gives the talk to nobody, and does not end the wait for a
// person. Whatever delivers it reacts to BotSaid.
func BotSay(ctx context.Context, tx *db.Tx, id ID, name, text string, may ...Button) (Message, error) {
	if err := team.Allow(ctx, team.Reply); err != nil {
		return Message{}, err
	}
	c, err := Survivor(ctx, tx, id)
	if err != nil {
		return Message{}, err
	}
	m := Message{Conversation: c.ID, Kind: FromBot, FromName: name, Text: text, Auto: true, Delivery: Queued, Buttons: may}
	if err := insert(ctx, tx, &m); err != nil {
		return m, fmt.Errorf("let the assistant say something in %s: %w", c.ID, err)
	}
	_, err = tx.Exec(ctx, `UPDATE conversation SET messages = messages + 1, last_at = $2, updated_at = $2 WHERE id = $1`, c.ID, tx.Now())
	if err != nil {
		return m, err
	}
	return m, event.Record(ctx, tx, BotSaid{c.ID, m.ID})
}

// BotSaid says that the assistant said something.
type BotSaid struct {
	ID      ID        `json:"id"`
	Message MessageID `json:"message"`
}

// EventKind names the fact.
func (BotSaid) EventKind() string { return "conversation.bot_said" }

// Subject is the conversation.
func (f BotSaid) Subject() string { return f.ID.String() }
