package db_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
)

var errStop = errors.New("stop")

func TestWritesBehaveAsIfAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		ctx := context.Background()
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 10 {
					err := desk.Write(ctx, func(tx *db.Tx) error {
						n, err := db.Value[int64](ctx, tx, `SELECT COALESCE(MAX(n), 0) FROM counter WHERE name = 'x'`)
						if err != nil {
							return err
						}
						_, err = tx.Exec(ctx, `INSERT INTO counter (name, n) VALUES ('x', $1) ON CONFLICT (name) DO UPDATE SET n = excluded.n`, n+1)
						return err
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		desk.Read(ctx, func(tx *db.Tx) error {
			n, err := db.Value[int64](ctx, tx, `SELECT n FROM counter WHERE name = 'x'`)
			if n != 80 || err != nil {
				t.Errorf("counted to %d, %v; want 80", n, err)
			}
			return nil
		})
	})
}

func TestAFailedWriteLeavesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		ctx := context.Background()
		told := false
		err := desk.Write(ctx, func(tx *db.Tx) error {
			tx.After(func() { told = true })
			if _, err := tx.Exec(ctx, `INSERT INTO counter (name, n) VALUES ('x', 1)`); err != nil {
				return err
			}
			return errStop
		})
		if !errors.Is(err, errStop) || told {
			t.Errorf("err %v, told %v", err, told)
		}
		desk.Read(ctx, func(tx *db.Tx) error {
			if there, err := db.Exists(ctx, tx, `SELECT 1 FROM counter WHERE name = 'x'`); there || err != nil {
				t.Errorf("there %v, %v", there, err)
			}
			return nil
		})
	})
}

func TestReadsCannotWrite(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		ctx := context.Background()
		err := desk.Read(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO counter (name, n) VALUES ('x', 1)`)
			return err
		})
		if err == nil {
			t.Error("a Read wrote")
		}
	})
}

func TestCounting(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		ctx := context.Background()
		var mu sync.Mutex
		seen := map[int64]bool{}
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				for range 5 {
					var n int64
					err := desk.Write(ctx, func(tx *db.Tx) (err error) {
						n, err = db.Next(ctx, tx, "conversation")
						return err
					})
					if err != nil {
						t.Error(err)
					}
					mu.Lock()
					if seen[n] {
						t.Errorf("%d came twice", n)
					}
					seen[n] = true
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if len(seen) != 100 {
			t.Errorf("%d numbers", len(seen))
		}
	})
}

type status string

func TestValuesComeBackAsTheyWent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		ctx := context.Background()
		type lamp struct {
			id     int64
			status status
			at     time.Time
			never  time.Time
			on     bool
			bytes  string
		}
		want := lamp{1 << 61, "ok", desk.Clock.Now(), time.Time{}, true, "\x00\xff"}
		err := desk.Write(ctx, func(tx *db.Tx) error {
			for _, stmt := range db.Statements(`CREATE TABLE lamp (id KEY64, status TEXT, at BIGINT, never BIGINT, is_on BOOLEAN, bytes BYTEA);`, tx.Engine()) {
				if _, err := tx.Exec(ctx, stmt); err != nil {
					return err
				}
			}
			_, err := tx.Exec(ctx, `INSERT INTO lamp (id, status, at, never, is_on, bytes) VALUES ($2, $1, $4, $3, $5, $6)`,
				want.status, want.id, want.never, want.at, want.on, []byte(want.bytes))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		err = desk.Read(ctx, func(tx *db.Tx) error {
			got, err := db.One(ctx, tx, func(r db.Row) (l lamp, err error) {
				var b []byte
				err = r.Scan(&l.id, &l.status, db.Time(&l.at), db.Time(&l.never), &l.on, &b)
				l.bytes = string(b)
				return l, err
			}, `SELECT id, status, at, never, is_on, bytes FROM lamp WHERE is_on AND id = $1`, want.id)
			if got != want {
				t.Errorf("got %+v\nwant %+v", got, want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestUniqueIsRecognised(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		ctx := context.Background()
		add := func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO counter (name, n) VALUES ('x', 1)`)
			return err
		}
		if err := desk.Write(ctx, add); err != nil {
			t.Fatal(err)
		}
		if err := desk.Write(ctx, add); !db.IsUnique(err) {
			t.Errorf("%v", err)
		}
	})
}

func BenchmarkWrite(b *testing.B) {
	for _, engine := range dbtest.Engines() {
		b.Run(string(engine), func(b *testing.B) {
			desk := dbtest.New(b, engine)
			ctx := context.Background()
			i := 0
			for b.Loop() {
				i++
				err := desk.Write(ctx, func(tx *db.Tx) error {
					_, err := tx.Exec(ctx, `INSERT INTO setting (name, value) VALUES ($1, $2)`, fmt.Sprint(i), "v")
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkRead(b *testing.B) {
	for _, engine := range dbtest.Engines() {
		b.Run(string(engine), func(b *testing.B) {
			desk := dbtest.New(b, engine)
			ctx := context.Background()
			for b.Loop() {
				err := desk.Read(ctx, func(tx *db.Tx) error {
					_, err := db.Exists(ctx, tx, `SELECT 1 FROM setting WHERE name = $1`, "x")
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func TestWhatIsLeftForTheEndIsDoneOnceAndWithTheRest(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		ok(t, desk.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `CREATE TABLE told (n BIGINT)`)
			return err
		}))
		tell := func(tx *db.Tx, n int) func() error {
			return func() error {
				_, err := tx.Exec(t.Context(), `INSERT INTO told (n) VALUES ($1)`, n)
				return err
			}
		}
		rows := func(tx *db.Tx) (list []int) {
			list, err := db.All(t.Context(), tx, func(r db.Row) (n int, err error) { return n, r.Scan(&n) }, `SELECT n FROM told ORDER BY n`)
			ok(t, err)
			return list
		}
		ok(t, desk.Write(t.Context(), func(tx *db.Tx) error {
			tx.Last("a", tell(tx, 1))
			tx.Last("a", tell(tx, 1))
			tx.Last("b", func() error { tx.Last("a", tell(tx, 2)); return nil }) // what is done at the end may leave more
			if got := rows(tx); len(got) != 0 {
				t.Errorf("done too early: %v", got)
			}
			return nil
		}))
		fails := errors.New("no")
		if err := desk.Write(t.Context(), func(tx *db.Tx) error {
			tx.Last("a", tell(tx, 9))
			tx.Last("b", func() error { return fails })
			return nil
		}); !errors.Is(err, fails) {
			t.Errorf("it failed with %v", err)
		}
		ok(t, desk.Write(t.Context(), func(tx *db.Tx) error {
			tx.Last("a", tell(tx, 3))
			ok(t, tx.Settle())
			if got := rows(tx); !slices.Equal(got, []int{1, 2, 3}) {
				t.Errorf("%v", got)
			}
			return nil
		}))
	})
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
