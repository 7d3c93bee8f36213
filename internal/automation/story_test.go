package automation_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"baraji/internal/automation"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// A customer writes of a refund: what the rules do, in their order, until one stops.
func TestRulesActInTheirOrder(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		refund := d.rule(automation.Rule{Name: "Refunds", If: automation.If{Mode: "any", Of: []automation.If{is("message.text", "contains", "refund", "환불"), is("conversation.subject", "contains", "refund")}},
			Then: []automation.Act{act("set", "type", "refund", "priority", "high"), act("tag", "tag", "money"), act("team", "team", d.crew.String())}})
		// The next one sees what the first did.
		then := d.rule(automation.Rule{Name: "Money is Kim's", If: automation.If{Of: []automation.If{is("conversation.tags", "has", "money"), is("conversation.priority", "is", "high", "urgent")}},
			Then: []automation.Act{act("assign", "person", d.kim.String()), act("reply", "text", "Hello {customer.name}, #{conversation.number}. {what.is_that}{{7*7}}", "korean", "{customer.name}님, 안녕하세요.")}, Stop: true})
		never := d.rule(automation.Rule{Name: "Everything else is Lee's", Then: []automation.Act{act("assign", "person", d.lee.String())}})

		one := d.asks("I want a REFUND.", false)
		d.drain()
		c := d.get(one)
		if c.Type != "refund" || c.Priority != "high" || !slices.Contains(c.Tags, "money") || c.Team != d.crew || c.Assignee != d.kim {
			t.Errorf("it is %+v", c)
		}
		want := fmt.Sprintf("agent: Hello guest1, #%d. {{7*7}}", c.Number)
		if said := d.said(one); len(said) != 2 || said[1] != want {
			t.Errorf("said %q, want %q", said, want)
		}
		if got := outcomes(d.runs(refund)) + "|" + outcomes(d.runs(then)) + "|" + outcomes(d.runs(never)); got != "done|done|" {
			t.Errorf("runs %q", got)
		}
		two := d.asks("Where is it?", false)
		d.drain()
		if c := d.get(two); c.Assignee != d.lee || c.Type == "refund" {
			t.Errorf("the other is %+v", c)
		}
		// The log says who did it.
		d.do(func(tx *db.Tx) error {
			list, err := event.OfKind(d.ctx, tx, one.String(), "conversation.assigned", 10)
			if err == nil && (len(list) != 1 || automation.ActorOf(list[0].Actor) != then || list[0].Depth != 1) {
				t.Errorf("the log says %+v", list)
			}
			return err
		})
	})
}

// A rule that is made after another was deleted stands behind all that are there.
func TestARuleMadeAfterOneWasDeleted(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		first := d.rule(automation.Rule{Then: []automation.Act{act("tag", "tag", "a")}})
		d.rule(automation.Rule{Then: []automation.Act{act("tag", "tag", "b")}})
		d.do(func(tx *db.Tx) error { return automation.Delete(d.ctx, tx, first) })
		d.rule(automation.Rule{Then: []automation.Act{act("tag", "tag", "c")}})
		one := d.asks("Hello", false)
		d.drain()
		if c := d.get(one); !slices.Equal(c.Tags, []string{"b", "c"}) {
			t.Errorf("tags %q", c.Tags)
		}
	})
}

// Two machines do not answer each other for ever, and one is not answered at all.
func TestMachinesAreNotAnswered(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		id := d.rule(automation.Rule{Name: "Thanks", Then: []automation.Act{act("reply", "text", "Thank you.")}})
		auto := d.asks("I am away.", true)
		d.drain()
		if said := d.said(auto); len(said) != 1 {
			t.Errorf("said %q", said)
		}
		talk := d.asks("Hello.", false)
		d.drain()
		for range 6 {
			d.do(func(tx *db.Tx) error {
				c, err := conversation.Get(d.ctx, tx, talk)
				if err != nil {
					return err
				}
				who, err := contact.Get(d.ctx, tx, c.Contact)
				if err != nil {
					return err
				}
				_, err = conversation.Receive(d.ctx, tx, conversation.Inbound{Inbox: d.in, Contact: who, Continues: talk, Message: conversation.Message{Text: "Thank you too."}})
				return err
			})
			d.drain()
		}
		n := 0
		for _, s := range d.said(talk) {
			if strings.HasPrefix(s, "agent") {
				n++
			}
		}
		if n != automation.MostAnswers {
			t.Errorf("%d answers", n)
		}
		if got := outcomes(d.runs(id)); got != "given_up given_up given_up given_up done done done given_up" {
			t.Errorf("runs %q", got)
		}
	})
}

// T25: rules that set each other off, made at random. Every chain ends, soon, and says so.
func TestRulesThatSetEachOtherOff(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		sets := 50
		random := rand.New(rand.NewPCG(25, 25))
		for set := range sets {
			var ids []automation.ID
			for n := range 4 + random.IntN(5) {
				tag := func() string { return fmt.Sprintf("t%d", random.IntN(4)) }
				r := automation.Rule{Name: fmt.Sprintf("set %d rule %d", set, n)}
				r.When = []string{"conversation.received", "conversation.tagged", "conversation.untagged", "conversation.noted", "conversation.changed", "conversation.assigned"}[random.IntN(6)]
				for range 1 + random.IntN(3) {
					r.Then = append(r.Then, []automation.Act{act("tag", "tag", tag()), act("untag", "tag", tag()), act("note", "text", "again"),
						act("set", "priority", []string{"low", "high"}[random.IntN(2)]), act("assign", "person", []string{d.kim.String(), d.lee.String()}[random.IntN(2)])}[random.IntN(5)])
				}
				ids = append(ids, d.rule(r))
			}
			before := d.events()
			d.asks("Where is it?", false)
			d.drain()
			made, deepest := d.events()-before, 0
			d.do(func(tx *db.Tx) (err error) {
				deepest, err = db.Value[int](d.ctx, tx, `SELECT COALESCE(MAX(depth), 0) FROM event`)
				return err
			})
			if deepest > event.MaxDepth || made > 400 {
				t.Errorf("set %d: %d facts of one message, %d deep", set, made, deepest)
			}
			done, cut := 0, 0
			for _, id := range ids {
				for _, run := range d.runs(id) {
					switch run.Outcome {
					case automation.Done:
						done++
					case automation.Cut:
						cut++
					}
				}
				d.do(func(tx *db.Tx) error { return automation.Delete(d.ctx, tx, id) })
			}
			if done > automation.MostRuns || done >= 3*len(ids) && cut == 0 {
				t.Errorf("set %d: %d runs, %d cut", set, done, cut)
			}
		}
	})
}

// What a rule would have done, and what changes with its versions.
func TestATryChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		a := d.asks("A refund, please.", false)
		d.asks("Where is it?", false)
		d.drain()
		d.Clock.Advance(time.Hour)
		r := automation.Rule{Name: "Refunds", When: "conversation.received", If: is("message.text", "contains", "refund"), Then: []automation.Act{act("tag", "tag", "money")}}
		before := d.events()
		d.do(func(tx *db.Tx) error {
			w, err := automation.Try(d.ctx, tx, r, tx.Now().Add(-24*time.Hour))
			if err == nil && (w.Looked != 2 || w.Ran != 1 || len(w.Times) != 1 || w.Times[0].Subject != a.String()) {
				t.Errorf("it would have %+v", w)
			}
			return err
		})
		if d.events() != before || len(d.get(a).Tags) != 0 {
			t.Error("it changed something")
		}
		id := d.rule(r)
		d.do(func(tx *db.Tx) error {
			got, err := automation.Get(d.ctx, tx, id)
			if err != nil {
				return err
			}
			got.Name = "Money back"
			if err := automation.Change(d.ctx, tx, got); err != nil {
				return err
			}
			if err := automation.Switch(d.ctx, tx, id, false); err != nil {
				return err
			}
			list, err := automation.Versions(d.ctx, tx, id)
			if err == nil && (len(list) != 2 || list[0].Name != "Money back" || list[1].Name != "Refunds") {
				t.Errorf("versions %+v", list)
			}
			return err
		})
		b := d.asks("A refund!", false)
		d.drain()
		if len(d.get(b).Tags) != 0 {
			t.Error("what is off acted")
		}
	})
}

// Who may not change settings makes no rule, and sees none.
func TestWhoMayNotMakesNoRule(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		id := d.rule(automation.Rule{Then: []automation.Act{act("tag", "tag", "x")}})
		lee := team.With(d.ctx, team.Actor{Person: d.lee, See: team.SeeEverything, Rights: []team.Right{team.Handle, team.Reply}})
		for name, try := range map[string]func(tx *db.Tx) error{
			"list":   func(tx *db.Tx) error { _, err := automation.List(lee, tx); return err },
			"get":    func(tx *db.Tx) error { _, err := automation.Get(lee, tx, id); return err },
			"make":   func(tx *db.Tx) error { _, err := automation.Make(lee, tx, automation.Rule{}); return err },
			"switch": func(tx *db.Tx) error { return automation.Switch(lee, tx, id, false) },
			"move":   func(tx *db.Tx) error { return automation.Move(lee, tx, id, 0) },
			"delete": func(tx *db.Tx) error { return automation.Delete(lee, tx, id) },
			"runs":   func(tx *db.Tx) error { _, err := automation.Runs(lee, tx, id, 0, 10); return err },
			"try":    func(tx *db.Tx) error { _, err := automation.Try(lee, tx, automation.Rule{}, tx.Now()); return err },
		} {
			if err := d.Write(d.ctx, try); problem.KindOf(err) != problem.Forbidden {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
