package sequence_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"baraji/internal/automation"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/dial"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/kit/secret"
	"baraji/internal/moment"
	"baraji/internal/notice"
	"baraji/internal/sequence"
	"baraji/internal/team"
)

// desk is a firm with two people, whose flows run.
type desk struct {
	*dbtest.Desk
	t         testing.TB
	ctx       context.Context
	jobs      *job.Runner
	in        inbox.Inbox
	kim, lee  team.ID
	customers int
}

func each(t *testing.T, fn func(t *testing.T, d *desk)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, base *dbtest.Desk) { fn(t, open(t, base)) })
}

func open(t testing.TB, base *dbtest.Desk) *desk {
	quiet := slog.New(slog.DiscardHandler)
	d := &desk{Desk: base, t: t, ctx: team.AsSystem(t.Context()), jobs: job.NewRunner(base.DB, quiet)}
	sequence.New(base.DB, event.NewLog(base.DB, d.jobs), d.jobs, moment.New(base.DB, d.jobs), quiet)
	keys, err := secret.New([]byte("an example key of 32 bytes here!"))
	if err != nil {
		t.Fatal(err)
	}
	notice.New(notice.Parts{DB: base.DB, Keys: keys, Jobs: d.jobs, Clock: base.Clock.Now, Dial: dial.New(dial.Options{Now: base.Clock.Now}), Changed: func(team.ID) {},
		Mail:  func(context.Context, string, string, string, string) error { return nil },
		About: func(context.Context, *db.Tx, []string) (map[string]string, error) { return nil, nil }})
	word, err := team.HashPassword("moonlight lamp")
	if err != nil {
		t.Fatal(err)
	}
	d.do(func(tx *db.Tx) (err error) {
		if err = team.ChangeFirm(d.ctx, tx, team.Firm{Name: "Dalbit", Language: "ko", Zone: "Asia/Seoul"}); err != nil {
			return err
		}
		if d.in, err = inbox.Create(d.ctx, tx, inbox.Inbox{Name: "Help", Channel: "email", Address: "help@dalbit.example"}); err != nil {
			return err
		}
		if d.kim, err = team.MakePerson(d.ctx, tx, "kim@dalbit.example", "Kim", team.Agent, word); err != nil {
			return err
		}
		d.lee, err = team.MakePerson(d.ctx, tx, "lee@dalbit.example", "Lee", team.Agent, word)
		return err
	})
	return d
}

// as acts as an agent who sees everything.
func (d *desk) as(who team.ID) context.Context {
	return team.With(d.ctx, team.Actor{Person: who, See: team.SeeEverything, Rights: []team.Right{team.ReadConversations, team.ReadContacts, team.Reply, team.Note, team.Handle}})
}

func (d *desk) do(fn func(tx *db.Tx) error) {
	d.t.Helper()
	if err := d.Write(d.ctx, fn); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) drain() {
	d.t.Helper()
	if err := d.jobs.Drain(d.ctx); err != nil {
		d.t.Fatal(err)
	}
}

func act(do string, with ...string) automation.Act {
	a := automation.Act{Do: do, With: map[string]string{}}
	for i := 0; i+1 < len(with); i += 2 {
		a.With[with[i]] = with[i+1]
	}
	return a
}

func do(acts ...automation.Act) sequence.Step { return sequence.Step{Do: "act", Acts: acts} }

func is(field, op string, values ...string) automation.If {
	return automation.If{Field: field, Op: op, Values: values}
}

var received = sequence.Start{When: "conversation.received"}

// flow makes a flow and switches it on.
func (d *desk) flow(f sequence.Flow) (id sequence.ID) {
	d.t.Helper()
	d.do(func(tx *db.Tx) (err error) {
		if id, err = sequence.Make(d.ctx, tx, f); err != nil {
			return err
		}
		return sequence.Switch(d.ctx, tx, id, true)
	})
	return id
}

func (d *desk) asks(text string) (id conversation.ID) {
	d.t.Helper()
	d.customers++
	name := fmt.Sprintf("guest%d", d.customers)
	d.do(func(tx *db.Tx) error {
		who, _, err := contact.Resolve(d.ctx, tx, contact.Sender{Name: name, Email: name + "@example.com"})
		if err != nil {
			return err
		}
		got, err := conversation.Receive(d.ctx, tx, conversation.Inbound{Inbox: d.in, Contact: who, Message: conversation.Message{Subject: "Lamp", Text: text}})
		id = got.Conversation
		return err
	})
	return id
}

// says lets the customer write once more.
func (d *desk) says(talk conversation.ID, text string) {
	d.t.Helper()
	d.do(func(tx *db.Tx) error {
		c, err := conversation.Get(d.ctx, tx, talk)
		if err != nil {
			return err
		}
		who, err := contact.Get(d.ctx, tx, c.Contact)
		if err != nil {
			return err
		}
		_, err = conversation.Receive(d.ctx, tx, conversation.Inbound{Inbox: d.in, Contact: who, Continues: talk, Message: conversation.Message{Subject: "Lamp", Text: text}})
		return err
	})
}

func (d *desk) get(id conversation.ID) (c conversation.Conversation) {
	d.t.Helper()
	d.do(func(tx *db.Tx) (err error) {
		c, err = conversation.Get(d.ctx, tx, id)
		return err
	})
	return c
}

func (d *desk) tags(talk conversation.ID, want ...string) {
	d.t.Helper()
	got := slices.Sorted(slices.Values(d.get(talk).Tags))
	if !slices.Equal(got, want) {
		d.t.Errorf("tags %q, want %q", got, want)
	}
}

func (d *desk) said(id conversation.ID) (texts []string) {
	d.t.Helper()
	d.do(func(tx *db.Tx) error {
		list, err := conversation.Messages(d.ctx, tx, id, 0, 100)
		for _, m := range list {
			texts = append(texts, string(m.Kind)+": "+m.Text)
		}
		return err
	})
	return texts
}

// paths lists those of a flow, the newest first.
func (d *desk) paths(flow sequence.ID) (list []sequence.Path) {
	d.t.Helper()
	d.do(func(tx *db.Tx) (err error) {
		list, err = sequence.Paths(d.ctx, tx, sequence.Filter{Flow: flow, Limit: 1000})
		return err
	})
	return list
}

// path is the newest of a flow, which has to stand so.
func (d *desk) path(flow sequence.ID, want sequence.State) sequence.Path {
	d.t.Helper()
	list := d.paths(flow)
	if len(list) == 0 || list[0].State != want {
		d.t.Fatalf("not %s: %+v", want, list)
	}
	return list[0]
}

func (d *desk) flowOf(p sequence.Path) (f sequence.Flow) {
	d.t.Helper()
	d.do(func(tx *db.Tx) (err error) {
		f, err = sequence.FlowOf(d.ctx, tx, p)
		return err
	})
	return f
}

func (d *desk) trace(p sequence.PathID) string {
	d.t.Helper()
	var s []string
	d.do(func(tx *db.Tx) error {
		list, err := sequence.Traces(d.ctx, tx, p)
		for _, x := range list {
			s = append(s, string(x.What))
		}
		return err
	})
	return strings.Join(s, " ")
}

func (d *desk) told(who team.ID, words string) (n int) {
	d.t.Helper()
	d.do(func(tx *db.Tx) (err error) {
		n, err = db.Value[int](d.ctx, tx, `SELECT COUNT(*) FROM notice WHERE person_id = $1 AND words = $2`, who, words)
		return err
	})
	return n
}
