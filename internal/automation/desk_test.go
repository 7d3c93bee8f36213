package automation_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

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
	"baraji/internal/oncall"
	"baraji/internal/outcall"
	"baraji/internal/promise"
	"baraji/internal/slack"
	"baraji/internal/team"
)

// desk is a shop with two people and rules.
type desk struct {
	*dbtest.Desk
	t         testing.TB
	ctx       context.Context
	jobs      *job.Runner
	in        inbox.Inbox
	crew      team.TeamID
	kim, lee  team.ID
	customers int
}

func each(t *testing.T, fn func(t *testing.T, d *desk)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, base *dbtest.Desk) { fn(t, open(t, base)) })
}

func open(t testing.TB, base *dbtest.Desk) *desk {
	d := &desk{Desk: base, t: t, ctx: team.AsSystem(t.Context()), jobs: job.NewRunner(base.DB, slog.New(slog.DiscardHandler))}
	log := event.NewLog(base.DB, d.jobs)
	automation.New(base.DB, log, d.jobs, moment.New(base.DB, d.jobs), slog.New(slog.DiscardHandler))
	keys, err := secret.New([]byte("an example key of 32 bytes here!"))
	if err != nil {
		t.Fatal(err)
	}
	notices := notice.New(notice.Parts{DB: base.DB, Keys: keys, Jobs: d.jobs, Clock: base.Clock.Now, Dial: dial.New(dial.Options{Now: base.Clock.Now}), Changed: func(team.ID) {},
		Mail:  func(context.Context, string, string, string, string) error { return nil },
		About: func(context.Context, *db.Tx, []string) (map[string]string, error) { return nil, nil }})
	slack.New(slack.Parts{DB: base.DB, Keys: keys, Jobs: d.jobs, Notices: notices, Clock: time.Now, Dial: dial.New(dial.Options{Now: time.Now}), API: "https://slack.invalid/"})
	outcall.New(outcall.Parts{DB: base.DB, Keys: keys, Jobs: d.jobs, Clock: time.Now, Dial: dial.New(dial.Options{Now: time.Now})})
	handle(d, func(ctx context.Context, tx *db.Tx, w conversation.Wake) error {
		return conversation.WakeUp(ctx, tx, w.Conversation)
	})
	handle(d, func(ctx context.Context, tx *db.Tx, r promise.Ring) error { return nil })
	handle(d, oncall.Climbed)
	handle(d, oncall.Stirred)
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
		if d.crew, err = team.MakeTeam(d.ctx, tx, "Desk", ""); err != nil {
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

func handle[J job.Args](d *desk, do func(context.Context, *db.Tx, J) error) {
	job.Handle(d.jobs, job.Kind{}, func(ctx context.Context, run *job.Run, j J) error {
		return d.Write(ctx, func(tx *db.Tx) error {
			if err := run.Finish(ctx, tx); err != nil {
				return err
			}
			return do(team.AsSystem(ctx), tx, j)
		})
	})
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

func is(field, op string, values ...string) automation.If {
	return automation.If{Field: field, Op: op, Values: values}
}

// rule adds a rule that is on.
func (d *desk) rule(r automation.Rule) (id automation.ID) {
	d.t.Helper()
	r.On = true
	if r.Name == "" {
		r.Name = "a rule"
	}
	if r.When == "" {
		r.When = "conversation.received"
	}
	d.do(func(tx *db.Tx) (err error) {
		id, err = automation.Make(d.ctx, tx, r)
		return err
	})
	return id
}

// asks is a new customer who writes; before the rules have looked at it.
func (d *desk) asks(text string, auto bool) (id conversation.ID) {
	d.t.Helper()
	d.customers++
	name := fmt.Sprintf("guest%d", d.customers)
	d.do(func(tx *db.Tx) error {
		who, _, err := contact.Resolve(d.ctx, tx, contact.Sender{Name: name, Email: name + "@example.com"})
		if err != nil {
			return err
		}
		got, err := conversation.Receive(d.ctx, tx, conversation.Inbound{Inbox: d.in, Contact: who, Message: conversation.Message{Subject: "Lamp", Text: text, Auto: auto}})
		id = got.Conversation
		return err
	})
	return id
}

func (d *desk) get(id conversation.ID) (c conversation.Conversation) {
	d.t.Helper()
	d.do(func(tx *db.Tx) (err error) {
		c, err = conversation.Get(d.ctx, tx, id)
		return err
	})
	return c
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

func (d *desk) runs(of automation.ID) (list []automation.Run) {
	d.t.Helper()
	d.do(func(tx *db.Tx) (err error) {
		list, err = automation.Runs(d.ctx, tx, of, 0, 100)
		return err
	})
	return list
}

func outcomes(list []automation.Run) string {
	var s []string
	for _, r := range list {
		s = append(s, string(r.Outcome))
	}
	return strings.Join(s, " ")
}

func (d *desk) events() (n int) {
	d.t.Helper()
	d.do(func(tx *db.Tx) (err error) {
		n, err = db.Value[int](d.ctx, tx, `SELECT COUNT(*) FROM event`)
		return err
	})
	return n
}

func (d *desk) getIn(tx *db.Tx, id conversation.ID) conversation.Conversation {
	c, err := conversation.Get(d.ctx, tx, id)
	if err != nil {
		d.t.Error(err)
	}
	return c
}
