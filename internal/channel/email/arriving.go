package email

import (
	"context"

	"baraji/internal/kit/db"
)

// Arriving counts mails that are ours and have no end yet.
func Arriving(ctx context.Context, tx *db.Tx) (int, error) {
	return db.Value[int](ctx, tx, `SELECT COUNT(*) FROM email_item WHERE state = 'new'`)
}
