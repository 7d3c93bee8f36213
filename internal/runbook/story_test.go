package runbook_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/dial"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/notice"
	"baraji/internal/oncall"
	"baraji/internal/runbook"
	"baraji/internal/team"
)

var hashed = sync.OnceValue(func() team.Hashed {
	h, err := team.HashPassword("moonlight lamp")
	if err != nil {
		panic(err)
	}
	return h
})

// desk is a shop at night: Minsu is alone, a partner may follow and not write, another team may come.
type desk struct {
	*dbtest.Desk
	t            *testing.T
	ctx, partner context.Context
	me           team.ID
	other        team.TeamID
	service      oncall.ServiceID
	talk         conversation.ID
	in           inbox.Inbox
}

func each(t *testing.T, fn func(t *testing.T, d *desk)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, base *dbtest.Desk) {
		d := &desk{Desk: base, t: t, ctx: team.AsSystem(t.Context())}
		jobs := job.NewRunner(base.DB, slog.New(slog.DiscardHandler))
		log := event.NewLog(base.DB, jobs)
		job.Handle(jobs, job.Kind{}, func(context.Context, *job.Run, oncall.Climb) error { return nil })
		notice.New(notice.Parts{DB: base.DB, Jobs: jobs, Clock: base.Clock.Now, Dial: dial.New(dial.Options{Now: base.Clock.Now}), Changed: func(team.ID) {}})
		event.Within(log, "runbook", runbook.OnMerged)
		event.Within(log, "runbook", runbook.OnDeleted)
		contact.Use(base.DB, conversation.Part())
		d.do(func(tx *db.Tx) error {
			mine, err := team.MakeTeam(d.ctx, tx, "Night", "")
			if err != nil {
				return err
			}
			if d.other, err = team.MakeTeam(d.ctx, tx, "Workshop", ""); err != nil {
				return err
			}
			if d.in, err = inbox.Create(d.ctx, tx, inbox.Inbox{Name: "Help", Channel: "email", Address: "help@dalbit.example", Team: mine}); err != nil {
				return err
			}
			if d.me, err = team.MakePerson(d.ctx, tx, "minsu@dalbit.example", "Minsu", team.Agent, hashed()); err != nil {
				return err
			}
			if d.service, err = oncall.MakeService(d.ctx, tx, oncall.Service{Name: "Workshop", Course: oncall.Course{Steps: []oncall.Step{{Who: []oncall.Target{{Person: d.me}}, Wait: 5}}}}); err != nil {
				return err
			}
			actor, err := team.ActorOf(d.ctx, tx, d.me)
			rights := slices.DeleteFunc(slices.Clone(actor.Rights), func(r team.Right) bool { return r == team.EditArticles })
			d.partner = team.With(d.ctx, team.Actor{Person: d.me + 1, Rights: rights, See: team.SeeTeams, Teams: []team.TeamID{mine}})
			d.ctx = team.With(d.ctx, actor)
			return err
		})
		d.talk = d.asks("Lights flicker", "since the update")
		fn(t, d)
	})
}

func (d *desk) do(fn func(tx *db.Tx) error) {
	d.t.Helper()
	if err := d.Write(d.ctx, fn); err != nil {
		d.t.Fatal(err)
	}
}

// refused says how whoever acts is refused; "" if he is not.
func (d *desk) refused(ctx context.Context, fn func(ctx context.Context, tx *db.Tx) error) problem.Kind {
	d.t.Helper()
	err := d.Write(ctx, func(tx *db.Tx) error { return fn(ctx, tx) })
	if err == nil {
		d.t.Error("it was allowed")
	}
	return problem.KindOf(err)
}

func (d *desk) asks(subject, text string) (id conversation.ID) {
	d.t.Helper()
	d.do(func(tx *db.Tx) error {
		sys := team.AsSystem(d.t.Context())
		who, _, err := contact.Resolve(sys, tx, contact.Sender{Name: "Hana", Email: "hana@customer.example"})
		if err != nil {
			return err
		}
		got, err := conversation.Receive(sys, tx, conversation.Inbound{Inbox: d.in, Contact: who, Message: conversation.Message{Subject: subject, Text: text}})
		id = got.Conversation
		return err
	})
	return id
}

func en(s string) i18n.Text { return i18n.Text{i18n.English: s} }

func (d *desk) makes(c runbook.Content) (id runbook.ID) {
	d.t.Helper()
	d.do(func(tx *db.Tx) (err error) { id, err = runbook.Make(d.ctx, tx, c); return err })
	return id
}

func (d *desk) starts(of runbook.ID) (r runbook.Run) {
	d.t.Helper()
	d.do(func(tx *db.Tx) (err error) { r, err = runbook.Start(d.ctx, tx, d.talk, of); return err })
	return r
}

func (d *desk) run(id runbook.RunID) (r runbook.Run) {
	d.t.Helper()
	d.do(func(tx *db.Tx) (err error) { r, err = runbook.GetRun(d.ctx, tx, id); return err })
	return r
}

func (d *desk) tick(id runbook.RunID, step int, w runbook.What, note string) {
	d.t.Helper()
	d.do(func(tx *db.Tx) error { return runbook.TickOff(d.ctx, tx, id, step, w, note) })
}

func (d *desk) flicker() runbook.Content {
	return runbook.Content{Title: en("Lights flicker"), Words: []string{"flicker"}, Steps: []runbook.Step{
		{Text: en("Turn it **off**")}, {Text: en("Restart the bridge"), Service: d.service}, {Text: en("Send a new one"), Else: runbook.HandOver}}}
}

func TestOneFollowsARunbookAlone(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		of := d.makes(d.flicker())
		d.do(func(tx *db.Tx) error {
			c, err := conversation.Get(d.ctx, tx, d.talk)
			if err != nil {
				return err
			}
			list, err := runbook.Suggest(d.ctx, tx, c)
			if len(list) != 1 || list[0].ID != of || !slices.Equal(list[0].Words, []string{"flicker"}) {
				t.Errorf("suggested: %+v", list)
			}
			return err
		})
		r := d.starts(of)
		if again := d.starts(of); again.ID != r.ID {
			t.Error("it is followed twice")
		}
		d.tick(r.ID, 1, runbook.Done, "")
		d.tick(r.ID, 1, runbook.Done, "") // pressed twice
		if k := d.refused(d.partner, func(ctx context.Context, tx *db.Tx) error {
			return runbook.TickOff(ctx, tx, r.ID, 1, runbook.Done, "")
		}); k != problem.Conflict {
			t.Errorf("who comes second: %v", k)
		}
		if k := d.refused(d.ctx, func(ctx context.Context, tx *db.Tx) error {
			return runbook.TickOff(ctx, tx, r.ID, 2, runbook.Skipped, " ")
		}); k != problem.Invalid {
			t.Errorf("skipped without a reason: %v", k)
		}

		// The writer mends it; nobody's ground moves.
		c := d.flicker()
		c.Steps = c.Steps[:1]
		d.do(func(tx *db.Tx) error { return runbook.Change(d.ctx, tx, of, 1, c) })
		if got := d.run(r.ID); len(got.Steps) != 3 || got.Version != 1 || got.Steps[1].ServiceName != "Workshop" {
			t.Errorf("the run changed: %+v", got.Steps)
		}

		var page, twice oncall.ID
		d.do(func(tx *db.Tx) (err error) { page, err = runbook.CallOut(d.ctx, tx, r.ID, 2); return err })
		d.do(func(tx *db.Tx) (err error) { twice, err = runbook.CallOut(d.ctx, tx, r.ID, 2); return err })
		if page == 0 || page != twice {
			t.Errorf("called %v and %v", page, twice)
		}
		d.tick(r.ID, 2, runbook.NotHelped, "it still flickers")
		d.tick(r.ID, 3, runbook.NotHelped, "")
		if got := d.run(r.ID).Place(); got != (runbook.Place{Stuck: 3, HandOver: true}) {
			t.Errorf("at %+v", got)
		}
		d.do(func(tx *db.Tx) error { return runbook.TakeBack(d.ctx, tx, r.ID) })
		if got := d.run(r.ID); got.Place().At != 3 || len(got.Ticks) != 3 {
			t.Errorf("taken back: %+v", got)
		}
		d.do(func(tx *db.Tx) error {
			return runbook.End(d.ctx, tx, r.ID, runbook.Ending{To: runbook.HandedOver, Team: d.other, Why: "Send him a new lamp."})
		})
		ended := d.run(r.ID)
		if ended.State != runbook.HandedOver || ended.Stuck != 3 || ended.EndedBy != d.me {
			t.Errorf("ended: %+v", ended)
		}
		d.do(func(tx *db.Tx) error {
			c, err := conversation.Get(d.ctx, tx, d.talk)
			if c.Team != d.other {
				t.Error("the conversation was not handed over")
			}
			stuck, err2 := runbook.Unsolved(d.ctx, tx, []conversation.ID{d.talk})
			if stuck[d.talk].ID != r.ID {
				t.Error("the morning does not hear of it")
			}
			figures, err3 := runbook.FiguresOf(d.ctx, tx, of)
			if f := figures[of]; f.Used != 1 || f.Talks != 1 || f.Closed != 1 || f.Stuck[3] != 1 || f.Helped() != 0 {
				t.Errorf("figures: %+v", f)
			}
			return cmpErr(err, err2, err3)
		})
		if k := d.refused(d.partner, func(ctx context.Context, tx *db.Tx) error { _, err := runbook.GetRun(ctx, tx, r.ID); return err }); k != problem.NotFound {
			t.Errorf("who does not see the conversation any more: %v", k)
		}
		d.do(func(tx *db.Tx) error { return runbook.Resume(d.ctx, tx, r.ID) })
		d.do(func(tx *db.Tx) error {
			return runbook.End(d.ctx, tx, r.ID, runbook.Ending{To: runbook.Solved})
		})
		if got := d.run(r.ID); got.State != runbook.Solved || got.Stuck != 0 {
			t.Errorf("solved after all: %+v", got)
		}
		kinds := d.told()
		if want := "started ticked ticked ticked ticked took_back ended resumed ended"; kinds != want {
			t.Errorf("told: %s, want %s", kinds, want)
		}
	})
}

func cmpErr(all ...error) error {
	for _, err := range all {
		if err != nil {
			return err
		}
	}
	return nil
}

// told are the facts of runbooks about the conversation, the first at the head.
func (d *desk) told() string {
	var kinds []string
	d.do(func(tx *db.Tx) error {
		list, err := event.Of(d.ctx, tx, d.talk.String(), 0, 200)
		for _, e := range slices.Backward(list) {
			if k, ok := strings.CutPrefix(e.Kind, "runbook."); ok {
				kinds = append(kinds, k)
			}
		}
		return err
	})
	return strings.Join(kinds, " ")
}

func TestAKnownErrorIsACatalogue(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		of := d.makes(runbook.Content{Kind: runbook.Known, Title: en("App 3.2 dims too often"), About: en("Lights on a dimmer flicker."), Cause: en("The app sends too much."),
			Workaround: en("Turn it up to full."), Words: []string{"flicker"}})
		d.makes(d.flicker())
		find := func(f runbook.Filter) (n int) {
			d.do(func(tx *db.Tx) error { list, err := runbook.List(d.partner, tx, f); n = len(list); return err })
			return n
		}
		for name, c := range map[string]struct {
			f    runbook.Filter
			want int
		}{
			"all": {runbook.Filter{}, 2}, "known ones": {runbook.Filter{Kind: runbook.Known, Open: true}, 1}, "by its cause": {runbook.Filter{Words: "sends too much"}, 1},
			"by a step": {runbook.Filter{Words: "bridge"}, 1}, "by nothing in it": {runbook.Filter{Words: "parcel"}, 0},
		} {
			if got := find(c.f); got != c.want {
				t.Errorf("%s: %d, want %d", name, got, c.want)
			}
		}
		r := d.starts(of)
		if len(r.Steps) != 1 || r.Steps[0].Text.In(i18n.English) != "Turn it up to full." {
			t.Errorf("what one does: %+v", r.Steps)
		}

		// It is fixed: no longer open, still found.
		d.do(func(tx *db.Tx) error {
			b, err := runbook.Get(d.ctx, tx, of)
			if err != nil {
				return err
			}
			b.Fixed, b.FixedIn = true, "3.2.1"
			return runbook.Change(d.ctx, tx, of, b.Version, b.Content)
		})
		if find(runbook.Filter{Kind: runbook.Known, Open: true}) != 0 || find(runbook.Filter{Words: "3.2.1"}) != 1 {
			t.Error("it is not shown as fixed")
		}
		if k := d.refused(d.ctx, func(ctx context.Context, tx *db.Tx) error {
			return runbook.Change(ctx, tx, of, 1, d.flicker())
		}); k != problem.Conflict {
			t.Errorf("written over: %v", k)
		}
		d.do(func(tx *db.Tx) error { return runbook.Restore(d.ctx, tx, of, 1) })
		d.do(func(tx *db.Tx) error {
			b, err := runbook.Get(d.ctx, tx, of)
			list, err2 := runbook.Versions(d.ctx, tx, of)
			if b.Fixed || b.Version != 3 || len(list) != 3 || list[1].FixedIn != "3.2.1" || list[0].By != d.me {
				t.Errorf("brought back: %+v", list)
			}
			return cmpErr(err, err2)
		})

		// Put away, it is not offered; a conversation that goes leaves the figure and nothing of the customer.
		d.do(func(tx *db.Tx) error { return runbook.Archive(d.ctx, tx, of, true) })
		if find(runbook.Filter{}) != 1 || find(runbook.Filter{Archived: true}) != 1 {
			t.Error("it was not put away")
		}
		d.tick(r.ID, 1, runbook.NotHelped, "Hana's flat")
		keep := d.asks("Again", "?")
		d.do(func(tx *db.Tx) error { _, err := conversation.Merge(d.ctx, tx, keep, d.talk); return err })
		if got := d.run(r.ID); got.Conversation != keep || got.Place().Stuck != 1 {
			t.Errorf("after the merge: %+v", got)
		}
		d.do(func(tx *db.Tx) error { return conversation.Delete(team.AsSystem(t.Context()), tx, keep) })
		d.do(func(tx *db.Tx) error {
			f, err := runbook.FiguresOf(d.ctx, tx, of)
			left, err2 := db.Value[int](d.ctx, tx, `SELECT COUNT(*) FROM runbook_run WHERE ticks <> '[]'`)
			if f[of].Used != 1 || f[of].Talks != 0 || left != 0 {
				t.Errorf("%+v, %d with notes", f[of], left)
			}
			return cmpErr(err, err2)
		})
	})
}

func TestWhoMayWriteRunbooks(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		of := d.makes(d.flicker())
		for name, do := range map[string]func(ctx context.Context, tx *db.Tx) error{
			"make":    func(ctx context.Context, tx *db.Tx) error { _, err := runbook.Make(ctx, tx, d.flicker()); return err },
			"change":  func(ctx context.Context, tx *db.Tx) error { return runbook.Change(ctx, tx, of, 0, d.flicker()) },
			"archive": func(ctx context.Context, tx *db.Tx) error { return runbook.Archive(ctx, tx, of, true) },
			"restore": func(ctx context.Context, tx *db.Tx) error { return runbook.Restore(ctx, tx, of, 1) },
		} {
			if k := d.refused(d.partner, do); k != problem.Forbidden {
				t.Errorf("%s: %v", name, k)
			}
		}
		d.do(func(tx *db.Tx) error { _, err := runbook.Start(d.partner, tx, d.talk, of); return err }) // he follows it

		for name, c := range map[string]runbook.Content{
			"title":         {Steps: []runbook.Step{{Text: en("x")}}},
			"steps":         {Title: en("A")},
			"steps.0":       {Title: en("A"), Steps: []runbook.Step{{}}},
			"steps.0.else":  {Title: en("A"), Steps: []runbook.Step{{Text: en("x"), Else: runbook.GoTo, To: 9}}},
			"workaround":    {Kind: runbook.Known, Title: en("A")},
			"words":         {Title: en("A"), Words: []string{"x"}, Steps: []runbook.Step{{Text: en("x")}}},
			"steps.0.other": {Title: en("A"), Steps: []runbook.Step{{Key: 1, Text: en("x"), Service: d.service + 1}}},
		} {
			err := d.Write(d.ctx, func(tx *db.Tx) error { _, err := runbook.Make(d.ctx, tx, c); return err })
			fields := problem.Fields(err)
			if name == "steps.0.other" {
				name = "steps.0.service"
			}
			if len(fields) != 1 || fields[0].Name != name {
				t.Errorf("%s: %+v", name, fields)
			}
		}
	})
}
