package sequence_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"baraji/internal/automation"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/segment"
	"baraji/internal/sequence"
	"baraji/internal/team"
)

// A customer goes through every sort of step: what is done, what is waited for, which way is taken, who is asked, and who has him in the end.
func TestFromTheFirstStepToTheLast(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		flow := d.flow(sequence.Flow{Name: "After the sale", Owner: d.kim, Start: sequence.Start{When: "conversation.received", If: is("message.text", "contains", "bought")},
			Steps: []sequence.Step{
				do(act("tag", "tag", "new")),
				{Do: "wait", Wait: sequence.Wait{For: "time", Minutes: 60}},
				{Do: "branch", If: is("conversation.tags", "has", "new"),
					Yes: []sequence.Step{do(act("tag", "tag", "seen"))},
					No:  []sequence.Step{do(act("tag", "tag", "unseen"))}},
				{Do: "wait", Wait: sequence.Wait{For: "fact", Minutes: 24 * 60, When: "conversation.received"},
					Yes: []sequence.Step{do(act("tag", "tag", "answered"))},
					No:  []sequence.Step{do(act("tag", "tag", "silent"))}},
				{Do: "ask", Who: sequence.Who{Person: d.kim.String(), Text: "A discount?"},
					Yes: []sequence.Step{do(act("tag", "tag", "discount"))}},
				{Do: "hand", Who: sequence.Who{Person: d.lee.String(), Text: "Please call {customer.name}."}},
			}})
		d.asks("only asking")
		talk := d.asks("I bought a lamp")
		d.drain()
		d.tags(talk, "new")
		p := d.path(flow, sequence.Waiting)
		d.Clock.Advance(59 * time.Minute)
		d.drain()
		d.path(flow, sequence.Waiting)
		d.Clock.Advance(2 * time.Minute)
		d.drain()
		d.tags(talk, "new", "seen")
		d.says(talk, "It is nice")
		d.drain()
		d.tags(talk, "answered", "new", "seen")
		if n := d.told(d.kim, "notice.flow_asks"); n != 1 {
			t.Errorf("Kim was asked %d times", n)
		}
		p = d.path(flow, sequence.Asking)
		d.do(func(tx *db.Tx) error {
			return sequence.Decide(d.as(d.kim), tx, p.ID, p.Turn, true, "She is a good customer.")
		})
		d.drain()
		d.tags(talk, "answered", "discount", "new", "seen")
		p = d.path(flow, sequence.Handed)
		if c := d.get(talk); c.Assignee != d.lee || !slices.Contains(d.said(talk), "note: Please call guest2.") {
			t.Errorf("it is %s's: %q", c.Assignee, d.said(talk))
		}
		if got := d.trace(p.ID); got != "began did waits over yes did waits happened did asked approved did handed" {
			t.Errorf("trace: %s", got)
		}
	})
}

// Whoever waits for something that does not happen goes the other way when time runs out, also where a person is asked.
func TestTimeRunsOut(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		flow := d.flow(sequence.Flow{Name: "Silence", Start: received, Steps: []sequence.Step{
			{Do: "wait", Wait: sequence.Wait{For: "fact", Minutes: 60, When: "conversation.received"}, Yes: []sequence.Step{do(act("tag", "tag", "answered"))}, No: []sequence.Step{do(act("tag", "tag", "silent"))}},
			{Do: "ask", Who: sequence.Who{Person: d.kim.String(), Text: "Call?", Minutes: 30}, Yes: []sequence.Step{do(act("tag", "tag", "call"))}, No: []sequence.Step{do(act("tag", "tag", "leave"))}},
		}})
		talk := d.asks("Hello")
		d.drain()
		d.Clock.Advance(61 * time.Minute)
		d.drain()
		d.Clock.Advance(31 * time.Minute)
		d.drain()
		d.tags(talk, "leave", "silent")
		d.path(flow, sequence.Done)
	})
}

// What ends a flow early ends it, but neither the fact that began it nor what the flow did itself.
func TestWhatEndsItEarly(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		flow := d.flow(sequence.Flow{Name: "Follow-up", Start: received, Again: true, Leave: []sequence.Leave{{When: "conversation.received"}, {When: "conversation.tagged", If: is("conversation.tags", "has", "stop")}},
			Steps: []sequence.Step{do(act("tag", "tag", "stop")), {Do: "wait", Wait: sequence.Wait{For: "time", Minutes: 60}}, do(act("tag", "tag", "late"))}})
		talk := d.asks("Hello")
		d.drain()
		p := d.path(flow, sequence.Waiting)
		d.says(talk, "One more thing")
		d.drain()
		if got := d.trace(p.ID); got != "began did waits left" {
			t.Errorf("trace: %s", got)
		}
		d.Clock.Advance(2 * time.Hour)
		d.drain()
		d.tags(talk, "stop")
		d.says(talk, "And another")
		d.drain()
		if list := d.paths(flow); len(list) != 2 || list[0].State != sequence.Waiting {
			t.Errorf("he is not in again: %+v", list)
		}
	})
}

// Whoever is in a flow goes on as it was when he came in.
func TestWhoIsInGoesOnAsItWas(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		steps := []sequence.Step{{Do: "wait", Wait: sequence.Wait{For: "time", Minutes: 60}}, do(act("tag", "tag", "old"))}
		flow := d.flow(sequence.Flow{Name: "Plan", Start: received, Steps: steps})
		before := d.asks("Hello")
		d.drain()
		d.do(func(tx *db.Tx) error {
			f, err := sequence.Get(d.ctx, tx, flow)
			if err != nil {
				return err
			}
			f.Steps = append([]sequence.Step{do(act("tag", "tag", "first"))}, sequence.Step{Key: f.Steps[1].Key, Do: "act", Acts: []automation.Act{act("tag", "tag", "new")}})
			return sequence.Change(d.ctx, tx, f)
		})
		after := d.asks("Hello")
		d.drain()
		d.Clock.Advance(61 * time.Minute)
		d.drain()
		d.tags(before, "old")
		d.tags(after, "first", "new")
	})
}

// A person lets a path stand, go on, go elsewhere, end, or takes the customer himself; what is outdated is refused.
func TestAPersonSteers(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		flow := d.flow(sequence.Flow{Name: "Steps", Start: received, Again: true, Steps: []sequence.Step{
			{Do: "wait", Wait: sequence.Wait{For: "time", Minutes: 60}}, do(act("tag", "tag", "one")),
			{Do: "wait", Wait: sequence.Wait{For: "time", Minutes: 60}}, do(act("tag", "tag", "two"))}})
		talk := d.asks("Hello")
		d.drain()
		p := d.path(flow, sequence.Waiting)
		lee := d.as(d.lee)
		d.do(func(tx *db.Tx) error { return sequence.Pause(lee, tx, p.ID, p.Turn) })
		d.Clock.Advance(3 * time.Hour)
		d.drain()
		d.tags(talk)
		if err := d.Write(lee, func(tx *db.Tx) error { return sequence.Resume(lee, tx, p.ID, p.Turn) }); problem.KindOf(err) != problem.Conflict {
			t.Errorf("an old view of it: %v", err)
		}
		p = d.path(flow, sequence.Paused)
		d.do(func(tx *db.Tx) error { return sequence.Resume(lee, tx, p.ID, p.Turn) })
		d.drain()
		d.tags(talk, "one")
		p = d.path(flow, sequence.Waiting)
		last := d.flowOf(p).Steps[3].Key
		d.do(func(tx *db.Tx) error { return sequence.Move(lee, tx, p.ID, p.Turn, last) })
		d.drain()
		d.tags(talk, "one", "two")
		d.path(flow, sequence.Done)

		d.says(talk, "Again")
		d.drain()
		p = d.path(flow, sequence.Waiting)
		d.do(func(tx *db.Tx) error { return sequence.Stop(lee, tx, p.ID, p.Turn) })
		d.path(flow, sequence.Stopped)
		d.says(talk, "And again")
		d.drain()
		p = d.path(flow, sequence.Waiting)
		d.do(func(tx *db.Tx) error { return sequence.TakeOver(lee, tx, p.ID, p.Turn) })
		d.path(flow, sequence.Handed)
		if c := d.get(talk); c.Assignee != d.lee {
			t.Errorf("it is %s's", c.Assignee)
		}
	})
}

// A step that goes wrong says why, its owner is told, and it is tried again when what was wrong is mended.
func TestAStepThatFails(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		d.do(func(tx *db.Tx) error {
			_, err := conversation.DefineField(d.ctx, tx, conversation.Field{Key: "order", English: "Order", Korean: "주문", Type: "number"})
			return err
		})
		flow := d.flow(sequence.Flow{Name: "Number", Owner: d.kim, Start: received, Steps: []sequence.Step{do(act("tag", "tag", "half"), act("field", "field", "order", "value", "none")), do(act("tag", "tag", "whole"))}})
		talk := d.asks("Hello")
		d.drain()
		p := d.path(flow, sequence.Stuck)
		if p.Why["en"] != "Enter a number." || p.Why["ko"] == p.Why["en"] {
			t.Errorf("why: %v", p.Why)
		}
		d.tags(talk)
		if n := d.told(d.kim, "notice.flow_stuck"); n != 1 {
			t.Errorf("the owner was told %d times", n)
		}
		d.do(func(tx *db.Tx) error { return sequence.Retry(d.as(d.lee), tx, p.ID, p.Turn) })
		d.drain()
		p = d.path(flow, sequence.Stuck)
		second := d.flowOf(p).Steps[1].Key
		d.do(func(tx *db.Tx) error { return sequence.Move(d.as(d.lee), tx, p.ID, p.Turn, second) })
		d.drain()
		d.tags(talk, "whole")
		d.path(flow, sequence.Done)
	})
}

// What a condition looks at may be gone: then nobody comes in, and whoever is in and asks for it is stuck, not lost.
func TestAConditionThatSeesNothing(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		var gone segment.ID
		d.do(func(tx *db.Tx) (err error) {
			gone, err = segment.Make(d.ctx, tx, segment.Segment{Name: "Everybody"})
			return err
		})
		none := automation.If{Field: "customer.segment." + gone.String(), Op: "no"}
		shut := d.flow(sequence.Flow{Name: "Shut", Owner: d.kim, Start: sequence.Start{When: "conversation.received", If: none}, Steps: []sequence.Step{do(act("tag", "tag", "shut"))}})
		fork := d.flow(sequence.Flow{Name: "Fork", Owner: d.kim, Start: received, Steps: []sequence.Step{{Do: "branch", If: none, Yes: []sequence.Step{do(act("tag", "tag", "fork"))}}}})
		d.do(func(tx *db.Tx) error { return segment.Delete(d.ctx, tx, gone) })
		talk := d.asks("Hello")
		d.drain()
		d.tags(talk)
		if n := len(d.paths(shut)); n != 0 {
			t.Errorf("%d came in", n)
		}
		if n := d.told(d.kim, "notice.flow_blind"); n != 1 {
			t.Errorf("the owner was told %d times", n)
		}
		if p := d.path(fork, sequence.Stuck); p.Why["en"] != "The segment that this looks at is gone." {
			t.Errorf("why: %v", p.Why)
		}
	})
}

// Flows that set each other off end.
func TestFlowsThatSetEachOtherOff(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		one := d.flow(sequence.Flow{Name: "One", Again: true, Start: sequence.Start{When: "conversation.tagged"}, Steps: []sequence.Step{do(act("untag", "tag", "b"), act("tag", "tag", "a"))}})
		two := d.flow(sequence.Flow{Name: "Two", Again: true, Start: sequence.Start{When: "conversation.tagged"}, Steps: []sequence.Step{do(act("untag", "tag", "a"), act("tag", "tag", "b"))}})
		talk := d.asks("Hello")
		d.do(func(tx *db.Tx) error { return conversation.Tag(d.ctx, tx, talk, "go") })
		d.drain()
		n := len(d.paths(one)) + len(d.paths(two))
		if n < 2 || n > 2*automation.MostTimes {
			t.Errorf("%d paths", n)
		}
	})
}

// Waiting for a day of the customer's, in his own time zone, and for the hours to begin.
func TestWaitingForADay(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		d.do(func(tx *db.Tx) error {
			_, err := contact.DefineField(d.ctx, tx, contact.Field{Holder: contact.OfContact, Key: "delivery", English: "Delivery", Korean: "배송일", Type: contact.DateField})
			return err
		})
		flow := d.flow(sequence.Flow{Name: "Delivered", Start: received, Steps: []sequence.Step{
			{Do: "wait", Wait: sequence.Wait{For: "date", Field: "delivery", Days: 3, At: 9 * 60}}, do(act("tag", "tag", "ask"))}})
		knows, not := d.asks("Hello"), d.asks("Hello")
		who := d.get(knows).Contact
		day := d.Clock.Now().AddDate(0, 0, 10)
		d.do(func(tx *db.Tx) error {
			_, err := contact.Update(d.ctx, tx, who, func(c *contact.Contact) error { c.TimeZone = "America/New_York"; return nil })
			if err != nil {
				return err
			}
			return contact.SetValues(d.ctx, tx, who, map[string]string{"delivery": day.Format(time.DateOnly)})
		})
		d.drain()
		d.tags(not, "ask")
		list := d.paths(flow)
		i := slices.IndexFunc(list, func(p sequence.Path) bool { return p.Contact == who })
		zone, _ := time.LoadLocation("America/New_York")
		want := time.Date(day.Year(), day.Month(), day.Day()+3, 9, 0, 0, 0, zone)
		if !list[i].Due.Equal(want) {
			t.Errorf("until %v, want %v", list[i].Due, want)
		}
		d.Clock.Advance(want.Sub(d.Clock.Now()))
		d.drain()
		d.tags(knows, "ask")
	})
}

// Who may not change settings makes no flow; who does not see a conversation sees no path through it.
func TestWhoMayWhat(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		flow := d.flow(sequence.Flow{Name: "F", Start: received, Steps: []sequence.Step{{Do: "wait", Wait: sequence.Wait{For: "time", Minutes: 60}}}})
		d.asks("Hello")
		d.drain()
		p := d.path(flow, sequence.Waiting)
		lee := d.as(d.lee)
		if _, err := sequence.Make(lee, nil, sequence.Flow{}); problem.KindOf(err) != problem.Forbidden {
			t.Errorf("an agent makes a flow: %v", err)
		}
		blind := team.With(d.ctx, team.Actor{Person: d.lee, See: team.SeeMine, Rights: []team.Right{team.ReadConversations, team.ReadContacts, team.Handle}})
		for name, fn := range map[string]func(tx *db.Tx) error{
			"look":  func(tx *db.Tx) error { _, err := sequence.GetPath(blind, tx, p.ID); return err },
			"trace": func(tx *db.Tx) error { _, err := sequence.Traces(blind, tx, p.ID); return err },
			"stop":  func(tx *db.Tx) error { return sequence.Stop(blind, tx, p.ID, p.Turn) },
		} {
			if err := d.Write(blind, fn); problem.KindOf(err) != problem.NotFound {
				t.Errorf("%s: %v", name, err)
			}
		}
		d.do(func(tx *db.Tx) error {
			list, err := sequence.Paths(blind, tx, sequence.Filter{Limit: 10})
			if len(list) != 0 {
				t.Errorf("sees %+v", list)
			}
			return err
		})
	})
}

// What is wrong with a flow is said at its place.
func TestWhatIsWrongWithAFlow(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		f := sequence.Flow{Start: sequence.Start{When: "team.signed_in"}, Leave: []sequence.Leave{{When: "nothing"}}, Steps: []sequence.Step{
			{Do: "act"}, {Do: "wait", Wait: sequence.Wait{For: "time"}}, {Do: "wait", Wait: sequence.Wait{For: "date", Field: "x"}},
			{Do: "branch", If: is("conversation.tags", "has", "x"), Yes: []sequence.Step{{Do: "ask", Who: sequence.Who{}}}}, {Do: "dance"}, {Do: "hand", Who: sequence.Who{Person: "per_1"}}}}
		err := d.Write(d.ctx, func(tx *db.Tx) error { _, err := sequence.Make(d.ctx, tx, f); return err })
		var got []string
		for _, w := range problem.Fields(err) {
			got = append(got, w.Name)
		}
		slices.Sort(got)
		want := "leave.0.when name start.when steps.0.then steps.1.minutes steps.2.field steps.3.yes.0.person steps.3.yes.0.text steps.4.do steps.5.person"
		if s := strings.Join(slices.Compact(got), " "); s != want {
			t.Errorf("got  %s\nwant %s", s, want)
		}
	})
}
