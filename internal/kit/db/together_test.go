package db_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"testing"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/test/rig/wire"
)

// kinds is a row of every type that we use.
type kinds struct {
	Big   int64
	Small int
	Text  string
	Yes   bool
	Real  float64
	Bytes []byte
	None  string
	Sum   int64
}

func readKinds(ctx context.Context, tx *db.Tx) ([]kinds, error) {
	return db.All(ctx, tx, func(r db.Row) (k kinds, err error) {
		return k, r.Scan(&k.Big, &k.Small, &k.Text, &k.Yes, &k.Real, &k.Bytes, db.Maybe(&k.None), &k.Sum)
	}, `SELECT big, small, words, yes, fraction, bytes, missing, (SELECT SUM(big) FROM kinds) FROM kinds WHERE words <> $1 ORDER BY small`, "–")
}

func withKinds(t *testing.T, d *dbtest.Desk) {
	t.Helper()
	if err := d.Write(t.Context(), func(tx *db.Tx) error {
		bytes := "BYTEA"
		if d.Engine() == db.SQLite {
			bytes = "BLOB"
		}
		if _, err := tx.Exec(t.Context(), `CREATE TABLE kinds (big BIGINT, small INTEGER, words TEXT, yes BOOLEAN, fraction DOUBLE PRECISION, bytes `+bytes+`, missing TEXT)`); err != nil {
			return err
		}
		for i := range 3 {
			if _, err := tx.Exec(t.Context(), `INSERT INTO kinds VALUES ($1, $2, $3, $4, $5, $6, NULL)`, int64(1)<<40+int64(i), i, fmt.Sprintf("불빛 %d", i), i == 1, 0.5*float64(i), []byte{0, byte(i)}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// What is read together is what is read one after the other, however it is nested.
func TestTogether(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *dbtest.Desk) {
		withKinds(t, d)
		ctx := t.Context()
		told := 0
		for range 3 { // the driver knows the statements from the second time on
			err := d.Read(ctx, func(tx *db.Tx) error {
				want, err := readKinds(ctx, tx)
				if err != nil || len(want) != 3 || want[2].Big != 1<<40+2 || want[1].Text != "불빛 1" || !want[1].Yes || want[2].Sum != 3<<40+3 {
					t.Fatalf("one after the other: %+v, %v", want, err)
				}
				var got [4][]kinds
				var n, after int64
				err = tx.Together(ctx,
					db.Into(ctx, &got[0], readKinds),
					func(tx *db.Tx) error {
						return tx.Together(ctx, db.Into(ctx, &got[1], readKinds), db.Into(ctx, &got[2], readKinds))
					},
					func(tx *db.Tx) (err error) {
						if n, err = db.Value[int64](ctx, tx, `SELECT COUNT(*) FROM kinds`); err != nil {
							return err
						}
						after, err = db.Value[int64](ctx, tx, `SELECT COUNT(*) FROM kinds WHERE small < $1`, n-1)
						return err
					},
					func(tx *db.Tx) error { tx.After(func() { told++ }); return nil },
				)
				if err != nil {
					return err
				}
				if got[3], err = readKinds(ctx, tx); err != nil { // goes on as before
					return err
				}
				for i := range got {
					if !reflect.DeepEqual(got[i], want) {
						t.Errorf("%d: %+v, want %+v", i, got[i], want)
					}
				}
				if n != 3 || after != 2 {
					t.Errorf("one after another within: %d, %d", n, after)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if told != 3 {
			t.Errorf("%d of 3 hints", told)
		}
	})
}

// What is read together waits for the network once, not once each.
func TestTogetherGoesInOneMessage(t *testing.T) {
	if !slices.Contains(dbtest.Engines(), db.Postgres) {
		t.Skip("PostgreSQL is not asked for")
	}
	near := dbtest.New(t, db.Postgres)
	u, err := url.Parse(near.URL)
	if err != nil {
		t.Fatal(err)
	}
	w := wire.To(t, u.Host)
	u.Host = w.Addr
	far, err := db.Open(t.Context(), u.String(), db.Options{Now: near.Clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer far.Close()
	ctx := t.Context()
	var places [20]int64
	var reads []func(*db.Tx) error
	for i := range places {
		reads = append(reads, func(tx *db.Tx) (err error) {
			places[i], err = db.Value[int64](ctx, tx, `SELECT COUNT(*) FROM counter WHERE n > $1`, i)
			return err
		})
	}
	took := func(how func(tx *db.Tx) error) time.Duration {
		var span time.Duration
		if err := far.Read(ctx, func(tx *db.Tx) error {
			began := time.Now()
			defer func() { span = time.Since(began) }()
			return how(tx)
		}); err != nil {
			t.Fatal(err)
		}
		return span
	}
	together := func(tx *db.Tx) error { return tx.Together(ctx, reads...) }
	alone := func(tx *db.Tx) error {
		for _, read := range reads {
			if err := read(tx); err != nil {
				return err
			}
		}
		return nil
	}
	took(together) // the driver learns the statement
	w.Slow(20 * time.Millisecond)
	if one, each := took(together), took(alone); one > each/4 {
		t.Errorf("20 together take %v, one after the other %v", one, each)
	}
}

// An error is the one that somebody made, not what it brought about for others; a panic goes on; what failed leaves a connection that works.
func TestTogetherFails(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *dbtest.Desk) {
		withKinds(t, d)
		ctx := t.Context()
		var one, two []kinds
		ours := errors.New("ours")
		read := func(bad func(*db.Tx) error) error {
			return d.Read(ctx, func(tx *db.Tx) error {
				return tx.Together(ctx, db.Into(ctx, &one, readKinds), bad, db.Into(ctx, &two, readKinds))
			})
		}
		if err := read(func(*db.Tx) error { return ours }); !errors.Is(err, ours) {
			t.Errorf("an error: %v", err)
		}
		err := read(func(tx *db.Tx) error { _, err := db.Value[int64](ctx, tx, `SELECT no FROM kinds`); return err })
		if err == nil || err.Error() == "a statement before it failed" {
			t.Errorf("a broken statement: %v", err)
		}
		if err := read(func(tx *db.Tx) error { _, err := tx.Exec(ctx, `DELETE FROM kinds`); return err }); err == nil {
			t.Error("one could write")
		}
		func() {
			defer func() {
				if thrown := recover(); thrown != "help" {
					t.Errorf("thrown: %v", thrown)
				}
			}()
			read(func(*db.Tx) error { panic("help") })
		}()
		gone, stop := context.WithCancel(ctx)
		stop()
		if err := d.Read(gone, func(tx *db.Tx) error {
			return tx.Together(gone, db.Into(gone, &one, readKinds), db.Into(gone, &two, readKinds))
		}); !errors.Is(err, context.Canceled) {
			t.Errorf("gone: %v", err)
		}
		for range 40 { // more often than there are connections
			if err := d.Read(ctx, func(tx *db.Tx) (err error) { one, err = readKinds(ctx, tx); return err }); err != nil || len(one) != 3 {
				t.Fatalf("afterwards: %d, %v", len(one), err)
			}
		}
	})
}
