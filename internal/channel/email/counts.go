package email

import (
	"context"

	"baraji/internal/kit/db"
)

// Counts says how many mails that came in stand in each state.
func Counts(ctx context.Context, tx *db.Tx) (map[string]int, error) {
	return perState(ctx, tx, `SELECT state, COUNT(*) FROM email_item GROUP BY state`)
}

// OutCounts says how many mails of the outbox stand in each state.
func OutCounts(ctx context.Context, tx *db.Tx) (map[string]int, error) {
	return perState(ctx, tx, `SELECT state, COUNT(*) FROM email_out GROUP BY state`)
}

func perState(ctx context.Context, tx *db.Tx, query string) (map[string]int, error) {
	out := map[string]int{}
	return out, db.Each(ctx, tx, func(r db.Row) error {
		var state string
		var n int
		err := r.Scan(&state, &n)
		out[state] = n
		return err
	}, query)
}

// Blobs lists the blobs that hold originals.
func Blobs(ctx context.Context, tx *db.Tx) ([]string, error) {
	return db.All(ctx, tx, func(r db.Row) (s string, err error) { return s, r.Scan(&s) }, `SELECT blob FROM email_raw WHERE blob <> '' ORDER BY item_id`)
}
