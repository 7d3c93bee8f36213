package event

import (
	"context"

	"baraji/internal/kit/db"
)

// OfKind returns what of one kind happened to a subject, oldest first, sealed or not.
func OfKind(ctx context.Context, tx *db.Tx, subject, kind string, limit int) ([]Event, error) {
	return db.All(ctx, tx, scan, `SELECT `+columns+` FROM event WHERE subject = $1 AND kind = $2 ORDER BY id`+db.Limit(limit), subject, kind)
}

// lookedBack is how many events Newest looks at: there is no index of kinds, which every event would pay for.
const lookedBack = 100_000

// Newest returns what of one kind happened, newest first, from an event on and among the newest hundred thousand, sealed or not.
func Newest(ctx context.Context, tx *db.Tx, kind string, from ID, limit int) ([]Event, error) {
	return db.All(ctx, tx, scan, `SELECT `+columns+` FROM (SELECT * FROM event WHERE id >= $2 ORDER BY id DESC`+db.Limit(lookedBack)+`) AS newest
		WHERE kind = $1 ORDER BY id DESC`+db.Limit(limit), kind, from)
}
