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
	cuts    int
	runAt   time.Time
}

func scan(r db.Row) (j row, err error) {
	return j, r.Scan(&j.id, &j.kind, &j.args, &j.attempt, &j.cuts, db.Time(&j.runAt))
}

const columns = `id, kind, args, attempt, cuts, run_at`

// lane is a lane that is due, as it was left.
type lane struct {
	name string
	job  ID   // what its last holder had in hand
	cut  bool // he never gave it back: he died
}

func scanLane(r db.Row) (l lane, err error) { return l, r.Scan(&l.name, &l.job, &l.cut) }

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
	var due []lane
	look := func(tx *db.Tx) (err error) {
		due, l.next, err = dueLanes(ctx, tx, pool, n, "")
		return err
	}
	if err := r.db.Read(ctx, look); err != nil || len(due) == 0 { // most looks find nothing: no write for that
		return l, err
	}
	err = r.db.Claim(ctx, func(tx *db.Tx) error {
		var runs []claimed
		due, l.next, err = dueLanes(ctx, tx, pool, n, tx.ForUpdate())
		if err != nil {
			return err
		}
		for _, l := range due {
			c, err := r.claimLane(ctx, tx, l)
			if err != nil {
				return err
			}
			if c != nil {
				runs = append(runs, *c)
			}
		}
		l.runs = runs
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
func dueLanes(ctx context.Context, tx *db.Tx, pool string, n int, lock string) ([]lane, time.Time, error) {
	due, err := db.All(ctx, tx, scanLane, `
		SELECT name, job_id, lease_until > 0 FROM job_lane WHERE pool = $1 AND run_at <= $2 AND lease_until <= $2
		ORDER BY run_at`+db.Limit(n)+lock, pool, tx.Now())
	if err != nil || len(due) > 0 {
		return due, time.Time{}, err
	}
	var next time.Time
	err = db.Each(ctx, tx, func(r db.Row) error { return r.Scan(db.Time(&next)) }, `
		SELECT run_at FROM job_lane WHERE pool = $1 AND run_at > $2 ORDER BY run_at LIMIT 1`, pool, tx.Now())
	return nil, next, err
}

// claimLane leases one lane; nil if it has nothing to do after all.
func (r *Runner) claimLane(ctx context.Context, tx *db.Tx, l lane) (*claimed, error) {
	head, err := headOf(ctx, tx, l.name)
	if errors.Is(err, db.ErrNoRow) {
		_, err := tx.Exec(ctx, `DELETE FROM job_lane WHERE name = $1`, l.name)
		return nil, err
	}
	if err != nil {
		return nil, err
	}
	if l.cut && l.job == head.id {
		if later, err := r.cutOff(ctx, tx, l.name, &head); later || err != nil {
			return nil, err
		}
	}
	if head.attempt == 0 && head.runAt.After(tx.Now()) { // what made it due was cancelled
		_, err := tx.Exec(ctx, `UPDATE job_lane SET run_at = $2 WHERE name = $1`, l.name, head.runAt)
		return nil, err
	}
	fence := tx.NewID()
	_, err = tx.Exec(ctx, `UPDATE job_lane SET fence = $2, lease_until = $3, job_id = $4, resting = FALSE, doubted = FALSE WHERE name = $1`,
		l.name, fence, r.leaseUntil(tx.Now()), head.id)
	return &claimed{l.name, fence, head}, err
}

var errCut = errors.New("the program died while it did this")

// patience is how many deaths in a row may be chance.
const patience = 2

// cutOff counts that a process died with a job in hand. It is run again at once, as
// a rule it was not the job; if that happens again and again, after a wait, so that
// the other work gets done in between. later says that it is not to be run now.
func (r *Runner) cutOff(ctx context.Context, tx *db.Tx, name string, head *row) (later bool, err error) {
	w, ok := r.works[head.kind]
	if !ok || w.Standing { // that has it in hand all the time
		return false, nil
	}
	head.attempt, head.cuts = head.attempt+1, head.cuts+1
	state, at := waiting, tx.Now()
	given := head.attempt >= w.Tries && w.next == nil
	switch {
	case given:
		state = failed
		tx.After(func() { r.dead(w.name, errCut) })
	case head.cuts > patience:
		at = at.Add(backoff(w.Kind, head.attempt))
	}
	tx.After(func() {
		r.log.Warn("job cut off", "kind", w.name, "job", head.id, "attempt", head.attempt, "given_up", given)
	})
	_, err = tx.Exec(ctx, `UPDATE job SET state = $2, attempt = $3, cuts = $4, error = $5 WHERE id = $1`, head.id, state, head.attempt, head.cuts, errCut.Error())
	if err != nil || !given && head.cuts <= patience {
		return false, err
	}
	_, err = tx.Exec(ctx, `UPDATE job_lane SET lease_until = 0, run_at = $2 WHERE name = $1`, name, at)
	return true, err
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
