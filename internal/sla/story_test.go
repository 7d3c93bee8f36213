package sla_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"baraji/internal/calendar"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/sla"
	"baraji/internal/team"
)

// desk is a shop in Seoul, nine to six, whose clocks run as in the product.
type desk struct {
	*dbtest.Desk
	t    testing.TB
	jobs *job.Runner
	in   inbox.Inbox
	ctx  context.Context
}

func each(t *testing.T, fn func(t *testing.T, d *desk)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, base *dbtest.Desk) { fn(t, open(t, base)) })
}

func open(t testing.TB, base *dbtest.Desk) *desk {
	d := &desk{Desk: base, t: t, ctx: team.AsSystem(t.Context()), jobs: job.NewRunner(base.DB, slog.New(slog.DiscardHandler))}
	sla.Use(base.DB)
	log := event.NewLog(base.DB, d.jobs)
	event.Within(log, "clocks", sla.OnReceived)
	event.Within(log, "clocks", sla.OnReplied)
	event.Within(log, "clocks", sla.OnUnsent)
	event.Within(log, "clocks", sla.OnStatusSet)
	event.Within(log, "clocks", sla.OnChanged)
	event.Within(log, "clocks", sla.OnTeamSet)
	event.Within(log, "clocks", sla.OnMerged)
	event.Within(log, "clocks", sla.OnSplit)
	event.Within(log, "clocks", sla.OnUndone)
	job.Handle(d.jobs, job.Kind{}, func(ctx context.Context, run *job.Run, r sla.Ring) error {
		return base.Write(ctx, func(tx *db.Tx) error {
			if err := run.Finish(ctx, tx); err != nil {
				return err
			}
			return sla.Rung(d.ctx, tx, r.Conversation)
		})
	})
	job.Handle(d.jobs, job.Kind{}, func(ctx context.Context, _ *job.Run, w conversation.Wake) error {
		return base.Write(ctx, func(tx *db.Tx) error { return conversation.WakeUp(d.ctx, tx, w.Conversation) })
	})
	d.do(func(tx *db.Tx) (err error) {
		if err = team.ChangeFirm(d.ctx, tx, team.Firm{Name: "Dalbit", Language: "ko", Zone: "Asia/Seoul"}); err != nil {
			return err
		}
		d.in, err = inbox.Create(d.ctx, tx, inbox.Inbox{Name: "Help", Channel: "email", Address: "help@dalbit.example"})
		return err
	})
	d.at("2026-11-23 09:00") // a Monday
	return d
}

func (d *desk) do(fn func(tx *db.Tx) error) {
	d.t.Helper()
	if err := d.Write(d.ctx, fn); err != nil {
		d.t.Fatal(err)
	}
}

// at lets the clock come to a time on the wall of Seoul, and does what is due by then.
func (d *desk) at(text string) {
	d.t.Helper()
	to := wall(text)
	if ahead := to.Sub(d.Clock.Now()); ahead > 0 {
		d.Clock.Advance(ahead)
	}
	d.drain()
}

func (d *desk) drain() {
	d.t.Helper()
	if err := d.jobs.Drain(d.ctx); err != nil {
		d.t.Fatal(err)
	}
}

func wall(text string) time.Time {
	z, err := time.LoadLocation("Asia/Seoul")
	if err != nil {
		panic(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", text, z)
	if err != nil {
		panic(err)
	}
	return at
}

// asks is a customer who writes; 0 opens a conversation.
func (d *desk) asks(in conversation.ID, auto bool) conversation.ID {
	d.t.Helper()
	var got conversation.ReceivedIn
	d.do(func(tx *db.Tx) error {
		who, _, err := contact.Resolve(d.ctx, tx, contact.Sender{Name: "Hana", Email: "hana@example.com"})
		if err != nil {
			return err
		}
		got, err = conversation.Receive(d.ctx, tx, conversation.Inbound{Inbox: d.in, Contact: who, Continues: in, Message: conversation.Message{Subject: "Lamp", Text: "Where is it?", Auto: auto}})
		return err
	})
	return got.Conversation
}

func (d *desk) answers(id conversation.ID, then conversation.Status) conversation.Message {
	d.t.Helper()
	var m conversation.Message
	d.do(func(tx *db.Tx) (err error) {
		m, err = conversation.Reply(d.ctx, tx, id, conversation.Answer{Text: "On its way.", Then: then})
		return err
	})
	return m
}

func (d *desk) status(id conversation.ID, to conversation.Status) {
	d.t.Helper()
	d.do(func(tx *db.Tx) error { return conversation.SetStatus(d.ctx, tx, id, to) })
}

func (d *desk) targets(list ...sla.Target) {
	d.t.Helper()
	d.do(func(tx *db.Tx) error { return sla.SetTargets(d.ctx, tx, list) })
}

func (d *desk) clocks(id conversation.ID) (c sla.Clocks) {
	d.t.Helper()
	d.do(func(tx *db.Tx) error {
		all, err := sla.Of(d.ctx, tx, id)
		c = all[id]
		return err
	})
	return c
}

func (d *desk) due(id conversation.ID, which sla.Which, want string) {
	d.t.Helper()
	got, expect := d.clocks(id).Due(which), time.Time{}
	if want != "" {
		expect = wall(want)
	}
	if !got.Equal(expect) {
		d.t.Errorf("%s is due %v, want %v", which, got.In(expect.Location()), want)
	}
}

func (d *desk) state(id conversation.ID, want sla.State) {
	d.t.Helper()
	if got := d.clocks(id).State(d.Clock.Now()); got != want {
		d.t.Errorf("state %s, want %s: %+v", got, want, d.clocks(id))
	}
}

// facts are what was told of a conversation's clocks.
func (d *desk) facts(id conversation.ID) (list []string) {
	d.t.Helper()
	d.do(func(tx *db.Tx) error {
		list = nil
		for _, kind := range []string{"sla.warned", "sla.broken"} {
			events, err := event.OfKind(d.ctx, tx, id.String(), kind, 100)
			if err != nil {
				return err
			}
			for _, e := range events {
				list = append(list, fmt.Sprintf("%s %s %s", kind, e.At.In(wall("2026-01-01 00:00").Location()).Format("01-02 15:04:05"), e.Body))
			}
		}
		return nil
	})
	return list
}

func TestTheFirstAnswerIsDueWithinTenMinutes(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		id := d.asks(0, false)
		d.due(id, sla.First, "2026-11-23 09:10")
		d.state(id, sla.Running)
		d.at("2026-11-23 09:08")
		d.state(id, sla.Warning)
		d.at("2026-11-23 09:30")
		d.state(id, sla.Breach)
		if got := d.facts(id); len(got) != 2 {
			t.Errorf("told: %q", got)
		}
		d.answers(id, "")
		d.due(id, sla.First, "")
		d.state(id, sla.Kept)
		if c := d.clocks(id)[sla.First]; !c.Late() {
			t.Errorf("answered late: %+v", c)
		}
		d.at("2026-11-23 18:30")
		night := d.asks(0, false)
		d.due(night, sla.First, "2026-11-24 09:10")
		machine := d.asks(0, true)
		d.state(machine, sla.NoClock)
	})
}

func TestClocksStandAndGoOn(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		d.targets(sla.Target{First: 60, Next: 120, Solve: 480, Counts: sla.Working, Pauses: []conversation.Status{conversation.Pending}})
		id := d.asks(0, false)
		d.due(id, sla.Solve, "2026-11-23 17:00")
		d.at("2026-11-23 10:00")
		d.answers(id, conversation.Pending)
		d.state(id, sla.Paused)
		d.due(id, sla.Solve, "")
		d.at("2026-11-24 12:00")
		d.asks(id, false) // and open again
		d.due(id, sla.Next, "2026-11-24 14:00")
		d.due(id, sla.Solve, "2026-11-25 10:00") // seven hours are left
		d.at("2026-11-24 13:00")
		d.asks(id, false)
		d.due(id, sla.Next, "2026-11-24 14:00") // he waits since noon
		d.answers(id, "")
		d.due(id, sla.Next, "")
		d.at("2026-11-24 15:00")
		d.status(id, conversation.Solved)
		d.state(id, sla.Kept)
		d.at("2026-11-26 09:00")
		d.asks(id, false)
		d.due(id, sla.Solve, "2026-11-26 13:00") // three of eight hours were used until noon, two until three
	})
}

func TestPoliciesDoNotChangeWhatRuns(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		urgent := sla.Target{Severity: "critical", First: 5, Counts: sla.Wall}
		d.targets(urgent, sla.Target{First: 60, Counts: sla.Working})
		id := d.asks(0, false)
		d.targets(urgent, sla.Target{First: 10, Counts: sla.Working})
		d.do(func(tx *db.Tx) error {
			return calendar.Change(d.ctx, tx, calendar.Firm, calendar.Given{Week: calendar.Week{}})
		})
		d.due(id, sla.First, "2026-11-23 10:00")
		d.at("2026-11-23 09:02")
		severity := "critical"
		d.do(func(tx *db.Tx) error {
			return conversation.Update(d.ctx, tx, id, conversation.Change{Severity: &severity})
		})
		d.due(id, sla.First, "2026-11-23 09:05") // two of five minutes are used
		never := d.asks(0, false)
		d.due(never, sla.First, "") // the new hours have none
		d.state(never, sla.Running)
	})
}

func TestWhatMovesTakesItsClocksAlong(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		d.targets(sla.Target{First: 60, Next: 60, Counts: sla.Working})
		a := d.asks(0, false)
		d.at("2026-11-23 09:20")
		b := d.asks(0, false)
		d.answers(b, "")
		d.do(func(tx *db.Tx) error { _, err := conversation.Merge(d.ctx, tx, b, a); return err })
		d.state(a, sla.NoClock) // what was merged escalates no more
		d.state(b, sla.Kept)
		d.do(func(tx *db.Tx) error {
			_, err := conversation.Undo(d.ctx, tx, b)
			return err
		})
		d.due(a, sla.First, "2026-11-23 10:00")
		d.state(b, sla.Kept)
		d.at("2026-11-23 11:00")
		if got := d.facts(a); len(got) != 1 || !strings.Contains(got[0], `"due":"2026-11-23T01:00:00Z"`) {
			t.Errorf("told: %q", got)
		}
	})
}

// TestTimersThroughAnOutage is the short form of T18: what came due while nothing ran is told once, in its order, and marked late.
func TestTimersThroughAnOutage(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		var ids []conversation.ID
		for range 60 {
			ids = append(ids, d.asks(0, false))
			d.Clock.Advance(time.Second)
		}
		d.Clock.Advance(6 * time.Hour) // nothing runs
		for range 3 {
			d.drain()
		}
		for _, id := range ids {
			got := d.facts(id)
			if len(got) != 1 || !strings.Contains(got[0], `"late":true`) { // a warning that is over is not told
				t.Fatalf("told: %q", got)
			}
		}
		d.Clock.Advance(-10 * time.Minute) // the clock of the machine jumps back
		d.drain()
		d.Clock.Advance(24 * time.Hour)
		d.drain()
		for _, id := range ids {
			if got := d.facts(id); len(got) != 1 {
				t.Fatalf("told again: %q", got)
			}
		}
	})
}
