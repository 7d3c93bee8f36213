package campaign

import (
	"context"
	"fmt"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
)

// farthest is how far ahead one can plan.
const farthest = 366 * 24 * time.Hour

// Plan lets a campaign begin: now (the zero time), or at a time.
func (m *Campaigns) Plan(ctx context.Context, tx *db.Tx, id ID, at time.Time) error {
	c, err := Get(ctx, tx, id)
	if err != nil {
		return err
	}
	if !c.State.Open() {
		return begun()
	}
	if err := m.ready(ctx, tx, c); err != nil {
		return err
	}
	if at.IsZero() {
		return m.begin(ctx, tx, c)
	}
	if at.Before(tx.Now()) || at.After(tx.Now().Add(farthest)) {
		return problem.For("at", "Choose a time that is still to come, within a year.")
	}
	if err := c.turnTo(ctx, tx, Planned, `planned_at = `+millis(at)); err != nil {
		return err
	}
	if err := event.Record(ctx, tx, Scheduled{c.ID, Planned}); err != nil {
		return err
	}
	return job.Add(ctx, tx, send{c.ID, c.turn + 1}, job.Options{At: at, Lane: c.ID.String()})
}

// Unplan makes a draft of it again.
func Unplan(ctx context.Context, tx *db.Tx, id ID) error {
	c, err := Get(ctx, tx, id)
	if err != nil || c.State == Draft {
		return err
	}
	if c.State != Planned {
		return begun()
	}
	if err := c.turnTo(ctx, tx, Draft, `planned_at = NULL`); err != nil {
		return err
	}
	return event.Record(ctx, tx, Scheduled{c.ID, Draft})
}

func begun() error {
	return problem.New(problem.Conflict, "It has begun already.")
}

// begin fixes what it says and lets it go out.
func (m *Campaigns) begin(ctx context.Context, tx *db.Tx, c Campaign) (err error) {
	if c.Frame, err = frame(ctx, tx); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE campaign SET body = $2, started_at = $3, asked_at = NULL, counting = FALSE WHERE id = $1`, c.ID, c.body(), tx.Now()); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM campaign_forecast WHERE campaign_id = $1`, c.ID); err != nil {
		return err
	}
	if err := c.turnTo(ctx, tx, Sending, `planned_at = NULL`); err != nil {
		return err
	}
	if err := event.Record(ctx, tx, Started{c.ID}); err != nil {
		return err
	}
	return job.Add(ctx, tx, send{c.ID, c.turn + 1}, job.Options{Lane: c.ID.String()})
}

// Pause holds a campaign. At most the mail that is just being handed over still leaves.
func Pause(ctx context.Context, tx *db.Tx, id ID) error {
	c, err := Get(ctx, tx, id)
	if err != nil || c.State == Paused {
		return err
	}
	if c.State != Sending {
		return problem.New(problem.Conflict, "It does not go out at the moment.")
	}
	return c.pause(ctx, tx, "")
}

func (c Campaign) pause(ctx context.Context, tx *db.Tx, why string) error {
	if err := c.turnTo(ctx, tx, Paused, ``); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE campaign SET why = $2 WHERE id = $1`, c.ID, why); err != nil {
		return err
	}
	return event.Record(ctx, tx, Halted{c.ID, why})
}

// Resume lets a paused campaign go on. One that paused itself since much came back goes on all the same from then on.
func Resume(ctx context.Context, tx *db.Tx, id ID) error {
	c, err := Get(ctx, tx, id)
	if err != nil || c.State == Sending {
		return err
	}
	if c.State != Paused {
		return problem.New(problem.Conflict, "It is not paused.")
	}
	if err := c.turnTo(ctx, tx, Sending, ``); err != nil {
		return err
	}
	if c.Why != "" {
		if _, err := tx.Exec(ctx, `UPDATE campaign SET fearless = TRUE WHERE id = $1`, id); err != nil {
			return err
		}
	}
	if err := event.Record(ctx, tx, Resumed{c.ID}); err != nil {
		return err
	}
	return job.Add(ctx, tx, send{c.ID, c.turn + 1}, job.Options{Lane: c.ID.String()})
}

// Stop ends a campaign. Those who wait get nothing.
func Stop(ctx context.Context, tx *db.Tx, id ID) error {
	c, err := Get(ctx, tx, id)
	if err != nil || c.State == Stopped {
		return err
	}
	if c.State != Sending && c.State != Paused {
		return problem.New(problem.Conflict, "It does not go out at the moment.")
	}
	if err := c.turnTo(ctx, tx, Stopped, `ended_at = `+millis(tx.Now())); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE campaign_recipient SET state = 'skipped', why = 'stopped', at = $2, due_at = NULL WHERE campaign_id = $1 AND state = 'waiting'`, id, tx.Now())
	if err != nil {
		return err
	}
	return event.Record(ctx, tx, Ended{c.ID, Stopped})
}

// turnTo changes the state, if nobody else did meanwhile. also is one more thing that is set.
func (c Campaign) turnTo(ctx context.Context, tx *db.Tx, to State, also string) error {
	if also != "" {
		also = `, ` + also
	}
	n, err := tx.Exec(ctx, `UPDATE campaign SET state = $3, why = '', trouble = '', turn = turn + 1, updated_at = $4`+also+` WHERE id = $1 AND turn = $2`, c.ID, c.turn, to, tx.Now())
	if err == nil && n == 0 {
		err = problem.New(problem.Conflict, "Somebody changed it meanwhile. Load the page again.")
	}
	return err
}

func millis(t time.Time) string { return fmt.Sprint(t.UnixMilli()) }
