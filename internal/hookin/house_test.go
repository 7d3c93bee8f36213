package hookin_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/hookin"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/kit/secret"
	"baraji/internal/team"
	"baraji/internal/web/intake"
)

// house is a firm to which others tell something, with its door.
type house struct {
	*dbtest.Desk
	t     *testing.T
	hooks *hookin.Hooks
	jobs  *job.Runner
	url   string
	door  inbox.Inbox
}

func each(t *testing.T, fn func(t *testing.T, h *house)) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) { fn(t, build(t, desk)) })
}

func build(t *testing.T, desk *dbtest.Desk) *house {
	keys, err := secret.New([]byte("an example key of 32 bytes here!"))
	if err != nil {
		t.Fatal(err)
	}
	quiet := slog.New(slog.DiscardHandler)
	h := &house{Desk: desk, t: t, jobs: job.NewRunner(desk.DB, quiet)}
	event.NewLog(desk.DB, h.jobs)
	db.Attach(desk.DB, keys)
	contact.Use(desk.DB, hookin.Part(), conversation.Part())
	h.hooks = hookin.New(hookin.Parts{DB: desk.DB, Keys: keys, Jobs: h.jobs, Clock: desk.Clock.Now})
	s := httptest.NewServer(intake.New(h.hooks, quiet))
	t.Cleanup(s.Close)
	h.url = s.URL
	h.do(func(ctx context.Context, tx *db.Tx) (err error) {
		if err := team.ChangeFirm(ctx, tx, team.Firm{Name: "Dalbit", Language: "en", Zone: "Asia/Seoul"}); err != nil {
			return err
		}
		if _, err := contact.DefineField(ctx, tx, contact.Field{Holder: contact.OfContact, Key: "club", English: "Club", Korean: "클럽", Type: "text"}); err != nil {
			return err
		}
		h.door, err = inbox.Create(ctx, tx, inbox.Inbox{Name: "Help", Channel: "email", Address: "help@dalbit.example"})
		return err
	})
	return h
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

// hook makes a hook with a secret of its own.
func (h *house) hook(p hookin.Proof, rows ...string) (k hookin.Hook, secret string) {
	h.t.Helper()
	g := hookin.Given{Name: "The shop", Proof: p}
	for i := 0; i < len(rows); i += 2 {
		g.Mapping.Rows = append(g.Mapping.Rows, hookin.Row{To: rows[i], From: rows[i+1]})
	}
	h.do(func(ctx context.Context, tx *db.Tx) error {
		id, text, err := h.hooks.Make(ctx, tx, g)
		if err != nil {
			return err
		}
		secret = text
		k, err = hookin.Get(ctx, tx, id)
		return err
	})
	return k, secret
}

// send sends something to a hook, and lets be done what came.
func (h *house) send(k hookin.Hook, body string, head ...string) int {
	h.t.Helper()
	r, err := http.NewRequest("POST", h.url+k.Path(), strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(head); i += 2 {
		r.Header.Set(head[i], head[i+1])
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	a.Body.Close()
	if err := h.jobs.Drain(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	return a.StatusCode
}

func (h *house) items(k hookin.Hook) (list []hookin.Item) {
	h.t.Helper()
	h.do(func(ctx context.Context, tx *db.Tx) (err error) {
		list, err = hookin.Items(ctx, tx, k.ID, "", 0, 1000)
		return err
	})
	return list
}

func (h *house) find(email string) (p contact.Profile) {
	h.t.Helper()
	h.do(func(ctx context.Context, tx *db.Tx) error {
		c, known, err := contact.Find(ctx, tx, contact.Sender{Email: email})
		if err != nil || !known {
			return err
		}
		p, err = contact.Whole(ctx, tx, c.ID)
		return err
	})
	return p
}

func mac(secret, body string) []byte {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte(body))
	return m.Sum(nil)
}

func inHex(secret, body string) string { return hex.EncodeToString(mac(secret, body)) }
func inBase64(secret, body string) string {
	return base64.StdEncoding.EncodeToString(mac(secret, body))
}

var bearer = hookin.Proof{Scheme: hookin.Bearer}

const day = 24 * time.Hour
