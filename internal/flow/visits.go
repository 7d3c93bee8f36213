package flow

import (
	"context"
	"time"

	"baraji/internal/inbox"
	"baraji/internal/kit/db"
)

// Visits says in how many talks each step was shown since a time, by its key. Of the first step, only who came back to it.
func Visits(ctx context.Context, tx *db.Tx, in inbox.ID, since time.Time) (map[string]int, error) {
	if _, err := Of(ctx, tx, in); err != nil {
		return nil, err
	}
	n := map[string]int{}
	return n, db.Each(ctx, tx, func(r db.Row) error {
		var step string
		var talks int
		err := r.Scan(&step, &talks)
		n[step] = talks
		return err
	}, `SELECT step, COUNT(DISTINCT conversation_id) FROM flow_visit WHERE inbox_id = $1 AND at >= $2 GROUP BY step`, in, since)
}

// Keep is how long visits are kept.
const Keep = 180 * 24 * time.Hour

// Forget drops the visits from before a time.
func Forget(ctx context.Context, tx *db.Tx, before time.Time) error {
	_, err := tx.Exec(ctx, `DELETE FROM flow_visit WHERE at < $1`, before)
	return err
}
