package portal

import (
	"context"
	"errors"
	"time"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/secret"
	"baraji/internal/team"
)

// Session is one browser of a customer.
type Session struct {
	ID        SessionID
	Address   string
	Language  i18n.Locale
	Browser   string // what it calls itself
	CreatedAt time.Time
	LastAt    time.Time
}

const sessionColumns = `id, address, language, browser, created_at, last_at`

func scanSession(r db.Row) (s Session, err error) {
	return s, r.Scan(&s.ID, &s.Address, &s.Language, &s.Browser, db.Time(&s.CreatedAt), db.Time(&s.LastAt))
}

// Guest is a customer who is in.
type Guest struct {
	Session
	Contact contact.Contact
	Shares  bool // he sees the conversations of his company
	Stale   bool // nobody has noted for a while that the session is used
}

// Who is the customer behind a session's token.
func Who(ctx context.Context, tx *db.Tx, token string) (g Guest, err error) {
	if token == "" {
		return g, ErrStranger
	}
	g.Session, err = db.One(ctx, tx, scanSession, `SELECT `+sessionColumns+` FROM portal_session WHERE token_hash = $1 AND last_at > $2`, secret.Hash(token), tx.Now().Add(-idle))
	if errors.Is(err, db.ErrNoRow) {
		return g, ErrStranger
	}
	if err != nil {
		return g, err
	}
	known := false
	if g.Contact, known, err = contact.Find(ctx, tx, contact.Sender{Email: g.Address}); err != nil {
		return g, err
	}
	if !known {
		return g, ErrStranger
	}
	g.Stale = tx.Now().Sub(g.LastAt) > seenEvery
	if g.Contact.Company != 0 {
		g.Shares, err = SharesCompany(ctx, tx, g.Contact.Company)
	}
	return g, err
}

// Seen notes that a session is used.
func Seen(ctx context.Context, tx *db.Tx, id SessionID) error {
	_, err := tx.Exec(ctx, `UPDATE portal_session SET last_at = $2 WHERE id = $1`, id, tx.Now())
	return err
}

// Speak sets in which language a guest reads.
func Speak(ctx context.Context, tx *db.Tx, g Guest, l i18n.Locale) error {
	_, err := tx.Exec(ctx, `UPDATE portal_session SET language = $2 WHERE id = $1`, g.ID, l)
	return err
}

// Sessions are those of the guest's address, the last used first.
func Sessions(ctx context.Context, tx *db.Tx, g Guest) ([]Session, error) {
	return db.All(ctx, tx, scanSession, `SELECT `+sessionColumns+` FROM portal_session WHERE address = $1 ORDER BY last_at DESC, id DESC`, g.Address)
}

// End ends one of the guest's sessions.
func End(ctx context.Context, tx *db.Tx, g Guest, id SessionID) error {
	n, err := tx.Exec(ctx, `DELETE FROM portal_session WHERE id = $1 AND address = $2`, id, g.Address)
	if err != nil || n == 0 {
		return err
	}
	return event.Record(team.AsSystem(ctx), tx, Ended{id})
}

// EndOthers ends every session of the guest's address but his own, and makes the links worthless that are still under way.
func EndOthers(ctx context.Context, tx *db.Tx, g Guest) error {
	gone, err := db.All(ctx, tx, func(r db.Row) (id SessionID, err error) { return id, r.Scan(&id) },
		`DELETE FROM portal_session WHERE address = $1 AND id <> $2 RETURNING id`, g.Address, g.ID)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM portal_link WHERE address = $1`, g.Address); err != nil {
		return err
	}
	for _, id := range gone {
		if err := event.Record(team.AsSystem(ctx), tx, Ended{id}); err != nil {
			return err
		}
	}
	return nil
}
