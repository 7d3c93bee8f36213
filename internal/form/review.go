package form

import (
	"context"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Accept makes a conversation of what was held. No confirmation goes out: the team's answer is one.
func (f *Forms) Accept(ctx context.Context, tx *db.Tx, id SubmissionID) (Submission, error) {
	s, err := decide(ctx, tx, id, IsReceived)
	if err != nil {
		return s, err
	}
	sys := team.AsSystem(ctx)
	form, err := load(sys, tx, s.Form)
	if err != nil {
		return s, err
	}
	d, err := version(sys, tx, s.Form, s.Version)
	if err != nil {
		return s, err
	}
	files, err := filesOf(sys, tx, id)
	if err != nil {
		return s, err
	}
	if err := f.place(sys, tx, form, d, &s, files); err != nil {
		return s, err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM form_file WHERE submission_id = $1`, id); err != nil { // they are the conversation's now
		return s, err
	}
	return s, event.Record(ctx, tx, Accepted{id, s.Conversation})
}

// Discard forgets what was held. The row stays: sent again from the same page, it is still known.
func Discard(ctx context.Context, tx *db.Tx, id SubmissionID) (Submission, error) {
	s, err := decide(ctx, tx, id, IsDiscarded)
	if err != nil {
		return s, err
	}
	if _, err := tx.Exec(ctx, `UPDATE form_submission SET name = '', email = '', phone = '', answers = '' WHERE id = $1`, id); err != nil {
		return s, err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM form_file WHERE submission_id = $1`, id); err != nil {
		return s, err
	}
	return s, event.Record(ctx, tx, Discarded{id})
}

func decide(ctx context.Context, tx *db.Tx, id SubmissionID, to Stand) (Submission, error) {
	if err := team.Allow(ctx, team.Quarantine); err != nil {
		return Submission{}, err
	}
	s, err := submission(ctx, tx, id)
	if err != nil {
		return s, err
	}
	n, err := tx.Exec(ctx, `UPDATE form_submission SET state = $2 WHERE id = $1 AND state = 'held'`, id, to)
	if err == nil && n == 0 {
		err = problem.New(problem.Conflict, "Somebody has looked at this already.")
	}
	return s, err
}
