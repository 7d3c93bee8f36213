package event

import (
	"context"

	"baraji/internal/kit/db"
)

// OfKind returns what of one kind happened to a subject, oldest first, sealed or not.
func OfKind(ctx context.Context, tx *db.Tx, subject, kind string, limit int) ([]Event, error) {
	return db.All(ctx, tx, scan, `SELECT `+columns+` FROM event WHERE subject = $1 AND kind = $2 ORDER BY id`+db.Limit(limit), subject, kind)
}
