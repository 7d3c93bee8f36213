package webhook_test

import (
	"context"
	"log/slog"
	"net/netip"
	"testing"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/dial"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/kit/secret"
	"baraji/internal/notice"
	"baraji/internal/team"
	"baraji/internal/webhook"
)

// lit and sold are facts of two areas.
type (
	lit  struct{ Lamp string }
	sold struct{ Lamp string }
)

func (lit) EventKind() string  { return "lamp.lit" }
func (sold) EventKind() string { return "shop.sold" }
func (f lit) Subject() string  { return f.Lamp }
func (f sold) Subject() string { return f.Lamp }

var loopback = netip.MustParsePrefix("127.0.0.0/8")

// house is a firm whose events go out.
type house struct {
	*dbtest.Desk
	t     *testing.T
	hooks *webhook.Hooks
	jobs  *job.Runner
	log   *event.Log
	mina  team.ID
	mails []string
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
	h.log = event.NewLog(desk.DB, h.jobs)
	d := dial.New(dial.Options{Now: time.Now, AllowPrivate: []netip.Prefix{loopback}})
	notice.New(notice.Parts{DB: desk.DB, Keys: keys, Jobs: h.jobs, URL: "https://desk.example", Clock: time.Now, Dial: d, Changed: func(team.ID) {},
		Mail: func(_ context.Context, to, _, subject, _ string) error {
			h.mails = append(h.mails, to+": "+subject)
			return nil
		},
		About: func(context.Context, *db.Tx, []string) (map[string]string, error) { return nil, nil }})
	h.hooks = webhook.New(webhook.Parts{DB: desk.DB, Log: quiet, Keys: keys, Jobs: h.jobs, Dial: d, Clock: time.Now, Version: "test", Private: true,
		Kinds: [][]string{{"lamp", "lamp.lit"}, {"shop", "shop.sold"}, {"webhook", "webhook.tried"}}})
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

// try runs a command as Mina, or as the program before she is there.
func (h *house) try(fn func(ctx context.Context, tx *db.Tx) error) error {
	ctx := team.AsSystem(context.Background())
	return h.Write(ctx, func(tx *db.Tx) error {
		if h.mina != 0 {
			a, err := team.ActorOf(ctx, tx, h.mina)
			if err != nil {
				return err
			}
			ctx = team.With(ctx, a)
		}
		return fn(ctx, tx)
	})
}

func (h *house) do(fn func(ctx context.Context, tx *db.Tx) error) {
	h.t.Helper()
	if err := h.try(fn); err != nil {
		h.t.Fatal(err)
	}
}

// happen records facts, and lets everything go out that is due.
func (h *house) happen(facts ...event.Fact) {
	h.t.Helper()
	h.do(func(ctx context.Context, tx *db.Tx) error { return event.Record(ctx, tx, facts...) })
	h.flow()
}

func (h *house) flow() {
	h.t.Helper()
	for range 3 { // what is taken makes jobs, what is sent makes room
		if err := h.log.Seal(h.t.Context()); err != nil {
			h.t.Fatal(err)
		}
		if err := h.hooks.Take(h.t.Context()); err != nil {
			h.t.Fatal(err)
		}
		if err := h.jobs.Drain(h.t.Context()); err != nil {
			h.t.Fatal(err)
		}
	}
}

func (h *house) hook(r *receiver, kinds ...string) webhook.ID {
	h.t.Helper()
	var id webhook.ID
	h.do(func(ctx context.Context, tx *db.Tx) (err error) {
		id, r.secret, err = h.hooks.Make(ctx, tx, webhook.Given{Address: r.URL + "/in", About: "The shop", Kinds: kinds})
		return err
	})
	h.flow()
	return id
}

func (h *house) get(id webhook.ID) (e webhook.Endpoint) {
	h.t.Helper()
	h.do(func(ctx context.Context, tx *db.Tx) (err error) { e, err = webhook.Get(ctx, tx, id); return err })
	return e
}

func (h *house) deliveries(id webhook.ID, state webhook.DeliveryState) (list []webhook.Delivery) {
	h.t.Helper()
	h.do(func(ctx context.Context, tx *db.Tx) (err error) {
		list, err = webhook.Deliveries(ctx, tx, id, state, 0, 1000)
		return err
	})
	return list
}

// told looks that Mina was told, in the bell and by mail.
func (h *house) told(words string) {
	h.t.Helper()
	for range 20 { // it may be night where she is
		if len(h.mails) == 0 {
			h.Clock.Advance(30 * time.Minute)
			h.flow()
		}
	}
	var list []notice.Notice
	h.do(func(ctx context.Context, tx *db.Tx) (err error) { list, err = notice.Unread(ctx, tx); return err })
	if len(list) != 1 || list[0].Words != words || list[0].Args["name"] != "The shop" || len(h.mails) != 1 {
		h.t.Errorf("Mina was told %+v, %v", list, h.mails)
	}
}
