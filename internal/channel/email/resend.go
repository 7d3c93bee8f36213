package email

import (
	"context"
	"errors"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Resend sends an answer again that failed or is unconfirmed, because a person
// says so: with the same Message-ID, so that a program that has it already can
// tell, and only to those who have not confirmed it.
func (m *Mail) Resend(ctx context.Context, tx *db.Tx, id conversation.MessageID) error {
	if err := team.Allow(ctx, team.Reply); err != nil {
		return err
	}
	if _, err := conversation.GetMessage(ctx, tx, id); err != nil {
		return err
	}
	o, err := db.One(ctx, tx, scanOut, `UPDATE email_out SET state = 'queued', phase = '', since = $2, updated_at = $2 WHERE message_id = $1
		AND state IN ('failed', 'unconfirmed') RETURNING `+outColumns, id, tx.Now())
	if errors.Is(err, db.ErrNoRow) {
		return problem.New(problem.Conflict, "This answer is not waiting to be sent again.")
	}
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE email_out_recipient SET state = 'waiting', code = 0, answer = '' WHERE out_id = $1 AND state IN ('failed', 'unconfirmed')`, o.id); err != nil {
		return err
	}
	if err := conversation.SetDelivery(ctx, tx, id, conversation.Queued, o.attempts, ""); err != nil {
		return err
	}
	return job.Add(ctx, tx, send{o.id}, job.Options{Lane: m.lane(o)})
}
