package db_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
)

// What is pointed back is what was repointed, as far as it still is where it was put: what was there before stays, and so
// does what went elsewhere since.
func TestRepoint(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		ctx := context.Background()
		must := func(tx *db.Tx, query string, args ...any) {
			if _, err := tx.Exec(ctx, query, args...); err != nil {
				t.Fatal(err)
			}
		}
		owners := func(tx *db.Tx) string {
			all, err := db.All(ctx, tx, func(r db.Row) (s string, err error) {
				var id, owner int64
				err = r.Scan(&id, &owner)
				return fmt.Sprint(id, "-", owner), err
			}, `SELECT id, owner_id FROM thing WHERE id < 10 ORDER BY id`)
			return fmt.Sprint(all, err)
		}
		err := desk.Write(ctx, func(tx *db.Tx) error {
			must(tx, `CREATE TABLE thing (id BIGINT PRIMARY KEY, owner_id BIGINT NOT NULL)`)
			for id := range int64(2500) {
				must(tx, `INSERT INTO thing (id, owner_id) VALUES ($1, $2)`, id, 1+id%3/2) // two of three are the first one's
			}
			moved, err := db.Repoint[int64](ctx, tx, "thing", "owner_id", int64(1), int64(2))
			if err != nil || len(moved) != 1667 || slices.Contains(moved, 2) {
				t.Fatalf("%d moved, %v", len(moved), err)
			}
			must(tx, `UPDATE thing SET owner_id = 3 WHERE id = 4`)
			return db.PointBack(ctx, tx, "thing", "owner_id", int64(1), int64(2), moved)
		})
		if err != nil {
			t.Fatal(err)
		}
		desk.Read(ctx, func(tx *db.Tx) error {
			if got, want := owners(tx), fmt.Sprint([]string{"0-1", "1-1", "2-2", "3-1", "4-3", "5-2", "6-1", "7-1", "8-2", "9-1"}, nil); got != want {
				t.Errorf("%s, want %s", got, want)
			}
			if n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM thing WHERE owner_id = 1`); n != 1666 || err != nil {
				t.Errorf("%d came back, %v", n, err)
			}
			return nil
		})
	})
}
