package job

import (
	"context"
	"errors"
	"fmt"
	"time"

	"baraji/internal/kit/db"
)

// claimed is a lane that this process leases, with the job at its head.
type claimed struct {
	lane  string
	fence int64
	head  row
}

type row struct {
	id      ID
	kind    string
	args    string
	attempt int
	runAt   time.Time
}

func scan(r db.Row) (j row, err error) {
	return j, r.Scan(&j.id, &j.kind, &j.args, &j.attempt, db.Time(&j.runAt))
}

const columns = `id, kind, args, attempt, run_at`

// looked is what a look at the queue found.
type looked struct {
	runs  []claimed
	again bool      // there may be more that is due
	next  time.Time // else: when the next lane comes up; zero when none does
}

// claim leases up to n lanes of a pool whose head is due.
func (r *Runner) claim(ctx context.Context, pool string, n int) (l looked, err error) {
	if n <= 0 {
		return l, nil
	}
	var due []string
	look := func(tx *db.Tx) (err error) {
		due, l.next, err = dueLanes(ctx, tx, pool, n, "")
		return err
	}
	if err := r.db.Read(ctx, look); err != nil || len(due) == 0 { // most looks find nothing: no write for that
		return l, err
	}
	err = r.db.Claim(ctx, func(tx *db.Tx) error {
		l.runs = l.runs[:0]
		due, l.next, err = dueLanes(ctx, tx, pool, n, tx.ForUpdate())
		if err != nil {
			return err
		}
		for _, lane := range due {
			c, err := claimLane(ctx, tx, lane, r.leaseUntil(tx.Now()))
			if err != nil {
				return err
			}
			if c != nil {
				l.runs = append(l.runs, *c)
			}
		}
		return nil
	})
	if err != nil {
		return looked{}, fmt.Errorf("claim %s jobs: %w", pool, err)
	}
	l.again = len(due) > 0
	return l, nil
}

// dueLanes are the lanes whose time has come, longest waiting first, and the
// time of the first one that is not due.
func dueLanes(ctx context.Context, tx *db.Tx, pool string, n int, lock string) ([]string, time.Time, error) {
	due, err := db.All(ctx, tx, func(r db.Row) (s string, err error) { return s, r.Scan(&s) }, `
		SELECT name FROM job_lane WHERE pool = $1 AND run_at <= $2 AND lease_until <= $2
		ORDER BY run_at LIMIT $3`+lock, pool, tx.Now(), n)
	if err != nil || len(due) > 0 {
		return due, time.Time{}, err
	}
	var next time.Time
	err = db.Each(ctx, tx, func(r db.Row) error { return r.Scan(db.Time(&next)) }, `
		SELECT run_at FROM job_lane WHERE pool = $1 AND run_at > $2 ORDER BY run_at LIMIT 1`, pool, tx.Now())
	return nil, next, err
}

// claimLane leases one lane; nil if it has nothing to do after all.
func claimLane(ctx context.Context, tx *db.Tx, lane string, until time.Time) (*claimed, error) {
	head, err := headOf(ctx, tx, lane)
	if errors.Is(err, db.ErrNoRow) {
		_, err := tx.Exec(ctx, `DELETE FROM job_lane WHERE name = $1`, lane)
		return nil, err
	}
	if err != nil {
		return nil, err
	}
	if head.attempt == 0 && head.runAt.After(tx.Now()) { // what made it due was cancelled
		_, err := tx.Exec(ctx, `UPDATE job_lane SET run_at = $2 WHERE name = $1`, lane, head.runAt)
		return nil, err
	}
	fence := tx.NewID()
	_, err = tx.Exec(ctx, `UPDATE job_lane SET fence = $2, lease_until = $3 WHERE name = $1`, lane, fence, until)
	return &claimed{lane, fence, head}, err
}

func headOf(ctx context.Context, tx *db.Tx, lane string) (row, error) {
	return db.One(ctx, tx, scan, `
		SELECT `+columns+` FROM job WHERE lane = $1 AND state = 'waiting' ORDER BY run_at, id LIMIT 1`, lane)
}

// leaseUntil: where this process has the database for itself, a lease ends only
// with the process (see begin), and nothing has to be renewed.
func (r *Runner) leaseUntil(now time.Time) time.Time {
	if r.db.Shared() {
		return now.Add(lease)
	}
	return now.AddDate(10, 0, 0)
}
