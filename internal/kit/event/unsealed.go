package event

import (
	"context"

	"baraji/internal/kit/db"
)

// Unsealed counts events that have no place in the log yet.
func Unsealed(ctx context.Context, tx *db.Tx) (int, error) {
	return db.Value[int](ctx, tx, `SELECT COUNT(*) FROM event WHERE seq IS NULL`)
}
