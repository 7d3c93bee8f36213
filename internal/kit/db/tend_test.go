package db_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"baraji/internal/kit/db"
)

// What was written is brought into the file beside the work, once; what the
// tending itself writes starts nothing anew.
func TestTend(t *testing.T) {
	file := filepath.Join(t.TempDir(), "tend.db")
	d, err := db.Open(t.Context(), file, db.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	add := func(ctx context.Context, table, value string) error {
		return d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO `+table+` (v) VALUES ($1)`, value)
			return err
		})
	}
	err = d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `CREATE TABLE lamp (v TEXT)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := add(t.Context(), "lamp", strings.Repeat("x", 1<<20)); err != nil {
		t.Fatal(err)
	}
	if s, err := os.Stat(file); err != nil || s.Size() > 1<<20 {
		t.Fatalf("before tending the file holds it already: %v", err)
	}
	var calls atomic.Int32
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		ended <- d.Tend(ctx, func(ctx context.Context) error { calls.Add(1); return add(ctx, "lamp", "also") })
	}()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if s, err := os.Stat(file); err == nil && s.Size() > 1<<20 {
			break
		}
		if time.Now().After(end) {
			t.Fatal("nothing was brought into the file")
		}
	}
	time.Sleep(2500 * time.Millisecond) // two looks more
	if n := calls.Load(); n != 1 {
		t.Errorf("tended %d times for one write", n)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// A write-ahead log that is written without a pause begins anew before it is long, and when nobody writes any more it is not left long.
func TestTendCutsALongLog(t *testing.T) {
	file := filepath.Join(t.TempDir(), "tend.db")
	d, err := db.Open(t.Context(), file, db.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	write := func(ctx context.Context, q string, args ...any) error {
		return d.Write(ctx, func(tx *db.Tx) error { _, err := tx.Exec(ctx, q, args...); return err })
	}
	must(write(t.Context(), `CREATE TABLE lamp (id INTEGER PRIMARY KEY, v TEXT)`))
	must(write(t.Context(), `INSERT INTO lamp VALUES (1, '')`))
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error)
	go func() { ended <- d.Tend(ctx, func(context.Context) error { return nil }) }()
	most, written := int64(0), int64(0) // the same row again and again: the file stays small
	for began := time.Now(); time.Since(began) < 2*time.Second; {
		value := strings.Repeat(string('a'+rune(written>>18%26)), 256<<10)
		must(write(t.Context(), `UPDATE lamp SET v = $1 WHERE id = 1`, value))
		written += int64(len(value))
		if s, err := os.Stat(file + "-wal"); err == nil {
			most = max(most, s.Size())
		}
	}
	t.Logf("%d MB were written, and the log was %d MB at its longest", written>>20, most>>20)
	if most > 128<<20 {
		t.Errorf("%d MB were written, and the log was once %d MB long", written>>20, most>>20)
	}
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if s, err := os.Stat(file + "-wal"); err == nil && s.Size() <= 16<<20 {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the log stays long when nobody writes any more")
		}
	}
	stop()
	must(<-ended)
}
