package runbook

import (
	"context"
	"strings"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Ending is how a run ends.
type Ending struct {
	To   State
	Why  string
	Team team.TeamID // of HandedOver: who takes the conversation on; Why is the note
}

// End ends it. Where it did not help it keeps at which step it stuck.
func End(ctx context.Context, tx *db.Tx, id RunID, e Ending) error {
	r, err := mine(ctx, tx, id)
	if err != nil || r.State == e.To {
		return err
	}
	if err := r.going(); err != nil {
		return err
	}
	e.Why = strings.TrimSpace(e.Why)
	var k problem.Check
	k.That(e.To == Solved || e.To == GivenUp || e.To == HandedOver, "to", "Say how it ended.")
	k.That(e.To != GivenUp || e.Why != "", "why", "Say what is missing: whoever comes in the morning reads it.")
	k.That(e.To == HandedOver || len([]rune(e.Why)) <= maxNote, "why", "At most %d characters.", maxNote)
	if err := k.Err(); err != nil {
		return err
	}
	if e.To == HandedOver {
		if _, err := conversation.HandOver(ctx, tx, r.Conversation, conversation.Handover{Team: e.Team, Text: e.Why}); err != nil {
			return err
		}
		e.Why = "" // the note has it
	}
	r.State, r.Why, r.EndedBy, r.EndedAt = e.To, e.Why, team.From(ctx).Person, tx.Now()
	if e.To != Solved {
		r.Stuck = r.sticks()
	}
	if err := r.save(ctx, tx); err != nil {
		return err
	}
	return event.Record(ctx, tx, Ended{r.Conversation, r.ID, r.Runbook, e.To, r.Number(r.Stuck)})
}

// sticks is the key of the step at which it is: the one that comes, or the last that was tried.
func (r Run) sticks() int {
	p := r.Place()
	if p.At != 0 {
		return p.At
	}
	if p.Stuck != 0 {
		return p.Stuck
	}
	t, _ := r.latest()
	return t.Step
}

// Resume goes on with what had ended. A conversation that was handed over stays so.
func Resume(ctx context.Context, tx *db.Tx, id RunID) error {
	r, err := mine(ctx, tx, id)
	if err != nil || r.State == Running {
		return err
	}
	r.State, r.Stuck, r.Why, r.EndedBy, r.EndedAt = Running, 0, "", 0, time.Time{}
	if err := r.save(ctx, tx); err != nil {
		return err
	}
	return event.Record(ctx, tx, Resumed{r.Conversation, r.ID})
}

// OnMerged takes runs along to the conversation that lives on.
func OnMerged(ctx context.Context, tx *db.Tx, f conversation.Merged) error {
	_, err := tx.Exec(ctx, `UPDATE runbook_run SET conversation_id = $2 WHERE conversation_id = $1`, f.From, f.ID)
	return err
}

// OnDeleted forgets what was noted about a conversation. That it was followed, and how it ended, stays in the figures.
func OnDeleted(ctx context.Context, tx *db.Tx, f conversation.Deleted) error {
	_, err := tx.Exec(ctx, `UPDATE runbook_run SET conversation_id = 0, ticks = '[]', why = '' WHERE conversation_id = $1`, f.ID)
	return err
}
