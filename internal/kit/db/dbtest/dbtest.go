// Package dbtest gives tests a migrated database of their own, on each engine,
// within milliseconds: it is a copy of one that was migrated once.
package dbtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/migrations"
	"baraji/test/rig"
)

// Clock is a time that a test sets.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Start is what every test clock shows first: a Monday, nine o'clock in Seoul.
var Start = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)

// Now is the clock's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Desk is a database for one test, with its clock.
type Desk struct {
	*db.DB
	Clock *Clock
	URL   string
}

// Engines are the engines that tests run on: both, or those that
// BARAJI_TEST_ENGINES names (with commas).
func Engines() []db.Engine {
	if s := os.Getenv("BARAJI_TEST_ENGINES"); s != "" {
		var list []db.Engine
		for _, name := range strings.Split(s, ",") {
			list = append(list, db.Engine(strings.TrimSpace(name)))
		}
		return list
	}
	return []db.Engine{db.SQLite, db.Postgres}
}

// Each runs fn once on each engine, each time with a new database.
func Each(t *testing.T, fn func(t *testing.T, desk *Desk)) {
	t.Helper()
	for _, engine := range Engines() {
		t.Run(string(engine), func(t *testing.T) { fn(t, New(t, engine)) })
	}
}

// New makes a database for one test.
func New(t testing.TB, engine db.Engine) *Desk {
	t.Helper()
	c := &Clock{now: Start}
	url := URL(t, engine)
	d, err := db.Open(context.Background(), url, db.Options{Now: c.Now, Loose: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return &Desk{DB: d, Clock: c, URL: url}
}

// URL is the address of a new, migrated database.
func URL(t testing.TB, engine db.Engine) string {
	t.Helper()
	if engine == db.Postgres {
		return postgres(t)
	}
	return sqlite(t)
}

// sqliteTemplate is the migrated file that is copied, made once per process.
var sqliteTemplate = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "baraji-template-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "baraji.db")
	if err := migrate(file); err != nil {
		return "", err
	}
	b, err := os.ReadFile(file)
	return string(b), err
})

func migrate(url string) error {
	ctx := context.Background()
	d, err := db.Open(ctx, url, db.Options{Now: time.Now, Loose: true})
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Migrate(ctx, migrations.Files)
}

func sqlite(t testing.TB) string {
	content, err := sqliteTemplate()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "baraji.db")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := io.WriteString(f, content); err != nil {
		t.Fatal(err)
	}
	return file
}

func postgres(t testing.TB) string {
	pg := rig.Postgres(t)
	return pg.Database(t, pg.Template(t, "baraji "+digest(), migrate))
}

// digest tells one state of the migrations from another.
var digest = sync.OnceValue(func() string {
	h := sha256.New()
	entries, _ := migrations.Files.ReadDir(".")
	for _, e := range entries {
		b, _ := migrations.Files.ReadFile(e.Name())
		h.Write(b)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
})
