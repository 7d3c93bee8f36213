package automation_test

import (
	"context"
	"fmt"
	"testing"

	"baraji/internal/automation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/event"
)

// BenchmarkRules is what 200 rules cost a fact of which none is so: all of it, from the rows to the last condition, and for each rule.
func BenchmarkRules(b *testing.B) {
	for _, engine := range dbtest.Engines() {
		b.Run(string(engine), func(b *testing.B) {
			const rules = 200
			d := open(b, dbtest.New(b, engine))
			for n := range rules {
				d.rule(automation.Rule{Name: fmt.Sprint("rule ", n), Then: []automation.Act{act("tag", "tag", "x")}, If: automation.If{Of: []automation.If{
					is("conversation.status", "is", "open"), {Mode: "any", Of: []automation.If{is("message.text", "contains", fmt.Sprint("word", n)), is("conversation.tags", "has", "vip")}}, is("company.tier", "is", "gold")}}})
			}
			talk := d.asks("Where is my lamp? I ordered it three weeks ago and nobody has written to me since.", false)
			var e event.Event
			d.do(func(tx *db.Tx) error {
				list, err := event.OfKind(d.ctx, tx, talk.String(), "conversation.received", 1)
				e = list[0]
				return err
			})
			d.drain()
			b.ResetTimer()
			for b.Loop() {
				d.do(func(tx *db.Tx) error {
					n, err := automation.Fits(context.WithoutCancel(d.ctx), tx, e)
					if n != 0 {
						b.Fatal("one fits")
					}
					return err
				})
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/rules, "µs/rule")
		})
	}
}
