package email

import (
	"context"

	"baraji/internal/kit/db"
)

// Leaving counts answers that should be on their way: their time has come, and it is
// not known yet what becomes of them. One that is tried again later is among them.
func Leaving(ctx context.Context, tx *db.Tx) (int, error) {
	return db.Value[int](ctx, tx, `SELECT COUNT(*) FROM email_out WHERE state IN ('queued', 'sending', 'unconfirmed') AND state <> 'unconfirmed' AND since <= $1`, tx.Now())
}

// Arriving counts mails that are ours and have no end yet.
func Arriving(ctx context.Context, tx *db.Tx) (int, error) {
	return db.Value[int](ctx, tx, `SELECT COUNT(*) FROM email_item WHERE state = 'new'`)
}
