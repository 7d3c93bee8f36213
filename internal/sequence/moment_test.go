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
	"baraji/internal/moment"
	"baraji/internal/segment"
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

// All of a segment go through a flow, also who comes into it later, each once; an answer ends it for the one who wrote, and so does a problem.
func TestAFlowForAllOfASegment(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		d.clock("2026-01-06 08:00")
		talks := []conversation.ID{d.asks("One"), d.asks("Two"), d.asks("Three"), d.asks("Four")}
		news := func(talk conversation.ID) {
			d.do(func(tx *db.Tx) error { return contact.Tag(d.ctx, tx, d.getIn(tx, talk).Contact, []string{"news"}, nil) })
		}
		for _, talk := range talks[:3] {
			news(talk)
		}
		var group segment.ID
		d.do(func(tx *db.Tx) (err error) {
			group, err = segment.Make(d.ctx, tx, segment.Segment{Name: "News", If: segment.If{Field: "customer.tags", Op: "has", Values: []string{"news"}}})
			return err
		})
		problems := automation.If{Field: "conversation.type", Op: "is", Values: []string{"problem", "complaint"}}
		flow := d.flow(sequence.Flow{Name: "News", Start: sequence.Start{When: moment.Kind, Moment: &moment.When{Every: "day", Each: "customer", At: 9 * 60}, If: automation.If{Field: "customer.segment." + group.String(), Op: "yes"}},
			Leave: []sequence.Leave{{When: "conversation.received"}, {When: "conversation.changed", If: problems}},
			Steps: []sequence.Step{do(act("tag_customer", "tag", "first")), {Do: "wait", Wait: sequence.Wait{For: "time", Minutes: 3 * 24 * 60}}, do(act("tag_customer", "tag", "second"))}})
		d.clock("2026-01-06 10:00")
		if n := len(d.paths(flow)); n != 3 {
			t.Fatalf("%d came in, want the three of the segment", n)
		}
		d.says(talks[0], "Please stop")
		d.do(func(tx *db.Tx) error {
			kind := "problem"
			return conversation.Update(d.ctx, tx, talks[1], conversation.Change{Type: &kind})
		})
		news(talks[3])
		for _, day := range []string{"07", "08", "09", "10", "11"} {
			d.clock("2026-01-" + day + " 10:00")
		}
		states := map[sequence.State]int{}
		for _, p := range d.paths(flow) {
			states[p.State]++
		}
		if states[sequence.Left] != 2 || states[sequence.Done] != 2 || len(states) != 2 {
			t.Errorf("%v", states)
		}
		for i, want := range []string{"first news", "first news", "first news second", "first news second"} {
			d.do(func(tx *db.Tx) error {
				who, err := contact.Whole(d.ctx, tx, d.getIn(tx, talks[i]).Contact)
				if got := strings.Join(slices.Sorted(slices.Values(who.Tags)), " "); err == nil && got != want {
					t.Errorf("%d has the tags %q, want %q", i, got, want)
				}
				return err
			})
		}
	})
}

// clock sets the time by the firm's wall, hour by hour.
func (d *desk) clock(wall string) {
	d.t.Helper()
	zone, _ := time.LoadLocation("Asia/Seoul")
	to, err := time.ParseInLocation("2006-01-02 15:04", wall, zone)
	if err != nil {
		d.t.Fatal(err)
	}
	for by := to.Sub(d.Clock.Now()); by > 0; by = to.Sub(d.Clock.Now()) {
		d.Clock.Advance(min(by, time.Hour))
		d.drain()
	}
}

func (d *desk) getIn(tx *db.Tx, talk conversation.ID) conversation.Conversation {
	c, err := conversation.Get(d.ctx, tx, talk)
	if err != nil {
		d.t.Error(err)
	}
	return c
}
