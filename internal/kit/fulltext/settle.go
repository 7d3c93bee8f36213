package fulltext

import (
	"context"
	"fmt"
	"time"

	"baraji/internal/kit/db"
)

// settlePages bounds the work of one transaction of Settle, so that those who
// write in between wait for a few milliseconds only.
const settlePages = 16

// settleRest is how long Settle rests at most between two transactions. In
// that time those who write leave a dozen small segments, far from a mountain.
const settleRest = 30 * time.Millisecond

// Settle merges what Put has added on SQLite, in small transactions, until the
// index is as compact as it is meant to be. FTS5 would do the same within the
// commits of those who write, once in a while for seconds; a table whose
// migration ends with this leaves it to Settle, but for a mountain of small
// segments:
//
//	-- only: sqlite
//	INSERT INTO x_search (x_search, rank) VALUES ('automerge', 0);
//
//	-- only: sqlite
//	INSERT INTO x_search (x_search, rank) VALUES ('crisismerge', 64);
//
// PostgreSQL needs none of it.
func Settle(ctx context.Context, d *db.DB, table string) error {
	if d.Engine() == db.Postgres {
		return nil
	}
	for more := true; more; {
		began := d.Now()
		err := d.Write(ctx, func(tx *db.Tx) (err error) {
			more, err = settleSome(ctx, tx, table)
			return err
		})
		if err != nil {
			return fmt.Errorf("settle %s: %w", table, err)
		}
		time.Sleep(min(3*d.Now().Sub(began), settleRest)) // most of the time is for those who write
	}
	return nil
}

// settleSome says whether there may be more to do: fewer than two changed rows
// are a merge that found nothing (fts5.html, "The 'merge' command").
func settleSome(ctx context.Context, tx *db.Tx, table string) (bool, error) {
	const changed = `SELECT total_changes()`
	before, err := db.Value[int64](ctx, tx, changed)
	if err != nil {
		return false, err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO `+table+` (`+table+`, rank) VALUES ('merge', $1)`, settlePages); err != nil {
		return false, err
	}
	after, err := db.Value[int64](ctx, tx, changed)
	return after-before >= 2, err
}
