package runbook

import (
	"context"
	"slices"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/oncall"
	"baraji/internal/team"
)

func behind() error {
	return problem.New(problem.Conflict, "Somebody else was here before you. Look where it is now.")
}

// TickOff says what became of the step that comes. Doing the same twice is doing it once.
func TickOff(ctx context.Context, tx *db.Tx, id RunID, step int, what What, note string) error {
	r, err := mine(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := r.going(); err != nil {
		return err
	}
	note = strings.TrimSpace(note)
	var k problem.Check
	k.That(what == Done || what == NotHelped || what == Skipped, "what", "Say whether it is done, did not help or is skipped.")
	k.That(what != Skipped || note != "", "note", "Say why you skip it.")
	k.That(len([]rune(note)) <= maxNote, "note", "At most %d characters.", maxNote)
	k.That(len(r.Ticks) < maxTicks, "", "This goes round in circles. End it and hand the conversation over.")
	if err := k.Err(); err != nil {
		return err
	}
	if r.Place().At != step {
		if t, ok := r.latest(); ok && t.Step == step && t.What == what && t.By == team.From(ctx).Person {
			return nil
		}
		return behind()
	}
	r.Ticks = append(r.Ticks, Tick{Step: step, What: what, By: team.From(ctx).Person, At: tx.Now(), Note: note})
	if err := r.save(ctx, tx); err != nil {
		return err
	}
	return event.Record(ctx, tx, Ticked{r.Conversation, r.ID, step, r.Number(step), what})
}

// latest is the last tick that moved the place.
func (r Run) latest() (t Tick, ok bool) {
	for _, one := range slices.Backward(r.Ticks) {
		if one.What != Called {
			return one, true
		}
	}
	return t, false
}

// TakeBack takes the last tick back. A call that was made stays made.
func TakeBack(ctx context.Context, tx *db.Tx, id RunID) error {
	r, err := mine(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := r.going(); err != nil {
		return err
	}
	t, ok := r.latest()
	if !ok {
		return problem.New(problem.Conflict, "Nothing is ticked yet.")
	}
	for i, one := range slices.Backward(r.Ticks) {
		if one.What != Called {
			r.Ticks = slices.Delete(r.Ticks, i, i+1)
			break
		}
	}
	if err := r.save(ctx, tx); err != nil {
		return err
	}
	return event.Record(ctx, tx, TookBack{r.Conversation, r.ID, t.Step, r.Number(t.Step)})
}

// CallOut calls the service of a step for the conversation. Twice is once.
func CallOut(ctx context.Context, tx *db.Tx, id RunID, step int) (oncall.ID, error) {
	r, err := mine(ctx, tx, id)
	if err != nil {
		return 0, err
	}
	if t, ok := r.CalledFor(step); ok {
		return t.Page, nil
	}
	if err := r.going(); err != nil {
		return 0, err
	}
	i := index(r.Steps, step)
	if i < 0 || r.Steps[i].Service == 0 {
		return 0, problem.New(problem.NotFound, "This step calls nobody.")
	}
	p, err := oncall.Open(ctx, tx, r.Steps[i].Service, oncall.Call{Conversation: r.Conversation, Reason: oncall.ByHand, Urgent: true})
	if err != nil {
		return 0, err
	}
	r.Ticks = append(r.Ticks, Tick{Step: step, What: Called, By: team.From(ctx).Person, At: tx.Now(), Page: p.ID})
	if err := r.save(ctx, tx); err != nil {
		return 0, err
	}
	return p.ID, event.Record(ctx, tx, Ticked{r.Conversation, r.ID, step, i + 1, Called})
}
