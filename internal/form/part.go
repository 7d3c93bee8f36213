package form

import (
	"context"
	"encoding/json"
	"time"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
)

// Part is what forms know of people, for merging, exporting and erasing them.
func Part() contact.Part {
	return contact.Part{Name: "form", Move: moveTo, Back: moveBack, Export: export, Erase: erase, Line: line}
}

// moved is what a merge took along.
type moved struct {
	Submissions []SubmissionID `json:"submissions"`
	Consents    []ConsentID    `json:"consents"`
}

func moveTo(ctx context.Context, tx *db.Tx, lose, keep contact.ID) (json.RawMessage, error) {
	var m moved
	var err error
	if m.Submissions, err = db.Repoint[SubmissionID](ctx, tx, "form_submission", "contact_id", lose, keep); err != nil {
		return nil, err
	}
	if m.Consents, err = db.Repoint[ConsentID](ctx, tx, "form_consent", "contact_id", lose, keep); err != nil {
		return nil, err
	}
	return json.Marshal(m)
}

func moveBack(ctx context.Context, tx *db.Tx, lose, keep contact.ID, memo json.RawMessage) error {
	var m moved
	if err := json.Unmarshal(memo, &m); err != nil {
		return err
	}
	if err := db.PointBack(ctx, tx, "form_submission", "contact_id", lose, keep, m.Submissions); err != nil {
		return err
	}
	return db.PointBack(ctx, tx, "form_consent", "contact_id", lose, keep, m.Consents)
}

// exported is what he sent, and what he agreed to.
type exported struct {
	Sent     []sent      `json:"sent"`
	Consents []agreement `json:"consents"`
}

type sent struct {
	Form    string  `json:"form"`
	Version int     `json:"version"`
	Answers Answers `json:"answers"`
	At      string  `json:"at"`
}

type agreement struct {
	Form    string `json:"form"`
	Wording string `json:"wording"`
	At      string `json:"at"`
}

const exportTime = "2006-01-02T15:04:05.000Z"

func export(ctx context.Context, tx *db.Tx, id contact.ID) (any, error) {
	out := exported{[]sent{}, []agreement{}}
	list, err := db.All(ctx, tx, scanSubmission, `SELECT `+submissionColumns+` FROM form_submission s WHERE s.contact_id = $1 ORDER BY s.id`, id)
	if err != nil {
		return nil, err
	}
	for _, s := range list {
		out.Sent = append(out.Sent, sent{s.Form.String(), s.Version, s.Answers, s.At.Format(exportTime)})
	}
	agreed, err := consents(ctx, tx, id, tx.Now().Add(time.Millisecond), 10_000)
	for _, a := range agreed {
		out.Consents = append(out.Consents, agreement{a.Form.String(), a.Wording, a.At.Format(exportTime)})
	}
	return out, err
}

// erase takes away what he sent, and what was held and names an address of his.
func erase(ctx context.Context, tx *db.Tx, id contact.ID, addresses []contact.Address) error {
	if _, err := tx.Exec(ctx, `DELETE FROM form_consent WHERE contact_id = $1`, id); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM form_submission WHERE contact_id = $1`, id); err != nil {
		return err
	}
	for _, a := range addresses {
		column := map[contact.Kind]string{contact.Email: "email", contact.Phone: "phone"}[a.Kind]
		if column == "" {
			continue
		}
		if _, err := tx.Exec(ctx, `DELETE FROM form_submission WHERE contact_id = 0 AND `+column+` = $1`, a.Value); err != nil {
			return err
		}
	}
	return nil
}

// line shows what he agreed to.
func line(ctx context.Context, tx *db.Tx, id contact.ID, before time.Time, limit int) ([]contact.Entry, error) {
	list, err := consents(ctx, tx, id, before, limit)
	entries := make([]contact.Entry, len(list))
	for i, a := range list {
		entries[i] = contact.Entry{At: a.At, Kind: "form.consent", Title: a.Wording, Ref: a.ID.String(), Icon: "circle-check"}
	}
	return entries, err
}
