package conversation

import (
	"context"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
)

// SetDelivery notes how far an answer has come; for the channel that sends it.
// why is for the agent, in English: a server's own words.
func SetDelivery(ctx context.Context, tx *db.Tx, id MessageID, state Delivery, attempts int, why string) error {
	type was struct {
		conversation ID
		state        Delivery
	}
	w, err := db.One(ctx, tx, func(r db.Row) (w was, err error) { return w, r.Scan(&w.conversation, &w.state) },
		`SELECT conversation_id, delivery FROM conversation_message WHERE id = $1`, id)
	if err == db.ErrNoRow {
		return nil // the conversation was deleted or the person erased in the meantime
	}
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE conversation_message SET delivery = $2, attempts = $3, trouble = $4 WHERE id = $1`, id, state, attempts, why); err != nil {
		return err
	}
	if w.state == state || state == Sending {
		return nil
	}
	return event.Record(ctx, tx, DeliverySet{w.conversation, id, state})
}
