package sequence_test

import (
	"fmt"
	"testing"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/sequence"
	"baraji/internal/team"
)

// What a flow would have done is told from the log: each customer once, those whom something ended early apart, and nothing is changed.
func TestWhatAFlowWouldHaveDone(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		old := d.asks("I bought a lamp long ago")
		d.says(old, "And I am glad that I bought it")
		d.Clock.Advance(40 * 24 * time.Hour)
		since := d.Clock.Now().Add(-time.Hour)
		d.asks("I bought a lamp")
		twice := d.asks("I bought two lamps")
		d.says(twice, "I bought a third one")
		gone := d.asks("I bought a desk")
		d.asks("When do you open?")
		d.says(gone, "Stop writing to me")
		f := sequence.Flow{Name: "After the sale", Start: sequence.Start{When: "conversation.received", If: is("message.text", "contains", "bought")},
			Leave: []sequence.Leave{{When: "conversation.received", If: is("message.text", "contains", "stop")}}, Steps: []sequence.Step{do(act("tag", "tag", "new"))}}
		flow := d.flow(f)
		d.drain()

		manager := team.With(d.ctx, team.Actor{Person: d.kim, See: team.SeeEverything, Rights: []team.Right{team.ManageSettings}})
		d.do(func(tx *db.Tx) error {
			f, err := sequence.Get(manager, tx, flow)
			if err != nil {
				return err
			}
			w, err := sequence.Try(manager, tx, f, since)
			if err != nil {
				return err
			}
			got := fmt.Sprint(w.Looked, w.Came, w.Left, w.More)
			for _, e := range w.Times {
				got += fmt.Sprint(" ", e.Conversation == gone, e.Left)
			}
			if got != "6 3 1 false true true false false false false" {
				t.Errorf("it would have done %s", got)
			}
			figures, err := sequence.Count(manager, tx, flow)
			if n := len(figures[flow].States); n > 0 {
				t.Errorf("customers came in by trying: %v", figures[flow].States)
			}
			if _, err := sequence.Try(d.as(d.kim), tx, f, since); problem.KindOf(err) != problem.Forbidden {
				t.Errorf("whoever may not make flows tries one: %v", err)
			}
			return err
		})
	})
}
