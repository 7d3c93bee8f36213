package job

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
)

// ID is the id of a job.
type ID = id.Of[idKind]

type idKind struct{}

func (idKind) Prefix() string { return "job" }

// Args is a piece of work: plain data, named by its kind.
type Args interface{ JobKind() string }

// Options say when a job runs and what it must not overtake. The zero value is
// at once and beside everything else.
type Options struct {
	At   time.Time // not before this time
	Lane string    // jobs of one lane run one after another; "" is a lane of its own
	With bool      // the lane is that of several kinds, of one pool; else each kind has its own lanes
	Key  string    // at most one waiting job has this key; see Add
}

// The states of a job. A job that is done is deleted: the log says what it did.
const (
	waiting = "waiting"
	failed  = "failed" // given up: waits for a person
)

// Add puts a job into the queue, as part of tx. If a job with the same Key
// waits already, nothing is added.
func Add(ctx context.Context, tx *db.Tx, args Args, o Options) error {
	_, err := add(ctx, tx, args, o)
	return err
}

// Replace is Add, but a job with the same Key gives way to the new one.
func Replace(ctx context.Context, tx *db.Tx, args Args, o Options) error {
	if err := Cancel(ctx, tx, o.Key); err != nil {
		return err
	}
	return Add(ctx, tx, args, o)
}

// Cancel takes the job with the given key out of the queue, if it is there.
func Cancel(ctx context.Context, tx *db.Tx, key string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM job WHERE unique_key = $1`, key); err != nil {
		return fmt.Errorf("cancel job %s: %w", key, err)
	}
	return nil // an empty lane is swept when it comes up
}

func add(ctx context.Context, tx *db.Tx, args Args, o Options) (ID, error) {
	body, err := json.Marshal(args)
	if err != nil {
		return 0, err
	}
	kind := args.JobKind()
	work, ok := db.Attached[*Runner](tx).kind(kind)
	if !ok {
		return 0, fmt.Errorf("nobody does %q jobs", kind)
	}
	if o.At.IsZero() {
		o.At = tx.Now()
	}
	jid := ID(tx.NewID())
	switch {
	case o.Lane == "":
		o.Lane = jid.String()
	case !o.With:
		o.Lane = kind + "/" + o.Lane
	}
	var key any
	if o.Key != "" {
		key = o.Key
	}
	n, err := tx.Exec(ctx, `
		INSERT INTO job (id, lane, pool, kind, args, run_at, state, unique_key, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, 'waiting', $7, $8) ON CONFLICT (unique_key) DO NOTHING`,
		jid, o.Lane, work.Pool, kind, string(body), o.At, key, tx.Now())
	if err != nil || n == 0 {
		return 0, err
	}
	return jid, enlane(ctx, tx, o.Lane, work.Pool, o.At)
}

// enlane makes sure that the lane comes up no later than at. A lane that waits
// after a failure keeps its wait: its head is tried first. The row is written in
// any case: whoever finds the lane empty at this moment and takes it away clashes
// with that, and looks again. A row that was only locked would not tell PostgreSQL
// that the two do not go together, and the job would stand in a lane that is gone.
func enlane(ctx context.Context, tx *db.Tx, lane, pool string, at time.Time) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO job_lane (name, pool, run_at) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET run_at = CASE WHEN job_lane.run_at > excluded.run_at AND NOT EXISTS (
			SELECT 1 FROM job WHERE job.lane = excluded.name AND job.state = 'waiting' AND job.attempt > 0)
			THEN excluded.run_at ELSE job_lane.run_at END`,
		lane, pool, at)
	if err != nil {
		return err
	}
	r := db.Attached[*Runner](tx)
	tx.After(func() { r.wake(pool, at) })
	return nil
}
