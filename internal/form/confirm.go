package form

import (
	"context"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/job"
	"baraji/internal/team"
)

// How many confirmations go to one address. It was only typed in: whoever it belongs to may never have heard of us.
const (
	confirmedDay   = 1
	confirmedMonth = 3
	month          = 30 * 24 * time.Hour
)

// confirm is the job that mails a confirmation.
type confirm struct {
	Submission SubmissionID `json:"submission"`
}

// JobKind names the job.
func (confirm) JobKind() string { return "form.confirm" }

// promise makes sure that a confirmation goes to the address that was typed in, if none went there of late.
func (f *Forms) promise(ctx context.Context, tx *db.Tx, s Submission) error {
	if s.Email == "" {
		return nil
	}
	address := f.keys.Tag("form.confirmed", s.Email)
	var day, all int
	err := db.Each(ctx, tx, func(r db.Row) error { return r.Scan(&day, &all) },
		`SELECT COALESCE(SUM(CASE WHEN at > $2 THEN 1 ELSE 0 END), 0), COUNT(*) FROM form_confirmed WHERE address = $1 AND at > $3`,
		address, tx.Now().Add(-24*time.Hour), tx.Now().Add(-month))
	if err != nil || day >= confirmedDay || all >= confirmedMonth {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO form_confirmed (address, at) VALUES ($1, $2)`, address, tx.Now()); err != nil {
		return err
	}
	return job.Add(ctx, tx, confirm{s.ID}, job.Options{})
}

// confirm mails it: fixed words and the firm's name, nothing of what was sent, no link. When the attempt fails it is
// left: a second one might be a second mail.
func (f *Forms) confirm(ctx context.Context, d *db.DB, run *job.Run, j confirm) error {
	var s Submission
	var firm team.Firm
	err := d.Write(ctx, func(tx *db.Tx) (err error) {
		if err = run.Finish(ctx, tx); err != nil {
			return err
		}
		if s, err = submission(ctx, tx, j.Submission); err != nil {
			return err
		}
		firm, err = team.GetFirm(ctx, tx)
		return err
	})
	if err != nil || s.Email == "" { // erased since
		return err
	}
	ctx = i18n.With(ctx, i18n.Reader{Locale: s.Language, Now: s.At})
	_ = f.notify(ctx, s.Email, "", i18n.T(ctx, "form.confirm_subject", "firm", firm.Name), i18n.T(ctx, "form.confirm_text", "firm", firm.Name))
	return nil
}

// forget drops what has had its time: what was held and nobody looked at for long, and counts that nothing asks for.
func forget(ctx context.Context, tx *db.Tx) error {
	if _, err := tx.Exec(ctx, `DELETE FROM form_confirmed WHERE at < $1`, tx.Now().Add(-month)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM form_submission WHERE state <> 'received' AND at < $1`, tx.Now().Add(-3*month))
	return err
}
