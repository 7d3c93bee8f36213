package conversation_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// house is a desk with an inbox, a team and three people, on a clock that the test
// sets. What sleeps wakes when the test drains the queue.
type house struct {
	*dbtest.Desk
	t     testing.TB
	jobs  *job.Runner
	in    inbox.Inbox
	night team.TeamID

	minji, dohyun, sora person // an administrator, an agent of the night team, a partner
}

type person struct {
	id  team.ID
	ctx context.Context
}

var password = sync.OnceValues(func() (team.Hashed, error) { return team.HashPassword("moonlight lamp") })

func each(t *testing.T, fn func(t *testing.T, h *house)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) { fn(t, newHouse(t, desk)) })
}

func newHouse(t testing.TB, desk *dbtest.Desk) *house {
	t.Helper()
	h := &house{Desk: desk, t: t, jobs: job.NewRunner(desk.DB, slog.New(slog.DiscardHandler))}
	event.On(event.NewLog(desk.DB, h.jobs), "listen", func(context.Context, *db.Tx, conversation.Received) error { return nil })
	job.Handle(h.jobs, job.Kind{}, func(ctx context.Context, _ *job.Run, w conversation.Wake) error {
		return desk.Write(ctx, func(tx *db.Tx) error { return conversation.WakeUp(ctx, tx, w.Conversation) })
	})
	system := team.AsSystem(t.Context())
	h.write(system, func(tx *db.Tx) (err error) {
		h.in, err = inbox.Create(system, tx, inbox.Inbox{Name: "Moonlight", Channel: "email", Address: "help@moonlight.example", Language: "en"})
		if err == nil {
			h.night, err = team.MakeTeam(system, tx, "Night", "")
		}
		return err
	})
	h.minji = h.person("Minji", "admin", team.Actor{Rights: team.Rights, See: team.SeeEverything})
	h.dohyun = h.person("Dohyun", "agent", team.Actor{Rights: []team.Right{team.ReadConversations, team.Reply, team.Note, team.Handle}, See: team.SeeTeams, Teams: []team.TeamID{h.night}})
	h.sora = h.person("Sora", "partner", team.Actor{Rights: []team.Right{team.ReadConversations, team.Reply, team.Note}, See: team.SeeMine})
	return h
}

// person makes somebody who works here, and acts as the test says.
func (h *house) person(name, role string, as team.Actor) person {
	h.t.Helper()
	word, err := password()
	if err != nil {
		h.t.Fatal(err)
	}
	system := team.AsSystem(h.t.Context())
	h.write(system, func(tx *db.Tx) (err error) {
		as.Person, err = team.MakePerson(system, tx, strings.ToLower(name)+"@moonlight.example", name, role, word)
		return err
	})
	as.Name = name
	return person{as.Person, team.With(h.t.Context(), as)}
}

func (h *house) write(ctx context.Context, fn func(tx *db.Tx) error) {
	h.t.Helper()
	if err := h.Write(ctx, fn); err != nil {
		h.t.Fatal(err)
	}
}

// does is a command of somebody, in a transaction of its own.
func (h *house) does(who person, fn func(ctx context.Context, tx *db.Tx) error) {
	h.t.Helper()
	h.write(who.ctx, func(tx *db.Tx) error { return fn(who.ctx, tx) })
}

// fails is a command that is refused, and says how: its kind, and the fields that are wrong.
func (h *house) fails(who person, fn func(ctx context.Context, tx *db.Tx) error) string {
	h.t.Helper()
	err := h.Write(who.ctx, func(tx *db.Tx) error { return fn(who.ctx, tx) })
	if err == nil {
		return "done"
	}
	said := string(problem.KindOf(err))
	if said == string(problem.Internal) {
		h.t.Fatal(err)
	}
	for _, f := range problem.Fields(err) {
		said += " " + f.Name
	}
	return said
}

func ask[T any](h *house, who person, fn func(ctx context.Context, tx *db.Tx) (T, error)) (v T) {
	h.t.Helper()
	if err := h.Read(who.ctx, func(tx *db.Tx) (err error) { v, err = fn(who.ctx, tx); return err }); err != nil {
		h.t.Fatal(err)
	}
	return v
}

// get is a conversation as the administrator sees it.
func (h *house) get(id conversation.ID) conversation.Conversation {
	h.t.Helper()
	return ask(h, h.minji, func(ctx context.Context, tx *db.Tx) (conversation.Conversation, error) {
		return conversation.Get(ctx, tx, id)
	})
}

// texts is what is said in a conversation, in order.
func (h *house) texts(id conversation.ID) string {
	h.t.Helper()
	list := ask(h, h.minji, func(ctx context.Context, tx *db.Tx) ([]conversation.Message, error) {
		return conversation.Messages(ctx, tx, id, 0, 100)
	})
	var all []string
	for _, m := range list {
		all = append(all, string(m.Kind)+": "+m.Text)
	}
	return strings.Join(all, " | ")
}

// writes is a mail of a customer: a new question, or more of one (continues).
func (h *house) writes(email, text string, continues conversation.ID, how ...func(*conversation.Inbound)) conversation.ReceivedIn {
	h.t.Helper()
	var got conversation.ReceivedIn
	system := team.AsSystem(h.t.Context())
	h.write(system, func(tx *db.Tx) error {
		who, _, err := contact.Resolve(system, tx, contact.Sender{Email: email})
		if err != nil {
			return err
		}
		in := conversation.Inbound{Inbox: h.in, Contact: who, Continues: continues, Message: conversation.Message{FromAddress: email, Subject: "lamp", Text: text}}
		for _, f := range how {
			f(&in)
		}
		got, err = conversation.Receive(system, tx, in)
		return err
	})
	return got
}

// question opens a conversation.
func (h *house) question(text string) conversation.ID {
	h.t.Helper()
	return h.writes("haram@solip.example", text, 0).Conversation
}

func (h *house) replies(who person, id conversation.ID, a conversation.Answer) (m conversation.Message) {
	h.t.Helper()
	if a.Text == "" {
		a.Text = "On its way."
	}
	h.does(who, func(ctx context.Context, tx *db.Tx) (err error) {
		m, err = conversation.Reply(ctx, tx, id, a)
		return err
	})
	return m
}

func (h *house) becomes(id conversation.ID, s conversation.Status) {
	h.t.Helper()
	h.does(h.minji, func(ctx context.Context, tx *db.Tx) error { return conversation.SetStatus(ctx, tx, id, s) })
}

// drain does what is due.
func (h *house) drain() {
	h.t.Helper()
	if err := h.jobs.Drain(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

// facts is what the log has of a subject, oldest first: the kinds without their
// package, each with the fields of its body that the test names.
func (h *house) facts(subject fmt.Stringer) string {
	h.t.Helper()
	list := ask(h, h.minji, func(ctx context.Context, tx *db.Tx) ([]event.Event, error) {
		return event.Of(ctx, tx, subject.String(), 0, 100)
	})
	var all []string
	for _, e := range list {
		all = append([]string{strings.TrimPrefix(e.Kind, "conversation.")}, all...)
	}
	return strings.Join(all, " ")
}

// lastFact is the newest thing that the log has of a subject: kind, actor and body.
func (h *house) lastFact(subject fmt.Stringer) event.Event {
	h.t.Helper()
	list := ask(h, h.minji, func(ctx context.Context, tx *db.Tx) ([]event.Event, error) {
		return event.Of(ctx, tx, subject.String(), 0, 1)
	})
	if len(list) == 0 {
		h.t.Fatal("the log has nothing of ", subject)
	}
	return list[0]
}

func is(t *testing.T, what string, got, want any) {
	t.Helper()
	if g, w := fmt.Sprint(got), fmt.Sprint(want); g != w {
		t.Errorf("%s: %s, want %s", what, g, w)
	}
}

// last is the newest fact of one kind about a subject.
func (h *house) last(subject fmt.Stringer, kind string) event.Event {
	h.t.Helper()
	list := ask(h, h.minji, func(ctx context.Context, tx *db.Tx) ([]event.Event, error) {
		return event.OfKind(ctx, tx, subject.String(), kind, 100)
	})
	if len(list) == 0 {
		h.t.Fatal("the log has no ", kind, " of ", subject)
	}
	return list[len(list)-1]
}

func (h *house) count(query string, args ...any) int {
	h.t.Helper()
	return ask(h, h.minji, func(ctx context.Context, tx *db.Tx) (int, error) { return db.Value[int](ctx, tx, query, args...) })
}
