package team_test

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/secret"
	"baraji/internal/team"
)

// house is a desk with its door, and the mails that went out.
type house struct {
	*dbtest.Desk
	t     testing.TB
	door  *team.Door
	jobs  *job.Runner
	mails []team.Mail
}

func newHouse(t testing.TB, desk *dbtest.Desk) *house {
	t.Helper()
	keys, err := secret.New([]byte("0123456789abcdef0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	h := &house{Desk: desk, t: t}
	quiet := slog.New(slog.DiscardHandler)
	h.jobs = job.NewRunner(desk.DB, quiet)
	event.NewLog(desk.DB, h.jobs)
	h.door = team.NewDoor(desk.DB, keys, h.jobs, quiet, func(_ context.Context, m team.Mail) error {
		h.mails = append(h.mails, m)
		return nil
	})
	return h
}

func each(t *testing.T, fn func(t *testing.T, h *house)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) { fn(t, newHouse(t, desk)) })
}

const password = "moonlight lamp"

// hashed is the password that everybody has, made once: it takes a while.
var hashed = sync.OnceValue(func() team.Hashed {
	h, err := team.HashPassword(password)
	if err != nil {
		panic(err)
	}
	return h
})

func (h *house) system() context.Context { return team.AsSystem(h.t.Context()) }

// write runs fn as ctx says, and returns what it returned.
func (h *house) write(fn func(*db.Tx) error) error { h.t.Helper(); return h.Write(h.t.Context(), fn) }

func (h *house) must(fn func(*db.Tx) error) {
	h.t.Helper()
	if err := h.write(fn); err != nil {
		h.t.Fatal(err)
	}
}

// person makes somebody called name with a role.
func (h *house) person(name, role string) (id team.ID) {
	h.t.Helper()
	h.must(func(tx *db.Tx) (err error) {
		id, err = team.MakePerson(h.system(), tx, name+"@moonlight.example", name, role, hashed())
		return err
	})
	return id
}

// as is a context in which a person acts.
func (h *house) as(id team.ID) context.Context {
	h.t.Helper()
	var a team.Actor
	h.must(func(tx *db.Tx) (err error) {
		a, err = team.ActorOf(h.t.Context(), tx, id)
		return err
	})
	return team.With(h.t.Context(), a)
}

// as2 is as, inside a transaction.
func (h *house) as2(tx *db.Tx, id team.ID) context.Context {
	h.t.Helper()
	a, err := team.ActorOf(h.t.Context(), tx, id)
	if err != nil {
		h.t.Fatal(err)
	}
	return team.With(h.t.Context(), a)
}

// token is who an API token acts for.
func (h *house) token(text string) (a team.Actor, err error) {
	h.t.Helper()
	err = h.Read(h.t.Context(), func(tx *db.Tx) (err error) {
		a, _, err = h.door.AuthenticateToken(h.t.Context(), tx, text, "203.0.113.7")
		return err
	})
	return a, err
}

func (h *house) get(id team.ID) (p team.Person) {
	h.t.Helper()
	h.must(func(tx *db.Tx) (err error) {
		p, err = team.Get(h.t.Context(), tx, id)
		return err
	})
	return p
}

func attempt(name string) team.Attempt {
	return team.Attempt{Email: name + "@moonlight.example", Password: password, From: "203.0.113.7", Agent: "a browser"}
}

func (h *house) signIn(name string) team.Entry {
	h.t.Helper()
	in, err := h.door.SignIn(h.t.Context(), attempt(name))
	if err != nil {
		h.t.Fatalf("%s does not come in: %v", name, err)
	}
	return in
}

func (h *house) who(token string) (a team.Actor, s team.Session, err error) {
	h.t.Helper()
	err = h.Read(h.t.Context(), func(tx *db.Tx) (err error) {
		a, s, err = h.door.Authenticate(h.t.Context(), tx, token)
		return err
	})
	return a, s, err
}

func (h *house) drain() {
	h.t.Helper()
	if err := h.jobs.Drain(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

// lastMail is the one that went out last; it is an error if there was none since.
func (h *house) lastMail() team.Mail {
	h.t.Helper()
	h.drain()
	if len(h.mails) == 0 {
		h.t.Fatal("no mail went out")
	}
	m := h.mails[len(h.mails)-1]
	h.mails = nil
	return m
}

// kinds are what the log has about a subject, oldest first.
func (h *house) kinds(subject string) (list []string) {
	h.t.Helper()
	h.must(func(tx *db.Tx) error {
		all, err := event.Of(h.t.Context(), tx, subject, 0, 100)
		for i := len(all) - 1; i >= 0; i-- {
			list = append(list, strings.TrimPrefix(all[i].Kind, "team."))
		}
		return err
	})
	return list
}

func wantKind(t testing.TB, err error, k problem.Kind) *problem.Error {
	t.Helper()
	e, ok := problem.As(err)
	if !ok || e.Kind != k {
		t.Fatalf("got %v, want a problem of kind %s", err, k)
	}
	return e
}

func wait(t testing.TB, err error) time.Duration {
	t.Helper()
	return wantKind(t, err, problem.Limited).RetryAfter
}
