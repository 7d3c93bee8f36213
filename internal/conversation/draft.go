package conversation

import (
	"context"
	"errors"
	"strings"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/team"
)

// Draft is what a person has begun to write; each has his own, one for answers
// and one for notes.
type Draft struct {
	Body      string
	UpdatedAt time.Time
}

// SaveDraft keeps what whoever acts has begun to write; nothing forgets it.
func SaveDraft(ctx context.Context, tx *db.Tx, id ID, kind Kind, body string) error {
	who := team.From(ctx).Person
	if who == 0 {
		return nil
	}
	if _, err := Get(ctx, tx, id); err != nil {
		return err
	}
	if strings.TrimSpace(body) == "" {
		return dropDraft(ctx, tx, id, who, kind)
	}
	_, err := tx.Exec(ctx, `INSERT INTO conversation_draft (conversation_id, person_id, kind, body, updated_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (conversation_id, person_id, kind) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at`, id, who, kind, body, tx.Now())
	return err
}

// GetDraft returns what whoever acts has begun to write.
func GetDraft(ctx context.Context, tx *db.Tx, id ID, kind Kind) (Draft, error) {
	d, err := db.One(ctx, tx, func(r db.Row) (d Draft, err error) { return d, r.Scan(&d.Body, db.Time(&d.UpdatedAt)) },
		`SELECT body, updated_at FROM conversation_draft WHERE conversation_id = $1 AND person_id = $2 AND kind = $3`, id, team.From(ctx).Person, kind)
	if errors.Is(err, db.ErrNoRow) {
		return d, nil
	}
	return d, err
}

func dropDraft(ctx context.Context, tx *db.Tx, id ID, who team.ID, kind Kind) error {
	_, err := tx.Exec(ctx, `DELETE FROM conversation_draft WHERE conversation_id = $1 AND person_id = $2 AND kind = $3`, id, who, kind)
	return err
}

// Seen notes that whoever acts has read a conversation up to a message.
func Seen(ctx context.Context, tx *db.Tx, id ID, upTo MessageID) error {
	if _, err := Get(ctx, tx, id); err != nil {
		return err
	}
	return seen(ctx, tx, id, team.From(ctx).Person, upTo)
}

func seen(ctx context.Context, tx *db.Tx, id ID, who team.ID, upTo MessageID) error {
	if who == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `INSERT INTO conversation_seen (conversation_id, person_id, message_id) VALUES ($1, $2, $3)
		ON CONFLICT (conversation_id, person_id) DO UPDATE SET message_id = excluded.message_id WHERE conversation_seen.message_id < excluded.message_id`,
		id, who, upTo)
	return err
}
