package knowledge

import (
	"context"

	"baraji/internal/kit/db"
)

// Stamp is a number that goes up with each change of articles, categories and words that mean the same. As long as it stays, lists of what
// readers see stay, but for the order by how often they were read.
func Stamp(ctx context.Context, tx *db.Tx) (int64, error) {
	return db.Value[int64](ctx, tx, `SELECT n FROM knowledge_stamp WHERE one = 1`)
}

// stamp says that what readers see may have changed.
func stamp(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `UPDATE knowledge_stamp SET n = n + 1 WHERE one = 1`)
	return err
}
