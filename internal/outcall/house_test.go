package outcall_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"sync"
	"testing"
	"time"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/dial"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/kit/secret"
	"baraji/internal/notice"
	"baraji/internal/outcall"
	"baraji/internal/team"
)

// house is a firm that asks other systems, with a receiver.
type house struct {
	*dbtest.Desk
	t     *testing.T
	calls *outcall.Calls
	jobs  *job.Runner
	log   bytes.Buffer
	mina  team.ID
	host  string // of the receiver

	mu  sync.Mutex
	got []arrived
	say func(n int) int // what the receiver answers to its n-th request; nil: 204
}

type arrived struct {
	path   string
	header http.Header
	body   string
}

var loopback = netip.MustParsePrefix("127.0.0.0/8")

func each(t *testing.T, fn func(t *testing.T, h *house)) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) { fn(t, build(t, desk, loopback)) })
}

func build(t *testing.T, desk *dbtest.Desk, allowed ...netip.Prefix) *house {
	keys, err := secret.New([]byte("an example key of 32 bytes here!"))
	if err != nil {
		t.Fatal(err)
	}
	h := &house{Desk: desk, t: t}
	log := slog.New(slog.NewTextHandler(&h.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	h.jobs = job.NewRunner(desk.DB, log)
	event.NewLog(desk.DB, h.jobs)
	d := dial.New(dial.Options{Now: time.Now, AllowPrivate: allowed})
	notice.New(notice.Parts{DB: desk.DB, Keys: keys, Jobs: h.jobs, URL: "https://desk.example", Clock: time.Now, Dial: d, Changed: func(team.ID) {},
		Mail:  func(context.Context, string, string, string, string) error { return nil },
		About: func(context.Context, *db.Tx, []string) (map[string]string, error) { return nil, nil }})
	h.calls = outcall.New(outcall.Parts{DB: desk.DB, Keys: keys, Jobs: h.jobs, Dial: d, Clock: time.Now, Version: "test", Private: len(allowed) > 0})
	contact.Use(desk.DB, outcall.Part())
	db.Attach(desk.DB, keys)
	s := httptest.NewServer(http.HandlerFunc(h.take))
	t.Cleanup(s.Close)
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	h.host = u.Host
	word, err := team.HashPassword("a long enough one")
	if err != nil {
		t.Fatal(err)
	}
	h.do(func(ctx context.Context, tx *db.Tx) (err error) {
		if err := team.ChangeFirm(ctx, tx, team.Firm{Name: "Dalbit", Language: "en", Zone: "Asia/Seoul"}); err != nil {
			return err
		}
		h.mina, err = team.MakePerson(ctx, tx, "mina@dalbit.example", "Mina", team.Admin, word)
		return err
	})
	return h
}

func (h *house) take(w http.ResponseWriter, q *http.Request) {
	body, _ := io.ReadAll(q.Body)
	h.mu.Lock()
	h.got = append(h.got, arrived{q.Method + " " + q.URL.RequestURI(), q.Header, string(body)})
	n, say := len(h.got), h.say
	h.mu.Unlock()
	code := http.StatusNoContent
	if say != nil {
		code = say(n)
	}
	switch code {
	case 429:
		w.Header().Set("Retry-After", "600")
	case 302:
		w.Header().Set("Location", "/elsewhere")
	}
	w.WriteHeader(code)
}

func (h *house) try(fn func(ctx context.Context, tx *db.Tx) error) error {
	ctx := team.AsSystem(context.Background())
	return h.Write(ctx, func(tx *db.Tx) error { return fn(ctx, tx) })
}

func (h *house) do(fn func(ctx context.Context, tx *db.Tx) error) {
	h.t.Helper()
	if err := h.try(fn); err != nil {
		h.t.Fatal(err)
	}
}

// asked asks the receiver, and lets go out what is due.
func (h *house) asked(r outcall.Request, about outcall.About) (id outcall.ID) {
	h.t.Helper()
	about.Owner = h.mina
	h.do(func(ctx context.Context, tx *db.Tx) (err error) { id, err = outcall.Ask(ctx, tx, r, about); return err })
	h.flow()
	return id
}

func (h *house) flow() {
	h.t.Helper()
	if err := h.jobs.Drain(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) get(id outcall.ID) (c outcall.Call) {
	h.t.Helper()
	h.do(func(ctx context.Context, tx *db.Tx) (err error) { c, err = outcall.Get(ctx, tx, id); return err })
	return c
}

func (h *house) arrived() []arrived {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]arrived{}, h.got...)
}

func (h *house) post(path string) outcall.Request {
	return outcall.Request{Method: "POST", Address: outcall.Text{{Text: "http://" + h.host + path}}, Format: outcall.JSON, Body: outcall.Text{{Text: `{"a": 1}`}}}
}

func (h *house) secret(name, host, value string) (id outcall.SecretID) {
	h.t.Helper()
	h.do(func(ctx context.Context, tx *db.Tx) (err error) {
		id, err = h.calls.MakeSecret(ctx, tx, name, host, value)
		return err
	})
	return id
}
