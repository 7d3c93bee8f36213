package event

import (
	"context"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
)

// Since is the place in the log in front of what happened from a time on. What committed out of turn around that moment may stand behind it too.
func Since(ctx context.Context, tx *db.Tx, at time.Time) (int64, error) {
	first, err := db.Value[int64](ctx, tx, `SELECT COALESCE(MIN(seq), 0) FROM (SELECT seq FROM event WHERE id >= $1 AND seq IS NOT NULL ORDER BY id LIMIT 500) AS first`, id.From(at))
	if err != nil || first > 0 {
		return max(first-1, 0), err
	}
	return Last(ctx, tx)
}
