package form

import (
	"cmp"
	"context"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
)

// OnReplied sends an answer by mail: whoever sent a form has gone since.
func (f *Forms) OnReplied(ctx context.Context, tx *db.Tx, fact conversation.Replied) error {
	c, err := conversation.Get(ctx, tx, fact.ID)
	if problem.KindOf(err) == problem.NotFound && err != nil { // deleted in the meantime
		return nil
	}
	if err != nil || cmp.Or(fact.Channel, c.Channel) != Channel {
		return err
	}
	return f.mail(ctx, tx, fact.Message)
}

// OnDeleted forgets what was typed when the conversation that it became is deleted. The row stays: it counts, and what is
// sent again from the same page is still known.
func OnDeleted(ctx context.Context, tx *db.Tx, fact conversation.Deleted) error {
	_, err := tx.Exec(ctx, `UPDATE form_submission SET name = '', email = '', phone = '', answers = '' WHERE conversation_id = $1`, fact.ID)
	return err
}
