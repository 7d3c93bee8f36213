package oncall_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/dial"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/kit/secret"
	"baraji/internal/notice"
	"baraji/internal/oncall"
	"baraji/internal/sla"
	"baraji/internal/team"
)

// house is a shop in Seoul, with its owner and three who can be paged.
type house struct {
	*dbtest.Desk
	t    testing.TB
	jobs *job.Runner
	in   inbox.Inbox
	ctx  context.Context

	owner, mina, joon, sora team.ID
	mails                   []string
}

var password = sync.OnceValues(func() (team.Hashed, error) { return team.HashPassword("moonlight lamp") })

func each(t *testing.T, fn func(t *testing.T, h *house)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) { fn(t, open(t, desk)) })
}

func open(t testing.TB, desk *dbtest.Desk) *house {
	h := &house{Desk: desk, t: t, ctx: team.AsSystem(t.Context())}
	h.setUp()
	word, err := password()
	if err != nil {
		t.Fatal(err)
	}
	h.do(0, func(ctx context.Context, tx *db.Tx) error {
		if err := team.ChangeFirm(ctx, tx, team.Firm{Name: "Dalbit", Language: "en", Zone: "Asia/Seoul"}); err != nil {
			return err
		}
		for who, p := range map[*team.ID][2]string{&h.owner: {"Owner", team.Owner}, &h.mina: {"Mina", team.Agent}, &h.joon: {"Joon", team.Agent}, &h.sora: {"Sora", team.Light}} {
			if *who, err = team.MakePerson(ctx, tx, strings.ToLower(p[0])+"@dalbit.example", p[0], p[1], word); err != nil {
				return err
			}
		}
		h.in, err = inbox.Create(ctx, tx, inbox.Inbox{Name: "Help", Channel: "email", Address: "help@dalbit.example"})
		return err
	})
	return h
}

// setUp is what a start of the program does.
func (h *house) setUp() {
	keys, err := secret.New([]byte("an example key of 32 bytes here!"))
	if err != nil {
		h.t.Fatal(err)
	}
	h.jobs = job.NewRunner(h.DB, slog.New(slog.DiscardHandler))
	log := event.NewLog(h.DB, h.jobs)
	event.Within(log, "page", oncall.OnReceived)
	event.Within(log, "page", oncall.OnChanged)
	event.Within(log, "page", oncall.OnBroken)
	event.Within(log, "page", oncall.OnStatusSet)
	event.Within(log, "page", oncall.OnMerged)
	event.Within(log, "page", oncall.OnDeleted)
	event.Within(log, "clocks", sla.OnReceived)
	timer(h, oncall.Climbed)
	timer(h, oncall.Stirred)
	timer(h, func(ctx context.Context, tx *db.Tx, r sla.Ring) error { return sla.Rung(ctx, tx, r.Conversation) })
	notice.New(notice.Parts{DB: h.DB, Keys: keys, Jobs: h.jobs, Clock: h.Clock.Now, URL: "https://desk.example", Changed: func(team.ID) {},
		Dial:  dial.New(dial.Options{Now: time.Now}),
		Mail:  func(_ context.Context, to, _, _, _ string) error { h.mails = append(h.mails, to); return nil },
		About: func(context.Context, *db.Tx, []string) (map[string]string, error) { return nil, nil }})
}

func timer[J job.Args](h *house, do func(context.Context, *db.Tx, J) error) {
	job.Handle(h.jobs, job.Kind{}, func(ctx context.Context, run *job.Run, j J) error {
		return h.Write(ctx, func(tx *db.Tx) error {
			if err := run.Finish(ctx, tx); err != nil {
				return err
			}
			return do(h.ctx, tx, j)
		})
	})
}

// do runs a command as somebody; 0 is the program.
func (h *house) do(who team.ID, fn func(ctx context.Context, tx *db.Tx) error) {
	h.t.Helper()
	if err := h.try(who, fn); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) try(who team.ID, fn func(ctx context.Context, tx *db.Tx) error) error {
	return h.Write(h.ctx, func(tx *db.Tx) error {
		if who == 0 {
			return fn(h.ctx, tx)
		}
		a, err := team.ActorOf(h.ctx, tx, who)
		if err != nil {
			return err
		}
		return fn(team.With(h.ctx, a), tx)
	})
}

func (h *house) after(d time.Duration) {
	h.t.Helper()
	h.Clock.Advance(d)
	if err := h.jobs.Drain(h.ctx); err != nil {
		h.t.Fatal(err)
	}
}

// service tells Mina, after five minutes Joon, after ten more all of a team of nobody, then Sora; and all once more.
func (h *house) service(rules ...oncall.Rule) (id oncall.ServiceID) {
	h.t.Helper()
	h.do(h.owner, func(ctx context.Context, tx *db.Tx) error {
		nobody, err := team.MakeTeam(ctx, tx, "Nobody", "")
		if err != nil {
			return err
		}
		id, err = oncall.MakeService(ctx, tx, oncall.Service{Name: "Payments", Course: oncall.Course{Again: 1, Silent: 20, Rules: rules, Steps: []oncall.Step{
			{Who: []oncall.Target{{Person: h.mina}}, Wait: 5},
			{Who: []oncall.Target{{Person: h.joon}}, Wait: 10},
			{Who: []oncall.Target{{Team: nobody}}, Wait: 30},
			{Who: []oncall.Target{{Person: h.sora}}, Wait: 5}}}})
		return err
	})
	return id
}

func (h *house) page(by team.ID, of oncall.ServiceID, c oncall.Call) (p oncall.Page) {
	h.t.Helper()
	h.do(by, func(ctx context.Context, tx *db.Tx) (err error) { p, err = oncall.Open(ctx, tx, of, c); return err })
	return p
}

func (h *house) get(id oncall.ID) (p oncall.Page) {
	h.t.Helper()
	h.do(0, func(ctx context.Context, tx *db.Tx) (err error) { p, err = oncall.Get(ctx, tx, id); return err })
	return p
}

func (h *house) live() (list []oncall.Page) {
	h.t.Helper()
	h.do(0, func(ctx context.Context, tx *db.Tx) (err error) {
		list, err = oncall.List(ctx, tx, oncall.Filter{State: oncall.Live}, 100)
		return err
	})
	return list
}

// told are those who were told, in order: "Mina", "-" where nobody stood, "Joon late".
func (h *house) told(id oncall.ID) string {
	h.t.Helper()
	var out []string
	h.do(0, func(ctx context.Context, tx *db.Tx) error {
		names, err := team.Names(ctx, tx)
		if err != nil {
			return err
		}
		list, err := oncall.Tellings(ctx, tx, id)
		for _, t := range list {
			name := "-"
			if t.Person != 0 {
				name = names[t.Person]
			}
			if t.Late {
				name += " late"
			}
			out = append(out, name)
		}
		return err
	})
	return strings.Join(out, ", ")
}

// kinds are the kinds of what happened to something, in order.
func (h *house) kinds(subject string) string {
	h.t.Helper()
	var out []string
	h.do(0, func(ctx context.Context, tx *db.Tx) error {
		list, err := event.Of(ctx, tx, subject, 0, 200)
		for _, e := range list {
			out = append(out, strings.TrimPrefix(e.Kind, "oncall."))
		}
		return err
	})
	slices.Reverse(out)
	return strings.Join(out, ", ")
}

func (h *house) unread(who team.ID) (n int) {
	h.t.Helper()
	h.do(who, func(ctx context.Context, tx *db.Tx) error {
		list, err := notice.Unread(ctx, tx)
		n = len(list)
		return err
	})
	return n
}

func (h *house) acknowledge(who team.ID, id oncall.ID) {
	h.t.Helper()
	h.do(who, func(ctx context.Context, tx *db.Tx) error { return oncall.Acknowledge(ctx, tx, id) })
}

// asks is a customer who writes.
func (h *house) asks() conversation.ID {
	h.t.Helper()
	var got conversation.ReceivedIn
	h.do(0, func(ctx context.Context, tx *db.Tx) error {
		who, _, err := contact.Resolve(ctx, tx, contact.Sender{Name: "Hana", Email: "hana@example.com"})
		if err != nil {
			return err
		}
		got, err = conversation.Receive(ctx, tx, conversation.Inbound{Inbox: h.in, Contact: who, Message: conversation.Message{Subject: "Lamp", Text: "It burns"}})
		return err
	})
	return got.Conversation
}

func (h *house) severity(id conversation.ID, to string) {
	h.t.Helper()
	h.do(h.owner, func(ctx context.Context, tx *db.Tx) error {
		return conversation.Update(ctx, tx, id, conversation.Change{Severity: &to})
	})
}

func names(told string) []string { return strings.Split(told, ", ") }
