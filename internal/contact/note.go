package contact

import (
	"context"
	"errors"
	"fmt"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Note is what somebody wrote down about a person.
type Note struct {
	ID        NoteID
	Contact   ID
	Author    team.ID // 0: a program
	Text      string
	Pinned    bool
	CreatedAt time.Time
	UpdatedAt time.Time
}

const noteColumns = `id, contact_id, author_id, text, pinned, created_at, updated_at`

func scanNote(r db.Row) (n Note, err error) {
	return n, r.Scan(&n.ID, &n.Contact, &n.Author, &n.Text, &n.Pinned, db.Time(&n.CreatedAt), db.Time(&n.UpdatedAt))
}

// Notes lists the notes on a person, pinned ones first, then the newest.
func Notes(ctx context.Context, tx *db.Tx, id ID) ([]Note, error) {
	if err := team.Allow(ctx, team.ReadContacts); err != nil {
		return nil, err
	}
	c, err := load(ctx, tx, id)
	if err != nil || team.From(ctx).Masked {
		return nil, err
	}
	return notes(ctx, tx, c.ID)
}

func notes(ctx context.Context, tx *db.Tx, id ID) ([]Note, error) {
	return db.All(ctx, tx, scanNote, `SELECT `+noteColumns+` FROM contact_note WHERE contact_id = $1 ORDER BY pinned DESC, id DESC`, id)
}

// AddNote writes a note on a person.
func AddNote(ctx context.Context, tx *db.Tx, id ID, text string, pinned bool) (NoteID, error) {
	if err := team.Allow(ctx, team.Note); err != nil {
		return 0, err
	}
	text, err := noteText(text)
	if err != nil {
		return 0, err
	}
	c, err := load(ctx, tx, id)
	if err != nil {
		return 0, err
	}
	n := NoteID(tx.NewID())
	if _, err := tx.Exec(ctx, `INSERT INTO contact_note (id, contact_id, author_id, text, pinned, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $6)`,
		n, c.ID, team.From(ctx).Person, text, pinned, tx.Now()); err != nil {
		return 0, fmt.Errorf("store a note on %s: %w", c.ID, err)
	}
	return n, event.Record(ctx, tx, NoteAdded{c.ID, n})
}

// EditNote changes a note's text and whether it is pinned. Anybody who may write
// notes may pin; only the author, or who may edit customers, changes words.
func EditNote(ctx context.Context, tx *db.Tx, id NoteID, text string, pinned bool) error {
	n, err := noteFor(ctx, tx, id)
	if err != nil {
		return err
	}
	if text, err = noteText(text); err != nil {
		return err
	}
	if text == n.Text && pinned == n.Pinned {
		return nil
	}
	if text != n.Text {
		if err := n.mayChange(ctx); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE contact_note SET text = $2, pinned = $3, updated_at = $4 WHERE id = $1`, id, text, pinned, tx.Now()); err != nil {
		return fmt.Errorf("store note %s: %w", id, err)
	}
	return event.Record(ctx, tx, NoteChanged{n.Contact, id})
}

// RemoveNote takes a note away.
func RemoveNote(ctx context.Context, tx *db.Tx, id NoteID) error {
	n, err := noteFor(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := n.mayChange(ctx); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM contact_note WHERE id = $1`, id); err != nil {
		return fmt.Errorf("remove note %s: %w", id, err)
	}
	return event.Record(ctx, tx, NoteRemoved{n.Contact, id})
}

func (n Note) mayChange(ctx context.Context) error {
	if me := team.From(ctx).Person; me != 0 && me == n.Author {
		return nil
	}
	return team.Allow(ctx, team.EditContacts)
}

func noteFor(ctx context.Context, tx *db.Tx, id NoteID) (Note, error) {
	if err := team.Allow(ctx, team.Note); err != nil {
		return Note{}, err
	}
	n, err := db.One(ctx, tx, scanNote, `SELECT `+noteColumns+` FROM contact_note WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return n, problem.New(problem.NotFound, "This note is not there.")
	}
	return n, err
}

func noteText(s string) (string, error) {
	if s = cleanText(s, maxText); s == "" {
		return "", problem.For("text", "Write something first.")
	}
	return s, nil
}
