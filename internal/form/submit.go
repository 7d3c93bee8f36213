package form

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Sent is what a browser sent.
type Sent struct {
	Stamp    string
	Language i18n.Locale
	Answers  Answers
	Files    []File // already in the blob store
	From     string // the address of the network
	Trap     string // what stood in the field that people do not see
}

// Taken is what became of it. Again says that it was there already.
type Taken struct {
	Submission SubmissionID
	Again      bool
}

// Submit takes in what a customer sends. Nobody has to be signed in, and whoever sends learns nothing of anybody.
func (f *Forms) Submit(ctx context.Context, tx *db.Tx, id ID, in Sent) (Taken, error) {
	ctx = team.AsSystem(ctx)
	form, err := load(ctx, tx, id)
	if err != nil {
		return Taken{}, err
	}
	if form.State != Live {
		return Taken{}, problem.New(problem.Conflict, "This form is closed.")
	}
	stamp, err := f.Unstamp(id, in.Stamp, tx.Now())
	if err != nil {
		return Taken{}, err
	}
	d, err := version(ctx, tx, id, stamp.Version)
	if err != nil {
		return Taken{}, err
	}
	answers, files, err := d.Read(in.Answers, in.Files)
	if err != nil {
		return Taken{}, err
	}
	s := made(d, answers)
	s.Form, s.Version, s.Language, s.network = id, stamp.Version, in.Language, f.network(in.From)
	return f.take(ctx, tx, form, d, s, files, stamp, in.Trap)
}

// made is a submission with what stands in its answers.
func made(d Definition, a Answers) (s Submission) {
	s.Answers = a
	for _, q := range d.Fields {
		v := a.One(q.Key)
		switch {
		case v == "":
		case q.Kind == Email && s.Email == "":
			s.Email, _ = contact.NormalEmail(v)
		case q.Kind == Phone && s.Phone == "":
			s.Phone, _ = contact.NormalPhone(v)
		case q.As == AsName && s.Name == "":
			s.Name = short(v, 100)
		}
	}
	return s
}

// take stores it, exactly once, and makes a conversation of it if nothing speaks against that.
func (f *Forms) take(ctx context.Context, tx *db.Tx, form Form, d Definition, s Submission, files []File, stamp Stamp, trap string) (Taken, error) {
	had, err := db.All(ctx, tx, func(r db.Row) (id SubmissionID, err error) { return id, r.Scan(&id) }, `SELECT id FROM form_submission WHERE nonce = $1`, stamp.id())
	if err != nil || len(had) > 0 {
		return Taken{Submission: append(had, 0)[0], Again: true}, err
	}
	if err := admit(ctx, tx, s.network); err != nil {
		return Taken{}, err
	}
	if s.Reason, err = suspect(ctx, tx, s, stamp.Shown, trap); err != nil {
		return Taken{}, err
	}
	s.ID, s.State, s.At = SubmissionID(tx.NewID()), IsReceived, tx.Now()
	if s.Reason != "" {
		s.State = IsHeld
	}
	if err := s.store(ctx, tx, stamp.id()); err != nil {
		return Taken{}, err
	}
	if s.State == IsHeld {
		if err := s.storeFiles(ctx, tx, files); err != nil {
			return Taken{}, err
		}
		return Taken{Submission: s.ID}, event.Record(ctx, tx, Held{s.ID, s.Form, s.Reason})
	}
	if err := f.place(ctx, tx, form, d, &s, files); err != nil {
		return Taken{}, fmt.Errorf("make a conversation of %s: %w", s.ID, err)
	}
	if d.Confirm {
		if err := f.promise(ctx, tx, s); err != nil {
			return Taken{}, err
		}
	}
	return Taken{Submission: s.ID}, event.Record(ctx, tx, Submitted{s.ID, s.Form, s.Conversation})
}

func (s Submission) store(ctx context.Context, tx *db.Tx, nonce string) error {
	text, err := json.Marshal(s.Answers)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO form_submission (id, form_id, version, nonce, state, reason, language, name, email, phone, answers, network, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		s.ID, s.Form, s.Version, nonce, s.State, s.Reason, s.Language, s.Name, s.Email, s.Phone, strings.ReplaceAll(string(text), `\u0000`, ""), s.network, s.At)
	return err
}

func (s Submission) storeFiles(ctx context.Context, tx *db.Tx, files []File) error {
	for _, x := range files {
		if _, err := tx.Exec(ctx, `INSERT INTO form_file (id, submission_id, field, name, type, size, blob) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			tx.NewID(), s.ID, x.Field, x.Name, x.Type, x.Size, x.Blob); err != nil {
			return err
		}
	}
	return nil
}
