package routing_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/event"
	"baraji/internal/kit/hours"
	"baraji/internal/kit/job"
	"baraji/internal/routing"
	"baraji/internal/shift"
	"baraji/internal/sla"
	"baraji/internal/team"
)

// desk is a shop in Seoul, nine to six on weekdays, with two people in one team; routing is wired as in the product.
type desk struct {
	*dbtest.Desk
	t        testing.TB
	ctx      context.Context
	jobs     *job.Runner
	in       inbox.Inbox
	team     team.TeamID
	kim, lee team.ID
}

func each(t *testing.T, fn func(t *testing.T, d *desk)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, base *dbtest.Desk) { fn(t, open(t, base)) })
}

func open(t testing.TB, base *dbtest.Desk) *desk {
	d := &desk{Desk: base, t: t, ctx: team.AsSystem(t.Context()), jobs: job.NewRunner(base.DB, slog.New(slog.DiscardHandler))}
	log := event.NewLog(base.DB, d.jobs)
	event.Within(log, "clocks", system(sla.OnReceived))
	event.Within(log, "clocks", system(sla.OnReplied))
	event.Within(log, "clocks", system(sla.OnStatusSet))
	event.Within(log, "clocks", system(sla.OnChanged))
	event.Within(log, "clocks", system(sla.OnTeamSet))
	event.On(log, "answer", system(routing.OnReceived))
	event.Within(log, "route", system(routing.OnStatusSet))
	event.Within(log, "route", system(routing.OnAssigned))
	event.On(log, "escalate", system(routing.OnBroken))
	event.On(log, "route", system(routing.OnHandedOver))
	handle(d, func(ctx context.Context, tx *db.Tx, o routing.Opened) error {
		return routing.Route(ctx, tx, o.Conversation)
	})
	handle(d, func(ctx context.Context, tx *db.Tx, _ routing.Next) error { return routing.Serve(ctx, tx) })
	handle(d, routing.StaysSilent)
	handle(d, func(ctx context.Context, tx *db.Tx, t shift.Tick) error { return shift.Ticked(ctx, tx, t.Rota) })
	event.Within(log, "route", system(routing.OnFreed[shift.TurnBegan]))
	handle(d, func(ctx context.Context, tx *db.Tx, r sla.Ring) error { return sla.Rung(ctx, tx, r.Conversation) })
	d.do(func(tx *db.Tx) (err error) {
		if err = team.ChangeFirm(d.ctx, tx, team.Firm{Name: "Dalbit", Language: "ko", Zone: "Asia/Seoul"}); err != nil {
			return err
		}
		if d.in, err = inbox.Create(d.ctx, tx, inbox.Inbox{Name: "Help", Channel: "email", Address: "help@dalbit.example"}); err != nil {
			return err
		}
		d.team, err = team.MakeTeam(d.ctx, tx, "Desk", "")
		return err
	})
	d.kim, d.lee = d.person("Kim"), d.person("Lee")
	d.do(func(tx *db.Tx) error { return team.SetMembers(d.ctx, tx, d.team, []team.ID{d.kim, d.lee}) })
	d.at("2026-11-23 09:00") // a Monday
	return d
}

var password = sync.OnceValues(func() (team.Hashed, error) { return team.HashPassword("moonlight lamp") })

func system[F any](fn func(context.Context, *db.Tx, F) error) func(context.Context, *db.Tx, F) error {
	return func(ctx context.Context, tx *db.Tx, f F) error { return fn(team.AsSystem(ctx), tx, f) }
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

// person is somebody who works here.
func (d *desk) person(name string) (id team.ID) {
	d.t.Helper()
	word, err := password()
	if err != nil {
		d.t.Fatal(err)
	}
	d.do(func(tx *db.Tx) (err error) {
		id, err = team.MakePerson(d.ctx, tx, name+"@dalbit.example", name, team.Agent, word)
		return err
	})
	return id
}

// rota lets people stand for the team, at all hours.
func (d *desk) rota(name string, mode shift.Mode, of team.TeamID, people ...team.ID) (id shift.RotaID) {
	d.t.Helper()
	return d.rotaIn(nil, name, mode, of, people...)
}

func (d *desk) rotaIn(when []shift.Span, name string, mode shift.Mode, of team.TeamID, people ...team.ID) (id shift.RotaID) {
	d.t.Helper()
	d.do(func(tx *db.Tx) (err error) {
		id, err = shift.Make(d.ctx, tx, shift.Rota{Name: name, Mode: mode, Team: of, Color: 1, Layers: []shift.Layer{
			{Name: "all", Slots: [][]team.ID{people}, First: hours.Date{Year: 2026, Month: time.November, Day: 1}, Every: 1, Unit: shift.Weeks, Hours: when}}})
		return err
	})
	return id
}

func (d *desk) at(text string) {
	d.t.Helper()
	if ahead := d.wall(text).Sub(d.Clock.Now()); ahead > 0 {
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

func (d *desk) lists(l routing.Lists) {
	d.t.Helper()
	d.do(func(tx *db.Tx) error { return routing.Set(d.ctx, tx, l) })
}

// shared is the rule that shares all among the team.
func (d *desk) shared(change ...func(*routing.Rule)) {
	r := routing.Rule{To: routing.ToTeam, Team: d.team, Known: true}
	for _, f := range change {
		f(&r)
	}
	d.lists(routing.Lists{Rules: []routing.Rule{r}})
}

// asks is a customer who writes and whose conversation is routed; 0 opens one.
func (d *desk) asks(name, text string, in conversation.ID) conversation.Conversation {
	d.t.Helper()
	var got conversation.ReceivedIn
	d.do(func(tx *db.Tx) error {
		who, _, err := contact.Resolve(d.ctx, tx, contact.Sender{Name: name, Email: name + "@example.com"})
		if err != nil {
			return err
		}
		got, err = conversation.Receive(d.ctx, tx, conversation.Inbound{Inbox: d.in, Contact: who, Continues: in, Message: conversation.Message{Subject: "Lamp", Text: text}})
		return err
	})
	d.drain()
	return d.get(got.Conversation)
}

func (d *desk) get(id conversation.ID) (c conversation.Conversation) {
	d.t.Helper()
	d.do(func(tx *db.Tx) (err error) {
		c, err = conversation.Get(d.ctx, tx, id)
		return err
	})
	return c
}

// why is the last decision on a conversation.
func (d *desk) why(id conversation.ID) routing.Decision {
	d.t.Helper()
	var list []routing.Decision
	d.do(func(tx *db.Tx) (err error) {
		list, err = routing.Decisions(d.ctx, tx, id)
		return err
	})
	if len(list) == 0 {
		return routing.Decision{}
	}
	return list[0]
}

func (d *desk) queue() (list []routing.Waiting) {
	d.t.Helper()
	d.do(func(tx *db.Tx) (err error) {
		list, err = routing.Queue(d.ctx, tx)
		return err
	})
	return list
}

func (d *desk) has(c conversation.Conversation, want team.ID, why string) {
	d.t.Helper()
	if c.Assignee != want {
		d.t.Errorf("%s: %v has it, want %v (%+v)", why, c.Assignee, want, d.why(c.ID))
	}
}

func (d *desk) room(p team.ID, n int) {
	d.t.Helper()
	d.do(func(tx *db.Tx) error {
		k := routing.Usual(p)
		k.Room = n
		return routing.SetDesk(d.ctx, tx, k)
	})
	d.drain()
}

func (d *desk) solve(id conversation.ID) {
	d.t.Helper()
	d.do(func(tx *db.Tx) error { return conversation.SetStatus(d.ctx, tx, id, conversation.Solved) })
	d.drain()
}

func TestWithoutRulesNothingIsAssigned(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		c := d.asks("hana", "where is it", 0)
		d.has(c, 0, "no rules")
		if len(d.queue()) != 0 {
			t.Error("something waits though nobody routes")
		}
	})
}

func TestTheTeamSharesTheWorkAndKnowsItsCustomers(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		d.rota("Desk", shift.InHouse, d.team, d.kim, d.lee)
		d.shared()
		a := d.asks("hana", "where is it", 0)
		b := d.asks("duri", "and mine", 0)
		if a.Assignee == 0 || b.Assignee == 0 || a.Assignee == b.Assignee {
			t.Fatalf("%v and %v have them", a.Assignee, b.Assignee)
		}
		if w := d.why(b.ID); w.Why != routing.Least || len(w.Others) != 2 || a.Team != d.team {
			t.Errorf("%+v", w)
		}
		again := d.asks("hana", "something else", 0)
		d.has(again, a.Assignee, "she was answered by him before")
		if w := d.why(again.ID); w.Why != routing.Knew {
			t.Errorf("because %s", w.Why)
		}
		if more := d.asks("hana", "are you there", again.ID); more.Assignee != again.Assignee {
			t.Error("a second message moved it")
		}
	})
}

func TestWhatComesWhenAllAreFullWaitsInOrder(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		d.rota("Desk", shift.InHouse, d.team, d.kim, d.lee)
		d.shared()
		d.room(d.kim, 1)
		d.room(d.lee, 1)
		a, b := d.asks("a", "1", 0), d.asks("b", "2", 0)
		c, e := d.asks("c", "3", 0), d.asks("e", "4", 0)
		d.has(c, 0, "all full")
		if q := d.queue(); len(q) != 2 || q[0].Conversation != c.ID || q[1].Conversation != e.ID || d.why(c.ID).Outcome != routing.Queued {
			t.Fatalf("queue %+v", q)
		}
		d.solve(a.ID)
		d.has(d.get(c.ID), a.Assignee, "the first that waits")
		d.has(d.get(e.ID), 0, "the second")
		urgent := "urgent"
		f := d.asks("f", "5", 0)
		d.do(func(tx *db.Tx) error {
			return conversation.Update(d.ctx, tx, f.ID, conversation.Change{Priority: &urgent})
		})
		d.asks("f", "please", f.ID) // routed anew, with its priority
		d.solve(b.ID)
		d.has(d.get(f.ID), b.Assignee, "the urgent one overtakes")
		d.has(d.get(e.ID), 0, "who came before, but is not urgent")
		d.do(func(tx *db.Tx) error { return conversation.Assign(d.ctx, tx, e.ID, d.kim) })
		if q := d.queue(); len(q) != 0 {
			t.Errorf("what was taken by hand still waits: %+v", q)
		}
	})
}

func TestAfterHoursOnlyWhatIsInScopeIsServed(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		park := d.person("Park")
		night := d.rota("Night", shift.Partner, 0, park)
		d.rota("Desk", shift.InHouse, d.team, d.kim, d.lee)
		d.lists(routing.Lists{
			Grades: []routing.Grade{{Words: []string{"결제가 안"}, SetType: "problem", SetSeverity: "critical", SetPriority: "urgent"}},
			Scopes: []routing.Scope{{When: routing.When{Severity: "critical"}, By: night, Within: 15}},
			Rules:  []routing.Rule{{To: routing.ToTeam, Team: d.team}},
		})
		d.at("2026-11-27 23:40") // a Friday
		harmless, critical := d.asks("a", "포장은 어떻게 하나요?", 0), d.asks("b", "결제가 안 돼요!", 0)
		d.has(critical, park, "in scope")
		if critical.Severity != "critical" || critical.Type != "problem" || critical.Priority != "urgent" {
			t.Errorf("graded %s %s %s", critical.Type, critical.Severity, critical.Priority)
		}
		d.has(harmless, 0, "it waits for Monday")
		if w := d.why(harmless.ID); w.Outcome != routing.Morning || harmless.Team != d.team {
			t.Errorf("%+v of %v", w, harmless.Team)
		}
		d.do(func(tx *db.Tx) error {
			e, err := routing.Expect(d.ctx, tx, routing.Subject{Team: d.team, Words: "포장"})
			if want := d.wall("2026-11-30 09:10"); err == nil && !e.By.Equal(want) {
				t.Errorf("promised by %s, want %s", e.By, want)
			}
			return err
		})
		d.at("2026-11-30 08:59")
		d.has(d.get(harmless.ID), 0, "a minute before")
		d.at("2026-11-30 09:00")
		if d.get(harmless.ID).Assignee == 0 || len(d.queue()) != 0 {
			t.Errorf("Monday at nine nobody has it: %+v, %+v", d.why(harmless.ID), d.queue())
		}
	})
}

func (d *desk) wall(text string) time.Time {
	d.t.Helper()
	z, err := time.LoadLocation("Asia/Seoul")
	if err != nil {
		d.t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", text, z)
	if err != nil {
		d.t.Fatal(err)
	}
	return at
}

func TestWhoStaysSilentHasItTakenBack(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		d.rota("Desk", shift.InHouse, d.team, d.kim, d.lee)
		d.shared(func(r *routing.Rule) { r.TakeBack = 30 })
		c := d.asks("hana", "where is it", 0)
		had := c.Assignee
		d.at("2026-11-23 09:20")
		d.do(func(tx *db.Tx) error {
			_, err := conversation.Reply(d.ctx, tx, c.ID, conversation.Answer{Text: "On its way.", Then: conversation.Pending})
			return err
		})
		d.at("2026-11-23 09:40")
		d.has(d.get(c.ID), had, "he answered")
		d.asks("hana", "still not here", c.ID)
		d.at("2026-11-23 10:05")
		d.has(d.get(c.ID), had, "25 minutes of silence")
		d.at("2026-11-23 10:11")
		now := d.get(c.ID)
		if now.Assignee == had || now.Assignee == 0 {
			t.Fatalf("%v has it still", now.Assignee)
		}
		if w := d.why(c.ID); w.Silent != had {
			t.Errorf("%+v", w)
		}
		d.at("2026-11-23 17:50")
		d.asks("hana", "hello?", c.ID)
	})
}

func TestABrokenPromiseMoves(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		var seniors team.TeamID
		park := d.person("Park")
		d.do(func(tx *db.Tx) (err error) {
			if seniors, err = team.MakeTeam(d.ctx, tx, "Seniors", ""); err != nil {
				return err
			}
			return team.SetMembers(d.ctx, tx, seniors, []team.ID{park})
		})
		d.rota("Desk", shift.InHouse, d.team, d.kim, d.lee)
		d.rota("Seniors", shift.InHouse, seniors, park)
		d.do(func(tx *db.Tx) error {
			return sla.SetTargets(d.ctx, tx, []sla.Target{{First: 10, Counts: sla.Working, Breach: sla.Breached{Raise: "high", Team: seniors}}})
		})
		d.shared()
		c := d.asks("hana", "where is it", 0)
		d.at("2026-11-23 09:09")
		if got := d.get(c.ID); got.Team != d.team || got.Priority == "high" {
			t.Fatalf("too early: %+v", got)
		}
		d.at("2026-11-23 09:10")
		got := d.get(c.ID)
		d.has(got, park, "the promise was broken")
		if got.Team != seniors || got.Priority != "high" || !d.why(c.ID).Moved {
			t.Errorf("%v, %s: %+v", got.Team, got.Priority, d.why(c.ID))
		}
	})
}

func TestWhatIsHandedOverStaysWithTheTeam(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		var seniors team.TeamID
		park := d.person("Park")
		d.do(func(tx *db.Tx) (err error) {
			if seniors, err = team.MakeTeam(d.ctx, tx, "Seniors", ""); err != nil {
				return err
			}
			return team.SetMembers(d.ctx, tx, seniors, []team.ID{park})
		})
		d.rota("Desk", shift.InHouse, d.team, d.kim, d.lee)
		d.rotaIn([]shift.Span{{Days: []time.Weekday{1, 2, 3, 4, 5}, From: 9 * 60, To: 18 * 60}}, "Seniors", shift.InHouse, seniors, park)
		d.shared()
		c := d.asks("hana", "where is it", 0)
		over := func(text string, to team.TeamID) error {
			return d.Write(d.ctx, func(tx *db.Tx) error {
				_, err := conversation.HandOver(d.ctx, tx, c.ID, conversation.Handover{Team: to, Text: text})
				return err
			})
		}
		if over("", seniors) == nil || over("Look at the fuse.", 0) == nil || over("Look at the fuse.", d.team) == nil {
			t.Error("handed over without a note, to nobody, or to whom it had")
		}
		d.at("2026-11-23 18:30") // after hours: it waits for their morning
		if err := over("I tried the fuse. She was promised a call by ten.", seniors); err != nil {
			t.Fatal(err)
		}
		d.drain()
		if got := d.get(c.ID); got.Team != seniors || got.Assignee != 0 || d.why(c.ID).Outcome != routing.Morning {
			t.Fatalf("%+v: %+v", got, d.why(c.ID))
		}
		d.at("2026-11-24 09:00")
		d.has(d.get(c.ID), park, "their morning")
		if got := d.asks("hana", "and?", c.ID); got.Team != seniors || got.Assignee != park {
			t.Errorf("it went back: %v %v", got.Team, got.Assignee)
		}
	})
}
