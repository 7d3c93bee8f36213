package form

import (
	"context"
	"time"

	"baraji/internal/consent"
	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/team"
)

// ConsentID is the id of something that a customer agreed to.
type ConsentID = id.Of[consentKind]

type consentKind struct{}

func (consentKind) Prefix() string { return "cns" }

// Agreed is what a customer agreed to, in the words that he read.
type Agreed struct {
	ID       ConsentID
	Form     ID
	Version  int
	Field    string
	Language i18n.Locale
	Wording  string
	At       time.Time
}

// agreed writes down what was agreed to.
func (d Definition) agreed(ctx context.Context, tx *db.Tx, s Submission) error {
	for _, f := range d.Asked(s.Answers) {
		if f.Kind != Consent || s.Answers.One(f.Key) == "" {
			continue
		}
		if _, err := tx.Exec(ctx, `INSERT INTO form_consent (id, contact_id, submission_id, form_id, version, field, language, wording, at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			tx.NewID(), s.Contact, s.ID, s.Form, s.Version, f.Key, s.Language, f.Label.In(s.Language), s.At); err != nil {
			return err
		}
		if err := s.advertises(ctx, tx, f); err != nil {
			return err
		}
	}
	return nil
}

// advertises notes that news and offers may go to the address that was typed in. It was not proven: so a receipt goes there, by which it can be taken back.
func (s Submission) advertises(ctx context.Context, tx *db.Tx, f Field) error {
	if f.As != AsAdvertising || s.Email == "" {
		return nil
	}
	return consent.Give(ctx, tx, consent.Given{Who: s.Contact, Address: s.Email, Purpose: consent.Advertising, How: consent.ByForm, Wording: f.Label.In(s.Language), Proof: s.ID.String()})
}

// Consents is what a customer agreed to, the newest first.
func Consents(ctx context.Context, tx *db.Tx, of contact.ID) ([]Agreed, error) {
	if err := team.Allow(ctx, team.ReadContacts); err != nil {
		return nil, err
	}
	return consents(ctx, tx, of, tx.Now().Add(time.Millisecond), 200)
}

func consents(ctx context.Context, tx *db.Tx, of contact.ID, before time.Time, limit int) ([]Agreed, error) {
	return db.All(ctx, tx, func(r db.Row) (a Agreed, err error) {
		return a, r.Scan(&a.ID, &a.Form, &a.Version, &a.Field, &a.Language, &a.Wording, db.Time(&a.At))
	}, `SELECT id, form_id, version, field, language, wording, at FROM form_consent WHERE contact_id = $1 AND at < $2 ORDER BY at DESC, id DESC`+db.Limit(limit), of, before)
}
