package app_test

import (
	"context"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"baraji/internal/app"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/team"
)

// running is a desk that runs in this process, on the real clock.
type running struct {
	*app.App
	URL  string
	stop func()
}

// start runs a desk. ctx is the program's own: what it does it may.
func start(t *testing.T, engine db.Engine, change func(*app.Config)) (*running, context.Context) {
	t.Helper()
	c := app.Config{Data: t.TempDir(), Addr: "127.0.0.1:0", Real: time.Now, Log: logger(t)}
	if engine == db.Postgres {
		c.Database = dbtest.URL(t, engine)
	}
	if change != nil {
		change(&c)
	}
	ctx := team.AsSystem(t.Context())
	a, err := app.Open(ctx, c)
	if err != nil {
		t.Fatal(err)
	}
	r := &running{App: a}
	ctx, cancel := context.WithCancel(ctx)
	up := make(chan net.Addr, 1)
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := a.Run(ctx, func(addr net.Addr) { up <- addr }); err != nil {
			t.Error(err)
		}
	})
	r.stop = sync.OnceFunc(func() {
		cancel()
		wg.Wait()
		a.Close()
	})
	t.Cleanup(r.stop)
	select {
	case addr := <-up:
		r.URL = "http://" + addr.String()
	case <-time.After(20 * time.Second):
		t.Fatal("the desk does not start")
	}
	return r, team.AsSystem(t.Context())
}

// logger writes into a file of the test's folder, shown when the test fails.
func logger(t *testing.T) *slog.Logger {
	f, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		f.Close()
		if t.Failed() {
			b, _ := os.ReadFile(f.Name())
			t.Logf("log of the desk:\n%s", b[max(0, len(b)-4000):])
		}
	})
	return slog.New(slog.NewTextHandler(f, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// eventually waits until ok, at most half a minute.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("waited in vain: %s", what)
}
