package sequence_test

import (
	"testing"

	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/sequence"
)

// A draft is changed step by step, need not be whole, and takes the flow's place when it is.
func TestADraftBecomesTheFlow(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		id := d.flow(sequence.Flow{Name: "Plan", Start: received, Steps: []sequence.Step{do(act("tag", "tag", "a")), do(act("tag", "tag", "b"))}})
		var fork, inside int
		sketch := func(change func(f *sequence.Flow)) {
			d.do(func(tx *db.Tx) error {
				return sequence.Sketch(d.ctx, tx, id, func(f *sequence.Flow) error { change(f); return nil })
			})
		}
		sketch(func(f *sequence.Flow) {
			fork = f.Insert(sequence.Spot{After: f.Steps[0].Key}, sequence.Step{Do: "branch"})
		})
		sketch(func(f *sequence.Flow) {
			inside = f.Insert(sequence.Spot{In: fork, Way: "yes"}, do(act("tag", "tag", "c")))
			f.Name = "Better plan"
		})
		if err := d.Write(d.ctx, func(tx *db.Tx) error { return sequence.Publish(d.ctx, tx, id) }); len(problem.Fields(err)) != 1 || problem.Fields(err)[0].Name != "steps.1.if" {
			t.Errorf("a fork that looks at nothing: %v", err)
		}
		sketch(func(f *sequence.Flow) {
			f.Step(fork).If = is("conversation.tags", "has", "a")
			f.Shift(f.Steps[2].Key, -2)
		})
		talk := d.asks("Hello")
		d.drain()
		d.tags(talk, "a", "b")
		d.do(func(tx *db.Tx) error { return sequence.Publish(d.ctx, tx, id) })
		d.do(func(tx *db.Tx) error {
			f, differs, err := sequence.Draft(d.ctx, tx, id)
			if f.Name != "Better plan" || differs || f.Version != 2 || f.Step(inside) == nil || f.Steps[0].Acts[0].With["tag"] != "b" {
				t.Errorf("it is %+v, %v", f, differs)
			}
			return err
		})
		other := d.asks("Hello")
		d.drain()
		d.tags(other, "a", "b", "c")
		sketch(func(f *sequence.Flow) { f.Remove(fork) })
		d.do(func(tx *db.Tx) error { return sequence.Discard(d.ctx, tx, id) })
		d.do(func(tx *db.Tx) error {
			f, differs, err := sequence.Draft(d.ctx, tx, id)
			if differs || f.Step(inside) == nil {
				t.Errorf("it is %+v, %v", f, differs)
			}
			return err
		})
	})
}
