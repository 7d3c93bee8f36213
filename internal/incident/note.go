package incident

import (
	"context"
	"strings"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// NoteID is the id of a note.
type NoteID = id.Of[noteKind]

type noteKind struct{}

func (noteKind) Prefix() string { return "inn" }

// Note is what only the team reads.
type Note struct {
	ID   NoteID
	Text string
	By   team.ID
	At   time.Time
}

// Write writes a note.
func Write(ctx context.Context, tx *db.Tx, of ID, text string) (NoteID, error) {
	if err := team.Allow(ctx, team.Note); err != nil {
		return 0, err
	}
	if _, err := Get(ctx, tx, of); err != nil {
		return 0, err
	}
	text = strings.TrimSpace(text)
	if text == "" {
		return 0, problem.For("note", "Write something first.")
	}
	if len([]rune(text)) > longestText {
		return 0, problem.For("note", "At most %d characters.", longestText)
	}
	id := NoteID(tx.NewID())
	_, err := tx.Exec(ctx, `INSERT INTO incident_note (id, incident_id, text, person_id, at) VALUES ($1, $2, $3, $4, $5)`, id, of, text, team.From(ctx).Person, tx.Now())
	if err != nil {
		return 0, err
	}
	return id, event.Record(ctx, tx, Noted{of, id})
}

// Notes are those of an incident, the newest first.
func Notes(ctx context.Context, tx *db.Tx, of ID) ([]Note, error) {
	if err := team.Allow(ctx, team.ReadConversations); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, func(r db.Row) (n Note, err error) { return n, r.Scan(&n.ID, &n.Text, &n.By, db.Time(&n.At)) },
		`SELECT id, text, person_id, at FROM incident_note WHERE incident_id = $1 ORDER BY id DESC`, of)
}
