package oncall_test

import (
	"context"
	"testing"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/oncall"
	"baraji/internal/team"
)

func TestOneAfterTheOtherUntilSomebodyAnswers(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		of := h.service()
		p := h.page(h.owner, of, oncall.Call{Title: "The till is down", Urgent: true})
		h.after(time.Second)
		if got := h.told(p.ID); got != "Mina" || len(h.mails) != 1 || h.mails[0] != "mina@dalbit.example" {
			t.Errorf("at first %s are told, by mail %v", got, h.mails)
		}
		h.after(5*time.Minute - 2*time.Second)
		if got := h.told(p.ID); got != "Mina" {
			t.Errorf("within her five minutes: %s", got)
		}
		h.after(time.Second)
		if got := h.told(p.ID); got != "Mina, Joon" {
			t.Errorf("after five minutes: %s", got)
		}
		h.acknowledge(h.joon, p.ID)
		if got := h.get(p.ID); got.State != oncall.Acked || got.AckedBy != h.joon || !got.NextAt.IsZero() {
			t.Errorf("Joon has it, and it is %s by %v", got.State, got.AckedBy)
		}
		if h.unread(h.mina)+h.unread(h.joon) != 0 {
			t.Error("somebody is still called although Joon has it")
		}
		h.after(10 * time.Minute)
		if got := h.told(p.ID); got != "Mina, Joon" {
			t.Errorf("after it was acknowledged: %s", got)
		}
		h.do(h.joon, func(ctx context.Context, tx *db.Tx) error { return oncall.Resolve(ctx, tx, p.ID) })
		h.after(24 * time.Hour)
		if got, want := h.kinds(p.ID.String()), "opened, told, escalated, told, acknowledged, resolved"; got != want {
			t.Errorf("the log has %s, want %s", got, want)
		}
	})
}

func TestWhereNobodyAnswersItSaysSoLoudly(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		p := h.page(h.mina, h.service(), oncall.Call{Title: "The till is down", Urgent: true})
		for range 60 {
			h.after(time.Minute)
		}
		if got, want := h.told(p.ID), "Mina, Joon, -, Sora, Mina, Joon, -, Sora"; got != want {
			t.Errorf("told %s, want %s", got, want)
		}
		if got := h.get(p.ID); got.State != oncall.Spent {
			t.Errorf("it is %s", got.State)
		}
		if h.unread(h.owner) != 1 || h.mails[len(h.mails)-1] != "owner@dalbit.example" {
			t.Errorf("the owner has %d notices, mailed %v", h.unread(h.owner), h.mails)
		}
		h.acknowledge(h.owner, p.ID)
		if got := h.get(p.ID); got.State != oncall.Acked || h.unread(h.owner) != 0 {
			t.Errorf("the owner took it, and it is %s", got.State)
		}
	})
}

// A step in which nobody stands costs no time.
func TestWhereNobodyStandsTheNextIsToldAtOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		p := h.page(h.mina, h.service(), oncall.Call{Title: "x", Urgent: true})
		h.after(5 * time.Minute)
		h.after(10 * time.Minute)
		if got := h.told(p.ID); got != "Mina, Joon, -, Sora" {
			t.Errorf("after a quarter of an hour %s", got)
		}
		h.do(h.owner, func(ctx context.Context, tx *db.Tx) error { return team.Disable(ctx, tx, h.mina) })
		h.after(5 * time.Minute) // she left since: her turn is Joon's at once
		if got := h.told(p.ID); got != "Mina, Joon, -, Sora, -, Joon" {
			t.Errorf("and when she is gone %s", got)
		}
	})
}

func TestOnePageAtATimeForOneThing(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		of := h.service()
		first := h.page(h.mina, of, oncall.Call{Key: "disk-7", Title: "Disk 7", Urgent: true})
		again := h.page(h.joon, of, oncall.Call{Key: "disk-7", Title: "Disk 7", Urgent: true})
		if again.ID != first.ID || again.Count != 2 || h.told(first.ID) != "Mina" {
			t.Errorf("the same again is %v, %d times, told %s", again.ID, again.Count, h.told(first.ID))
		}
		if other := h.page(h.joon, of, oncall.Call{Key: "disk-8", Title: "Disk 8", Urgent: true}); other.ID == first.ID {
			t.Error("another disk is the same")
		}
		h.do(h.mina, func(ctx context.Context, tx *db.Tx) error { return oncall.Resolve(ctx, tx, first.ID) })
		if later := h.page(h.joon, of, oncall.Call{Key: "disk-7", Title: "Disk 7", Urgent: true}); later.ID == first.ID {
			t.Error("what was over was not paged for again")
		}
	})
}

func TestAConversationThatFitsPagesByItself(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.service(oncall.Rule{On: oncall.Asked, Severity: "critical", When: oncall.AfterHours, Urgent: true},
			oncall.Rule{On: oncall.Broken, When: oncall.Always, Urgent: true})
		day := h.asks()
		h.severity(day, "critical")
		if n := len(h.live()); n != 0 {
			t.Fatalf("by day %d pages", n)
		}
		h.after(5 * time.Minute) // promised within ten
		h.after(5 * time.Minute)
		list := h.live()
		if len(list) != 1 || list[0].Reason != oncall.Broken || list[0].Conversation != day {
			t.Fatalf("a broken promise: %+v", list)
		}
		h.do(h.mina, func(ctx context.Context, tx *db.Tx) error {
			return conversation.SetStatus(ctx, tx, day, conversation.Solved)
		})
		if n := len(h.live()); n != 0 {
			t.Errorf("solved, and %d pages are open", n)
		}
		h.after(12 * time.Hour)
		night := h.asks()
		if n := len(h.live()); n != 0 {
			t.Fatalf("harmless by night, and %d pages", n)
		}
		h.severity(night, "critical")
		list = h.live()
		if len(list) != 1 || list[0].Reason != oncall.Asked || list[0].Title != "#1002 Lamp" {
			t.Fatalf("critical by night: %+v", list)
		}
		h.do(h.mina, func(ctx context.Context, tx *db.Tx) error { return oncall.Resolve(ctx, tx, list[0].ID) })
		h.severity(night, "major")
		h.severity(night, "critical")
		if n := len(h.live()); n != 0 {
			t.Errorf("somebody changed a field, and %d pages are open again", n)
		}
	})
}

func TestWhatMayWaitWaitsUntilMorning(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.Clock.Advance(14 * time.Hour) // 23:00 in Seoul
		p := h.page(h.joon, h.service(), oncall.Call{Title: "A typo on the page"})
		h.after(7*time.Hour + 59*time.Minute)
		if got := h.told(p.ID); got != "" || len(h.mails) != 0 {
			t.Errorf("by night %s are told, by mail %v", got, h.mails)
		}
		h.after(time.Minute)
		if got := h.told(p.ID); got != "Mina" {
			t.Errorf("at seven %s", got)
		}
	})
}

func TestWhatMayWaitDoesNotOnceItIsUrgent(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.Clock.Advance(14 * time.Hour)
		of := h.service()
		p := h.page(h.joon, of, oncall.Call{Key: "a", Title: "A typo on the page"})
		h.page(h.joon, of, oncall.Call{Key: "a", Title: "The page is down", Urgent: true})
		if got := h.get(p.ID); h.told(p.ID) != "Mina" || !got.Urgent || got.Count != 2 {
			t.Errorf("told %s, %+v", h.told(p.ID), got)
		}
	})
}

func TestWhoAcknowledgedAndStaysSilentIsAskedAgain(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		of, talk := h.service(), h.asks()
		p := h.page(h.joon, of, oncall.Call{Conversation: talk, Urgent: true})
		h.acknowledge(h.mina, p.ID)
		h.after(15 * time.Minute)
		h.do(h.mina, func(ctx context.Context, tx *db.Tx) error {
			_, err := conversation.AddNote(ctx, tx, talk, conversation.Remark{Text: "I am looking."})
			return err
		})
		h.after(19 * time.Minute)
		if got := h.get(p.ID); got.State != oncall.Acked {
			t.Errorf("nineteen minutes after her note it is %s", got.State)
		}
		h.after(time.Minute)
		if got := h.get(p.ID); got.State != oncall.Running || h.told(p.ID) != "Mina, Mina" {
			t.Errorf("silent for twenty minutes, and it is %s, told %s", got.State, h.told(p.ID))
		}
		h.after(5 * time.Minute)
		h.after(5 * time.Minute)
		if got := h.told(p.ID); got != "Mina, Mina, Mina, Joon" {
			t.Errorf("then %s", got)
		}
	})
}

func TestAnotherIsCalledInstead(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		p := h.page(h.owner, h.service(), oncall.Call{Title: "x", Urgent: true})
		h.do(h.mina, func(ctx context.Context, tx *db.Tx) error { return oncall.Reassign(ctx, tx, p.ID, h.sora) })
		if h.told(p.ID) != "Mina, Sora" || h.unread(h.mina) != 0 || h.unread(h.sora) != 1 {
			t.Errorf("told %s; Mina has %d, Sora %d", h.told(p.ID), h.unread(h.mina), h.unread(h.sora))
		}
		h.acknowledge(h.sora, p.ID) // who may only read, but was told
		if got := h.get(p.ID); got.AckedBy != h.sora {
			t.Errorf("it is %v's", got.AckedBy)
		}
		other := h.page(h.owner, h.get(p.ID).Service, oncall.Call{Title: "y", Urgent: true})
		err := h.try(h.sora, func(ctx context.Context, tx *db.Tx) error { return oncall.Acknowledge(ctx, tx, other.ID) })
		if problem.KindOf(err) != problem.Forbidden {
			t.Errorf("who was not told and may not handle: %v", err)
		}
	})
}

// What is changed while it runs changes nothing of it.
func TestARunningPageIsASnapshot(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		of := h.service()
		p := h.page(h.owner, of, oncall.Call{Title: "x", Urgent: true})
		h.do(h.owner, func(ctx context.Context, tx *db.Tx) error {
			s, err := oncall.GetService(ctx, tx, of)
			if err != nil {
				return err
			}
			s.Name, s.Steps = "Other", []oncall.Step{{Who: []oncall.Target{{Person: h.owner}}, Wait: 1}}
			if err := oncall.ChangeService(ctx, tx, s); err != nil {
				return err
			}
			return oncall.DeleteService(ctx, tx, of)
		})
		h.after(5 * time.Minute)
		if got := h.get(p.ID); h.told(p.ID) != "Mina, Joon" || got.ServiceName != "Payments" {
			t.Errorf("told %s of %s", h.told(p.ID), got.ServiceName)
		}
	})
}

// The product is off while steps are due: the one that is due is told, late, and those after it have their minutes.
func TestAStepThatWasDueWhileNothingRan(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		p := h.page(h.owner, h.service(), oncall.Call{Title: "x", Urgent: true})
		h.Clock.Advance(time.Hour)
		h.setUp() // another process
		h.after(0)
		if got := h.told(p.ID); got != "Mina, Joon late" {
			t.Errorf("after an hour off: %s", got)
		}
		h.after(9 * time.Minute)
		if got := h.told(p.ID); got != "Mina, Joon late" {
			t.Errorf("within his ten minutes: %s", got)
		}
		h.after(time.Minute)
		if got := h.told(p.ID); got != "Mina, Joon late, -, Sora" {
			t.Errorf("after them: %s", got)
		}
	})
}

// The clock jumps while pages run: each step is told once, none is left out (T17).
func TestClockJumps(t *testing.T) {
	for name, jump := range map[string]time.Duration{"an hour on": time.Hour, "a day on": 24 * time.Hour, "ten minutes back": -10 * time.Minute, "an hour back": -time.Hour, "a day back": -24 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
				h := open(t, desk)
				p := h.page(h.owner, h.service(), oncall.Call{Title: "x", Urgent: true})
				h.after(2 * time.Minute)
				h.after(jump)
				h.setUp() // and it starts again in the middle of it
				for range 60 {
					h.after(time.Minute)
				}
				for jump < 0 && h.get(p.ID).State == oncall.Running {
					h.after(10 * time.Minute)
				}
				got := h.told(p.ID)
				if want := "Mina, Joon, -, Sora, Mina, Joon, -, Sora"; got != want && got != "Mina, Joon late, -, Sora, Mina, Joon, -, Sora" && jump >= 0 {
					t.Errorf("told %s", got)
				}
				if n := len(names(got)); n != 8 || h.get(p.ID).State != oncall.Spent {
					t.Errorf("%d were told, and it is %s: %s", n, h.get(p.ID).State, got)
				}
			})
		})
	}
}

// 100 pages are due while the product is off: each is told once, in the first minute (T18).
func TestManyAreDueAtOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		of := h.service()
		var all []oncall.ID
		for range 100 {
			all = append(all, h.page(h.owner, of, oncall.Call{Title: "x", Urgent: true}).ID)
		}
		h.Clock.Advance(6 * time.Hour)
		h.setUp()
		h.after(0)
		h.setUp()
		h.after(0)
		for _, id := range all {
			if got := h.told(id); got != "Mina, Joon late" {
				t.Fatalf("told %s", got)
			}
		}
	})
}

func TestInterruptedNights(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		of := h.service()
		h.page(h.owner, of, oncall.Call{Title: "by day", Urgent: true})
		h.do(h.owner, func(ctx context.Context, tx *db.Tx) error { _, err := oncall.Try(ctx, tx, of); return err })
		h.Clock.Advance(14 * time.Hour) // Monday 23:00
		h.page(h.owner, of, oncall.Call{Title: "by night", Urgent: true})
		h.Clock.Advance(5 * time.Hour) // 04:00: the same night
		h.page(h.owner, of, oncall.Call{Title: "and again", Urgent: true})
		h.Clock.Advance(7 * 24 * time.Hour)
		h.page(h.owner, of, oncall.Call{Title: "a week later", Urgent: true})
		h.do(h.owner, func(ctx context.Context, tx *db.Tx) error {
			list, err := oncall.Nights(ctx, tx)
			if len(list) != 1 || list[0].Name != "Mina" || list[0].Sum != 2 || list[0].Nights != [8]int{6: 1, 7: 1} {
				t.Errorf("nights %+v", list)
			}
			return err
		})
	})
}

func TestWhoMayNotMakesNoService(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		err := h.try(h.mina, func(ctx context.Context, tx *db.Tx) error {
			_, err := oncall.MakeService(ctx, tx, oncall.Service{Name: "Mine", Course: oncall.Course{Steps: []oncall.Step{{Who: []oncall.Target{{Person: h.mina}}, Wait: 5}}}})
			return err
		})
		if problem.KindOf(err) != problem.Forbidden {
			t.Errorf("an agent makes a service: %v", err)
		}
		for name, s := range map[string]oncall.Service{
			"no name":  {Course: oncall.Course{Steps: []oncall.Step{{Who: []oncall.Target{{Person: h.mina}}, Wait: 5}}}},
			"no steps": {Name: "x"},
			"nobody":   {Name: "x", Course: oncall.Course{Steps: []oncall.Step{{Wait: 5}}}},
			"no wait":  {Name: "x", Course: oncall.Course{Steps: []oncall.Step{{Who: []oncall.Target{{Person: h.mina}}}}}},
			"a ghost":  {Name: "x", Course: oncall.Course{Steps: []oncall.Step{{Who: []oncall.Target{{Person: 7}}, Wait: 5}}}},
		} {
			err := h.try(h.owner, func(ctx context.Context, tx *db.Tx) error { _, err := oncall.MakeService(ctx, tx, s); return err })
			if problem.KindOf(err) != problem.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// Two nodes look at the same timers: each step is told once.
func TestTwoNodesTellEachStepOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		of := h.service()
		var all []oncall.ID
		for range 40 {
			all = append(all, h.page(h.owner, of, oncall.Call{Title: "x", Urgent: true}).ID)
		}
		one := h.jobs
		h.setUp()
		h.Clock.Advance(5 * time.Minute)
		failed := make(chan error, 2)
		for _, node := range []*job.Runner{one, h.jobs} {
			go func() { failed <- node.Drain(h.ctx) }()
		}
		for range 2 {
			if err := <-failed; err != nil {
				t.Error(err)
			}
		}
		h.after(0)
		for _, id := range all {
			if got := h.told(id); got != "Mina, Joon" {
				t.Fatalf("told %s", got)
			}
		}
	})
}
