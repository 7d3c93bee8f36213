package job

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
)

// Queue is how much of one kind of work there is.
type Queue struct {
	Name    string
	Due     int           // should be running, or is
	Waiting int           // for its time
	Failed  int           // given up, for a person to look at
	Oldest  time.Duration // how long the oldest due job has been due
	Retried int           // due jobs that failed before
}

// Queues counts the work of every kind, by name. Standing and periodic work is
// not in it unless it fails.
func (r *Runner) Queues(ctx context.Context, tx *db.Tx) ([]Queue, error) {
	all := map[string]*Queue{}
	for name, w := range r.works {
		if !w.Standing && w.next == nil {
			all[name] = &Queue{Name: name}
		}
	}
	err := db.Each(ctx, tx, func(row db.Row) error {
		var kind string
		var due, later, failed, retried int
		var oldest time.Time
		if err := row.Scan(&kind, &due, &later, &failed, &retried, db.Time(&oldest)); err != nil {
			return err
		}
		q := all[kind]
		if q == nil {
			if failed == 0 {
				return nil
			}
			q = &Queue{Name: kind}
			all[kind] = q
		}
		q.Due, q.Waiting, q.Failed, q.Retried = due, later, failed, retried
		if due > 0 {
			q.Oldest = tx.Now().Sub(oldest)
		}
		return nil
	}, `SELECT kind,
			COUNT(*) FILTER (WHERE state = 'waiting' AND run_at <= $1),
			COUNT(*) FILTER (WHERE state = 'waiting' AND run_at > $1),
			COUNT(*) FILTER (WHERE state = 'failed'),
			COUNT(*) FILTER (WHERE state = 'waiting' AND run_at <= $1 AND attempt > 0),
			MIN(run_at) FILTER (WHERE state = 'waiting')
		FROM job GROUP BY kind`, tx.Now())
	if err != nil {
		return nil, err
	}
	var list []Queue
	for _, name := range slices.Sorted(maps.Keys(all)) {
		list = append(list, *all[name])
	}
	return list, nil
}

// Behind counts standing work that has something left to do: it has not said that
// it rests, or nobody has it in hand. Only kinds of which there is such work. That
// a node died is known here within half a lease, and when one is started again (Begin).
func (r *Runner) Behind(ctx context.Context, tx *db.Tx) (list []Queue, err error) {
	heard := tx.Now()
	if r.db.Shared() {
		heard = heard.Add(lease / 2) // its holder renewed the lease a moment ago
	}
	for _, name := range slices.Sorted(maps.Keys(r.works)) {
		if !r.works[name].Standing {
			continue
		}
		n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM job j JOIN job_lane l ON l.name = j.lane
			WHERE j.kind = $1 AND j.state = 'waiting' AND NOT (l.resting AND NOT l.doubted AND l.lease_until > $2)`, name, heard)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			list = append(list, Queue{Name: name, Due: n})
		}
	}
	return list, nil
}

// Job is one job as the jobs page shows it.
type Job struct {
	ID        ID
	Kind      string
	Lane      string
	Args      json.RawMessage
	State     string // "waiting" or "failed"
	RunAt     time.Time
	Attempt   int
	Error     string
	CreatedAt time.Time
	Running   bool
}

// List returns jobs in one state ("waiting", "failed" or "" for both), newest
// first, from before an id (0: from the newest).
func List(ctx context.Context, tx *db.Tx, state, kind string, before ID, limit int) ([]Job, error) {
	var a db.Args
	where := `TRUE`
	if state != "" {
		where += ` AND j.state = ` + a.Add(state)
	}
	if kind != "" {
		where += ` AND j.kind = ` + a.Add(kind)
	}
	if before != 0 {
		where += ` AND j.id < ` + a.Add(before)
	}
	return db.All(ctx, tx, func(r db.Row) (j Job, err error) {
		var args string
		err = r.Scan(&j.ID, &j.Kind, &j.Lane, &args, &j.State, db.Time(&j.RunAt), &j.Attempt, &j.Error, db.Time(&j.CreatedAt), &j.Running)
		j.Args = json.RawMessage(args)
		return j, err
	}, `SELECT j.id, j.kind, j.lane, j.args, j.state, j.run_at, j.attempt, j.error, j.created_at,
			COALESCE(l.lease_until > `+a.Add(tx.Now())+` AND l.job_id = j.id AND j.state = 'waiting', FALSE)
		FROM job j LEFT JOIN job_lane l ON l.name = j.lane
		WHERE `+where+` ORDER BY j.id DESC`+db.Limit(limit), a.List()...)
}

// Retry puts a job that was given up, or waits to be tried again, back to the
// head of the queue, with all its tries.
func Retry(ctx context.Context, tx *db.Tx, id ID) error {
	type at struct{ lane, pool string }
	j, err := db.One(ctx, tx, func(r db.Row) (a at, err error) { return a, r.Scan(&a.lane, &a.pool) },
		`UPDATE job SET state = 'waiting', attempt = 0, cuts = 0, run_at = $2 WHERE id = $1 AND (state = 'failed' OR attempt > 0) RETURNING lane, pool`, id, tx.Now())
	if err == db.ErrNoRow {
		return problem.New(problem.NotFound, "There is no such failed job. It may have been done in the meantime.")
	}
	if err != nil {
		return err
	}
	return enlane(ctx, tx, j.lane, j.pool, tx.Now())
}

// Discard takes a job that was given up out of the queue for good.
func Discard(ctx context.Context, tx *db.Tx, id ID) error {
	n, err := tx.Exec(ctx, `DELETE FROM job WHERE id = $1 AND state = 'failed'`, id)
	if err == nil && n == 0 {
		return problem.New(problem.NotFound, "There is no such failed job. It may have been done in the meantime.")
	}
	return err
}
