// Package house is a whole desk for the tests of its pages: the program's own parts on a test database behind a real server, with people who are
// signed in. Tests of the areas of the screen and the tests in the browser share it.
//
//	house.Each(t, func(t *testing.T, h *house.House) {
//		noah := h.As("noah", team.Owner)
//		noah.Post("/settings/tags", "name", "Wholesale").Leads("/settings/tags")
//		noah.Get("/settings/tags").Is(200).Says("wholesale")
//	})
//
// Nothing happens by itself: [House.Run] does what is due, and the clock is the test's.
package house

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"baraji/internal/app"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/team"
)

// Password is everybody's.
const Password = "moonlight lamp"

// hashed is made once: it takes a while on purpose.
var hashed = sync.OnceValue(func() team.Hashed {
	h, err := team.HashPassword(Password)
	if err != nil {
		panic(err)
	}
	return h
})

// House is a desk that a test has for itself.
type House struct {
	*app.App
	Clock *dbtest.Clock
	URL   string

	// What a shop has (see [House.Furnish]).
	Inbox inbox.Inbox
	Mina  *Visitor // 한서윤, who owns it and may do everything

	t testing.TB
}

// Each runs fn once on each engine, each time in a new, empty house.
func Each(t *testing.T, fn func(t *testing.T, h *House)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *dbtest.Desk) { fn(t, New(t, d)) })
}

// New opens an empty desk: nobody has set it up.
func New(t testing.TB, d *dbtest.Desk) *House {
	t.Helper()
	return Open(t, d.Clock, app.Config{Database: d.URL, Now: d.Clock.Now})
}

// Open opens a desk with some settings of the process. What they do not say is chosen for a test.
func Open(t testing.TB, clock *dbtest.Clock, c app.Config) *House {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	c.URL, c.Addr = "http://"+server.Listener.Addr().String(), server.Listener.Addr().String()
	c.Real, c.Log = time.Now, slog.New(slog.DiscardHandler)
	if c.Data == "" {
		c.Data = t.TempDir()
	}
	h := &House{Clock: clock, URL: c.URL, t: t}
	var err error
	if h.App, err = app.Open(h.System(), c); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	if err = h.Helper.Load(h.System()); err != nil { // as the program does when it starts
		t.Fatal(err)
	}
	server.Config.Handler = h.Handler()
	server.Start()
	t.Cleanup(server.Close)
	return h
}

// Furnish makes a shop of an empty desk: a firm, an inbox, and Mina, who is signed in.
func (h *House) Furnish() *House {
	h.t.Helper()
	h.Must(func(tx *db.Tx) (err error) {
		ctx := h.System()
		if err = team.ChangeFirm(ctx, tx, team.Firm{Name: "달빛상점", Language: "ko", Zone: "Asia/Seoul"}); err != nil {
			return err
		}
		h.Inbox, err = inbox.Create(ctx, tx, inbox.Inbox{Name: "도움", Channel: "email", Address: "help@moonlight.example"})
		return err
	})
	h.Mina = h.As("한서윤", team.Owner)
	return h
}

// System is a context in which the program itself acts.
func (h *House) System() context.Context { return team.AsSystem(h.t.Context()) }

// Must writes, and fails the test when that cannot be done.
func (h *House) Must(fn func(*db.Tx) error) {
	h.t.Helper()
	if err := h.DB.Write(h.t.Context(), fn); err != nil {
		h.t.Fatal(err)
	}
}

// Run does everything that is due.
func (h *House) Run() {
	h.t.Helper()
	if err := errors.Join(h.Jobs.Drain(h.System()), h.Events.Seal(h.System())); err != nil {
		h.t.Fatal(err)
	}
}

// Hire makes somebody with a role.
func (h *House) Hire(name, role string) (id team.ID) {
	h.t.Helper()
	h.Must(func(tx *db.Tx) (err error) {
		id, err = team.MakePerson(h.System(), tx, Address(name), name, role, hashed())
		return err
	})
	return id
}

// Address is the e-mail address that somebody has whom [House.Hire] made.
func Address(name string) string {
	for _, c := range name {
		if c > '~' || c <= ' ' {
			return fmt.Sprintf("%x@shop.example", name)
		}
	}
	return strings.ToLower(name) + "@shop.example"
}
