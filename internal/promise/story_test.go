package promise_test

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
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/promise"
	"baraji/internal/team"
)

var hashed = sync.OnceValue(func() team.Hashed {
	h, err := team.HashPassword("moonlight lamp")
	if err != nil {
		panic(err)
	}
	return h
})

// desk is a shop in Seoul with a customer who asks, and a partner who sees nothing of it.
type desk struct {
	*dbtest.Desk
	t             *testing.T
	jobs          *job.Runner
	ctx, other    context.Context // of the one who promises, and of one of another team
	me            team.ID
	who           contact.Contact
	talk          conversation.ID
	warned, slips []string
}

func each(t *testing.T, fn func(t *testing.T, d *desk)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, base *dbtest.Desk) {
		d := &desk{Desk: base, t: t, ctx: team.AsSystem(t.Context()), jobs: job.NewRunner(base.DB, slog.New(slog.DiscardHandler))}
		log := event.NewLog(base.DB, d.jobs)
		event.Within(log, "t", func(_ context.Context, tx *db.Tx, f promise.Warned) error {
			d.warned = append(d.warned, local(tx.Now()))
			return nil
		})
		event.Within(log, "t", func(_ context.Context, tx *db.Tx, f promise.Slipped) error {
			d.slips = append(d.slips, local(tx.Now()))
			return nil
		})
		event.Within(log, "promise", promise.OnMerged)
		job.Handle(d.jobs, job.Kind{}, func(ctx context.Context, run *job.Run, r promise.Ring) error {
			return base.Write(ctx, func(tx *db.Tx) error {
				if err := run.Finish(ctx, tx); err != nil {
					return err
				}
				return promise.Rung(team.AsSystem(ctx), tx, r.Promise)
			})
		})
		contact.Use(base.DB, conversation.Part(), promise.Part())
		d.Clock.Advance(time.Date(2026, 11, 18, 5, 0, 0, 0, time.UTC).Sub(d.Clock.Now())) // a Wednesday, 14:00 in Seoul
		d.do(func(tx *db.Tx) error {
			if err := team.ChangeFirm(d.ctx, tx, team.Firm{Name: "Dalbit", Language: "ko", Zone: "Asia/Seoul"}); err != nil {
				return err
			}
			mine, err := team.MakeTeam(d.ctx, tx, "Mine", "")
			if err != nil {
				return err
			}
			in, err := inbox.Create(d.ctx, tx, inbox.Inbox{Name: "Help", Channel: "email", Address: "help@dalbit.example", Team: mine})
			if err != nil {
				return err
			}
			if d.who, _, err = contact.Resolve(d.ctx, tx, contact.Sender{Name: "Hana", Email: "hana@customer.example"}); err != nil {
				return err
			}
			got, err := conversation.Receive(d.ctx, tx, conversation.Inbound{Inbox: in, Contact: d.who, Message: conversation.Message{Subject: "Lamp", Text: "When?"}})
			if err != nil {
				return err
			}
			d.talk = got.Conversation
			d.me, err = team.MakePerson(d.ctx, tx, "minsu@dalbit.example", "Minsu", team.Agent, hashed())
			return err
		})
		d.do(func(tx *db.Tx) error {
			actor, err := team.ActorOf(d.ctx, tx, d.me)
			d.other = team.With(d.ctx, team.Actor{Person: d.me + 1, Rights: actor.Rights, See: team.SeeTeams})
			d.ctx = team.With(d.ctx, actor)
			return err
		})
		fn(t, d)
	})
}

func (d *desk) do(fn func(tx *db.Tx) error) {
	d.t.Helper()
	if err := d.Write(d.ctx, fn); err != nil {
		d.t.Fatal(err)
	}
}

func seoul() *time.Location { z, _ := time.LoadLocation("Asia/Seoul"); return z }

func local(at time.Time) string { return at.In(seoul()).Format("01-02 15:04") }

func at(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, seoul())
	if err != nil {
		panic(err)
	}
	return t
}

// until lets the clock come to a time, hour by hour, and does what is due.
func (d *desk) until(text string) {
	d.t.Helper()
	for to := at(text); d.Clock.Now().Before(to); {
		d.Clock.Advance(min(time.Hour, to.Sub(d.Clock.Now())))
		if err := d.jobs.Drain(team.AsSystem(d.t.Context())); err != nil {
			d.t.Fatal(err)
		}
	}
}

func (d *desk) promises(g promise.Given) (id promise.ID) {
	d.t.Helper()
	d.do(func(tx *db.Tx) (err error) { id, err = promise.Make(d.ctx, tx, g); return err })
	return id
}

func TestItsOwnerIsWarnedAWorkingDayBefore(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		d.promises(promise.Given{Words: "A new lamp", Conversation: d.talk, Due: at("2026-11-23 15:00")})              // Monday
		d.promises(promise.Given{Words: "An answer", Conversation: d.talk, Due: at("2026-11-24 12:00"), AllDay: true}) // Tuesday, by its end
		d.until("2026-11-25 10:00")
		if want := []string{"11-20 15:00", "11-24 00:00"}; !slices.Equal(hours(d.warned), hours(want)) {
			t.Errorf("warned at %v, want %v: the weekend is not worked", d.warned, want)
		}
		if len(d.slips) != 2 {
			t.Errorf("slipped at %v", d.slips)
		}
		d.do(func(tx *db.Tx) error {
			list, err := promise.List(d.ctx, tx, promise.Filter{Slipping: true, Limit: 10})
			if len(list) != 2 || !list[0].Overdue(tx.Now()) {
				t.Errorf("slipping: %+v", list)
			}
			return err
		})
	})
}

// hours are times to the hour: the timer is looked at once an hour here.
func hours(list []string) (out []string) {
	for _, s := range list {
		out = append(out, strings.Split(s, ":")[0])
	}
	return out
}

func TestWhatIsKeptRingsNoMore(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		id := d.promises(promise.Given{Words: "A lamp", Conversation: d.talk, Due: at("2026-11-20 15:00")})
		d.do(func(tx *db.Tx) error { return promise.Close(d.ctx, tx, id, promise.Kept) })
		d.until("2026-11-21 00:00")
		if len(d.warned)+len(d.slips) > 0 {
			t.Errorf("warned %v, slipped %v", d.warned, d.slips)
		}
		d.do(func(tx *db.Tx) error { return promise.Reopen(d.ctx, tx, id) })
		d.until("2026-11-21 02:00")
		if len(d.slips) != 1 {
			t.Errorf("opened again after its time, it slipped %d times", len(d.slips))
		}
	})
}

func TestAnotherDayIsAgreedOn(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		id := d.promises(promise.Given{Words: "A lamp", Conversation: d.talk, Due: at("2026-11-20 15:00")})
		d.until("2026-11-20 16:00")
		d.do(func(tx *db.Tx) error { return promise.Move(d.ctx, tx, id, at("2026-11-27 15:00"), false, "None left") })
		d.until("2026-11-28 00:00")
		if len(d.warned) != 2 || len(d.slips) != 2 {
			t.Errorf("warned %v, slipped %v: each day is warned of", d.warned, d.slips)
		}
		d.do(func(tx *db.Tx) error {
			p, err := promise.Get(d.ctx, tx, id)
			if err != nil {
				return err
			}
			days, err := promise.Days(d.ctx, tx, p)
			if p.Moved != 1 || p.State != promise.Open || len(days) != 1 || days[0].Why != "None left" || !days[0].Due.Equal(at("2026-11-20 15:00")) {
				t.Errorf("%+v, before: %+v", p, days)
			}
			return err
		})
	})
}

func TestAPromiseIsSeenByThoseWhoSeeTheTalk(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		hidden := d.promises(promise.Given{Words: "A lamp", Conversation: d.talk, Due: at("2026-11-20 15:00")})
		open := d.promises(promise.Given{Words: "A price", Contact: d.who.ID, Due: at("2026-11-20 15:00")})
		d.do(func(tx *db.Tx) error {
			if _, err := promise.Get(d.other, tx, hidden); problem.KindOf(err) != problem.NotFound {
				t.Errorf("one of another team reads it: %v", err)
			}
			if err := promise.Close(d.other, tx, hidden, promise.Broken); problem.KindOf(err) != problem.NotFound {
				t.Errorf("one of another team closes it: %v", err)
			}
			if _, err := promise.Get(d.other, tx, open); err != nil {
				t.Errorf("what was promised to a customer outside of any talk: %v", err)
			}
			list, err := promise.OfContact(d.other, tx, d.who.ID, 3)
			if len(list) != 1 {
				t.Errorf("%d on the card", len(list))
			}
			line, err2 := contact.Timeline(d.ctx, tx, d.who.ID, time.Time{}, 20)
			n := 0
			for _, e := range line {
				if strings.HasPrefix(e.Kind, "promise.") {
					n++
				}
			}
			if n != 2 || err2 != nil {
				t.Errorf("%d on the line: %v", n, err2)
			}
			return err
		})
	})
}

func TestWhatCannotBePromised(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		for name, g := range map[string]promise.Given{
			"words": {Words: "  ", Conversation: d.talk, Due: at("2026-11-20 15:00")},
			"due":   {Words: "A lamp", Conversation: d.talk},
			"kind":  {Words: "A lamp", Kind: "moon", Conversation: d.talk, Due: at("2026-11-20 15:00")},
		} {
			err := d.Write(d.ctx, func(tx *db.Tx) error { _, err := promise.Make(d.ctx, tx, g); return err })
			if f := problem.Fields(err); len(f) != 1 || f[0].Name != name {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
