package sequence_test

import (
	"testing"
	"time"

	"baraji/internal/automation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/moment"
	"baraji/internal/sequence"
)

// A flow begins a while after its customer wrote last, for those of whom its conditions are so; whoever is in it does not come in twice.
func TestAFlowBeginsAtATime(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		talk, other := d.asks("Where is my lamp?"), d.asks("A refund, please")
		flow := d.flow(sequence.Flow{Name: "Silence", Again: true, Start: sequence.Start{When: moment.Kind, Moment: &moment.When{Date: "conversation.customer_at", Count: 2, Unit: "days"}, If: is("conversation.subject", "contains", "lamp")},
			Steps: []sequence.Step{do(act("tag", "tag", "silent")), {Do: "wait", Wait: sequence.Wait{For: "time", Minutes: 7 * 24 * 60}}}})
		for range 47 {
			d.Clock.Advance(time.Hour)
			d.drain()
		}
		if len(d.paths(flow)) != 0 {
			t.Fatal("too early")
		}
		for range 30 {
			d.Clock.Advance(time.Hour)
			d.drain()
		}
		if list := d.paths(flow); len(list) != 2 || list[0].State != sequence.Waiting {
			t.Fatalf("%+v", list)
		}
		d.tags(talk, "silent")
		d.tags(other, "silent")
		d.do(func(tx *db.Tx) error { return sequence.Switch(d.ctx, tx, flow, false) })
		third := d.asks("And the other lamp?")
		for range 60 {
			d.Clock.Advance(time.Hour)
			d.drain()
		}
		d.tags(third)
	})
}

// A flow is about a customer: a time that is about nobody begins none.
func TestAFlowNeedsATimeAboutACustomer(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		for field, w := range map[string]*moment.When{"start.moment.each": {Every: "day"}, "start.moment.date": {Date: "company.created_at", Count: 1, Unit: "days"}, "start.moment.every": {Each: "customer"}} {
			err := d.Write(d.ctx, func(tx *db.Tx) error {
				_, err := sequence.Make(d.ctx, tx, sequence.Flow{Name: "x", Start: sequence.Start{When: moment.Kind, Moment: w}, Steps: []sequence.Step{do(automation.Act{Do: "customer_stage", With: map[string]string{"stage": "renewal"}})}})
				return err
			})
			if fields := problem.Fields(err); len(fields) == 0 || fields[0].Name != field {
				t.Errorf("%+v: %v, want %s", w, err, field)
			}
		}
	})
}
