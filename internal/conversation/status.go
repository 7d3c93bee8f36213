package conversation

import (
	"context"
	"errors"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// SetStatus says whose turn it is: Open, Pending or Solved. See Snooze for the fourth.
func SetStatus(ctx context.Context, tx *db.Tx, id ID, to Status) error {
	if to == Snoozed {
		return problem.For("status", "Say until when the conversation shall sleep.")
	}
	return setAs(ctx, tx, id, to, time.Time{})
}

// Snooze takes a conversation out of sight until a time, or until the customer writes.
func Snooze(ctx context.Context, tx *db.Tx, id ID, until time.Time) error {
	if !until.After(tx.Now()) {
		return problem.For("snoozed_until", "Choose a time that is still to come.")
	}
	return setAs(ctx, tx, id, Snoozed, until)
}

func setAs(ctx context.Context, tx *db.Tx, id ID, to Status, until time.Time) error {
	if err := team.Allow(ctx, team.Handle); err != nil {
		return err
	}
	if !contains(Statuses, to) {
		return problem.For("status", "There is no status “%s”.", string(to))
	}
	c, err := Get(ctx, tx, id)
	if err != nil {
		return err
	}
	if c.MergedInto != 0 {
		return problem.New(problem.Conflict, "This conversation was merged into another one. Undo the merge first.")
	}
	facts, err := setStatus(ctx, tx, c, to, until)
	if err != nil {
		return err
	}
	return event.Record(ctx, tx, facts...)
}

func setStatus(ctx context.Context, tx *db.Tx, c Conversation, to Status, until time.Time) ([]event.Fact, error) {
	var solved time.Time
	if to == Solved {
		solved = tx.Now()
	}
	n, err := tx.Exec(ctx, `UPDATE conversation SET status = $2, solved_at = $3, snoozed_until = $4, updated_at = $5,
		waiting_since = CASE WHEN $2 = 'solved' THEN NULL ELSE waiting_since END
		WHERE id = $1 AND (status <> $2 OR COALESCE(snoozed_until, 0) <> COALESCE(CAST($4 AS BIGINT), 0))`, c.ID, to, solved, until, tx.Now())
	if err != nil || n == 0 {
		return nil, err
	}
	if to == Snoozed {
		err = job.Replace(ctx, tx, Wake{c.ID}, job.Options{At: until, Key: wakeKey(c.ID), Lane: Timers(c.ID), With: true})
	} else if c.Status == Snoozed {
		err = job.Cancel(ctx, tx, wakeKey(c.ID))
	}
	return []event.Fact{StatusSet{ID: c.ID, From: c.Status, To: to, Till: until}}, err
}

// Wake is the job that ends a snooze.
type Wake struct {
	Conversation ID `json:"conversation"`
}

// JobKind names the job.
func (Wake) JobKind() string { return "conversation.wake" }

// Timers is the lane of all timers of a conversation, of whatever kind: they go off in the order in which they are due, also where many are late.
func Timers(id ID) string { return "timers/" + id.String() }

func wakeKey(id ID) string { return "conversation.wake/" + id.String() }

// WakeUp does the Wake job: the conversation is open again.
func WakeUp(ctx context.Context, tx *db.Tx, id ID) error {
	due, err := db.Value[int64](ctx, tx, `SELECT snoozed_until FROM conversation WHERE id = $1 AND status = 'snoozed' AND snoozed_until <= $2`+tx.ForUpdate(), id, tx.Now())
	if errors.Is(err, db.ErrNoRow) {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE conversation SET status = 'open', snoozed_until = NULL, updated_at = $2 WHERE id = $1`, id, tx.Now()); err != nil {
		return err
	}
	return event.Record(ctx, tx, StatusSet{ID: id, From: Snoozed, To: Open, Due: job.Late(tx.Now(), time.UnixMilli(due).UTC())})
}
