package db_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/migrations"
)

// openLite opens a new SQLite file that waits for its disk.
func openLite(t testing.TB) *db.DB {
	d, err := db.Open(context.Background(), filepath.Join(t.TempDir(), "a.db"), db.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	if err := d.Migrate(context.Background(), migrations.Files); err != nil {
		t.Fatal(err)
	}
	return d
}

func count(ctx context.Context, tx *db.Tx, name string) error {
	_, err := tx.Exec(ctx, `INSERT INTO counter (name, n) VALUES ($1, 1) ON CONFLICT (name) DO UPDATE SET n = counter.n + 1`, name)
	return err
}

// Among those who share a commit some fail, panic, leave, are cancelled, or lose the whole transaction, as SQLite does when
// its disk is full in the middle of a statement. Each of the others has written once, and they nothing.
func TestWhoSharesACommitSharesNothingElse(t *testing.T) {
	d := openLite(t)
	const writers, each = 24, 20
	errBad := errors.New("bad")
	bad := []func(ctx context.Context, tx *db.Tx) error{
		func(context.Context, *db.Tx) error { return errBad },
		func(context.Context, *db.Tx) error { panic("bad") },
		func(context.Context, *db.Tx) error { runtime.Goexit(); return nil },
		func(ctx context.Context, tx *db.Tx) error { tx.Exec(ctx, `ROLLBACK`); return errBad }, // what SQLite does by itself
		func(ctx context.Context, tx *db.Tx) error { tx.Exec(ctx, `ROLLBACK`); return nil },
		func(ctx context.Context, tx *db.Tx) error { // usually in the middle of the statement
			short, stop := context.WithTimeout(ctx, time.Millisecond)
			defer stop()
			_, err := tx.Exec(short, `INSERT INTO counter (name, n) WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 50000) SELECT 'big' || i, i FROM c`)
			return cmp.Or(err, errBad)
		},
	}
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for i := range each {
				ctx, name := context.Background(), fmt.Sprint(w, "-", i)
				if w >= len(bad) {
					if err := d.Write(ctx, func(tx *db.Tx) error { return count(ctx, tx, name) }); err != nil {
						t.Error(err)
					}
					continue
				}
				var one sync.WaitGroup
				one.Go(func() {
					defer func() { recover() }()
					if err := d.Write(ctx, func(tx *db.Tx) error {
						if err := count(ctx, tx, "bad"); err != nil {
							return err
						}
						return bad[w](ctx, tx)
					}); err == nil {
						t.Errorf("bad %d was done", w)
					}
				})
				one.Wait()
			}
		})
	}
	all.Wait()
	d.Read(context.Background(), func(tx *db.Tx) error {
		n, err := db.Value[int](context.Background(), tx, `SELECT COUNT(*) FROM counter WHERE n = 1`)
		if m, err := db.Value[int](context.Background(), tx, `SELECT COUNT(*) FROM counter`); err != nil || m != n || n != (writers-len(bad))*each {
			t.Errorf("%d counted, %d of them once, %v; want %d", m, n, err, (writers-len(bad))*each)
		}
		return err
	})
}

// What is told after a commit is told once to each, and not before the disk has it.
func TestWhoSharesACommitIsToldAfterIt(t *testing.T) {
	d := openLite(t)
	ctx := context.Background()
	var all sync.WaitGroup
	for w := range 40 {
		all.Go(func() {
			told := 0
			err := d.Write(ctx, func(tx *db.Tx) error {
				tx.After(func() {
					told++
					d.Read(ctx, func(tx *db.Tx) error {
						if there, err := db.Exists(ctx, tx, `SELECT 1 FROM counter WHERE name = $1`, fmt.Sprint(w)); !there || err != nil {
							t.Errorf("%d is told before anybody can see it: %v", w, err)
						}
						return nil
					})
				})
				return count(ctx, tx, fmt.Sprint(w))
			})
			if err != nil || told != 1 {
				t.Errorf("%v, told %d times", err, told)
			}
		})
	}
	all.Wait()
}

// BenchmarkWriters is a small write by so many at once, on a file that waits for its disk.
func BenchmarkWriters(b *testing.B) {
	for _, writers := range []int{1, 8, 32} {
		b.Run(fmt.Sprint(writers), func(b *testing.B) {
			d, ctx := openLite(b), context.Background()
			next := make(chan int)
			var all sync.WaitGroup
			for range writers {
				all.Go(func() {
					for i := range next {
						if err := d.Write(ctx, func(tx *db.Tx) error { return count(ctx, tx, fmt.Sprint(i)) }); err != nil {
							b.Error(err)
						}
					}
				})
			}
			b.ResetTimer()
			for i := range b.N {
				next <- i
			}
			close(next)
			all.Wait()
		})
	}
}
