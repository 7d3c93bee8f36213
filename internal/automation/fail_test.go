package automation_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"baraji/internal/automation"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/notice"
	"baraji/internal/team"
)

// What fails takes nothing of the others with it, is undone whole, and its owner is told.
func TestARuleThatFails(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		d.do(func(tx *db.Tx) error {
			_, err := conversation.DefineField(d.ctx, tx, conversation.Field{Key: "order", English: "Order", Korean: "주문", Type: "number"})
			return err
		})
		bad := d.rule(automation.Rule{Name: "No number", Owner: d.kim, Then: []automation.Act{act("tag", "tag", "half"), act("field", "field", "order", "value", "none")}})
		d.rule(automation.Rule{Name: "Tag", Then: []automation.Act{act("tag", "tag", "whole")}})
		one := d.asks("Where is it?", false)
		d.drain()
		if c := d.get(one); !slices.Equal(c.Tags, []string{"whole"}) {
			t.Errorf("tags %q", c.Tags)
		}
		list := d.runs(bad)
		if outcomes(list) != "given_up" || list[0].Why["en"] != "Enter a number." || list[0].Why["ko"] == list[0].Why["en"] {
			t.Errorf("runs %+v", list)
		}
		d.do(func(tx *db.Tx) error {
			kim := team.With(d.ctx, team.Actor{Person: d.kim, See: team.SeeEverything})
			told, err := notice.Unread(kim, tx)
			if err == nil && (len(told) != 1 || told[0].Words != "notice.rule_failed") {
				t.Errorf("Kim was told %+v", told)
			}
			return err
		})
	})
}

// What no rule is to blame for is tried again: nothing of it is seen on the page but that it failed, and nothing is lost.
func TestARuleIsTriedAgain(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		rule := d.rule(automation.Rule{Owner: d.kim, Then: []automation.Act{act("note", "text", "half"), act("tag", "tag", "vip")}})
		one := d.asks("Where is it?", false)
		d.do(func(tx *db.Tx) error {
			_, err := tx.Exec(d.ctx, `ALTER TABLE conversation_tagging RENAME TO elsewhere`)
			return err
		})
		d.drain()
		if list := d.runs(rule); outcomes(list) != "failed" || !strings.HasPrefix(list[0].Why["en"], "Something went wrong on our side.") {
			t.Errorf("runs %+v", list)
		}
		d.do(func(tx *db.Tx) error {
			_, err := tx.Exec(d.ctx, `ALTER TABLE elsewhere RENAME TO conversation_tagging`)
			return err
		})
		d.Clock.Advance(time.Hour)
		d.drain()
		if list := d.runs(rule); outcomes(list) != "done" || list[0].Tries != 2 {
			t.Errorf("runs %+v", list)
		}
		if c, said := d.get(one), d.said(one); !slices.Equal(c.Tags, []string{"vip"}) || len(said) != 2 {
			t.Errorf("tags %q, said %q", c.Tags, said)
		}
	})
}

// Rules that run at once and write the same rows clash, and clash is no failure.
func TestRulesThatClash(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		rule := d.rule(automation.Rule{Then: []automation.Act{act("tag", "tag", "vip"), act("assign", "person", d.kim.String()), act("note", "text", "seen")}})
		const many = 40
		for range many {
			d.asks("Where is it?", false)
		}
		ctx, stop := context.WithCancel(d.ctx)
		done := make(chan error, 1)
		go func() { done <- d.jobs.Run(ctx) }()
		for end := time.Now().Add(time.Minute); len(d.runs(rule)) < many && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		}
		stop()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		for i, r := range d.runs(rule) {
			if r.Outcome != automation.Done || r.Tries != 1 {
				t.Fatalf("run %d of %d: %+v", i, many, r)
			}
		}
		if n := len(d.runs(rule)); n != many {
			t.Errorf("%d runs", n)
		}
	})
}

// Work that is cut off in the middle is done again, and what was done is not.
func TestACutOffRunIsDoneOnce(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		id := d.rule(automation.Rule{Then: []automation.Act{act("note", "text", "once")}})
		talk := d.asks("Hello", false)
		var looked event.Event
		d.do(func(tx *db.Tx) error {
			list, err := event.OfKind(d.ctx, tx, talk.String(), "conversation.received", 1)
			looked = list[0]
			return err
		})
		d.drain()
		// The same work again, as after a death between the commit and the end of the job.
		for range 2 {
			if err := d.Write(d.ctx, func(tx *db.Tx) error { return automation.Hear(d.ctx, tx, looked) }); err != nil {
				t.Fatal(err)
			}
			d.drain()
		}
		if said := d.said(talk); len(said) != 2 {
			t.Errorf("said %q", said)
		}
		if got := outcomes(d.runs(id)); got != "done" {
			t.Errorf("runs %q", got)
		}
	})
}
