package app_test

import (
	"context"

	"baraji/internal/form"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
)

// paper adds a form that is live, and something that was sent with it and is held.
func (w *walk) paper(out things) {
	w.t.Helper()
	w.Must(func(tx *db.Tx) error {
		ctx := w.System()
		both := func(s string) form.Text { return form.Text{i18n.English: s, i18n.Korean: s} }
		f, err := form.Create(ctx, tx, form.Form{Name: "Form " + out["n"], Slug: "form-" + out["n"], Inbox: w.Inbox.ID, Definition: form.Definition{Title: both("Form"),
			Fields: []form.Field{{Key: "email", Kind: form.Email, Label: both("Mail"), Required: true}}}})
		if err != nil {
			return err
		}
		if err := form.SetState(ctx, tx, f.ID, form.Live); err != nil {
			return err
		}
		got, err := w.sendForm(ctx, tx, f)
		out["form"], out["submission"] = f.ID.String(), got.Submission.String()
		return err
	})
}

func (w *walk) sendForm(ctx context.Context, tx *db.Tx, f form.Form) (form.Taken, error) {
	return w.Forms.Submit(ctx, tx, f.ID, form.Sent{Stamp: w.Forms.Stamp(f.ID, 1, tx.Now()), Language: i18n.English, From: f.Slug, Trap: "full",
		Answers: form.Answers{"email": {"someone@elsewhere.example"}}})
}
