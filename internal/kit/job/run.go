package job

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"baraji/internal/kit/db"
)

// ErrLost says that this node no longer holds the lane: another one does the
// job now, and nothing may be written.
var ErrLost = errors.New("the job was taken over by another node")

// Run is one run of one job.
type Run struct {
	ID      ID
	Attempt int // failures before this one
	Cuts    int // how many of them were the death of the process, with the job in hand

	runner   *Runner
	work     work
	lane     string
	fence    int64
	more     bool // the lane may go on after this job
	finished bool
	next     *row
}

// Later is what a handler returns to be run again at a time, without having failed.
type Later time.Time

func (l Later) Error() string { return "later: " + time.Time(l).Format(time.RFC3339) }

// Finish ends the job as part of the handler's own transaction: the work and
// its end are one commit. A handler that does not call it is finished after it
// returned nil.
func (run *Run) Finish(ctx context.Context, tx *db.Tx) error {
	run.finished, run.next = false, nil // tx may be run again
	if err := run.remove(ctx, tx); err != nil {
		return err
	}
	// The lane goes on with what stands first when all is done: the work may add to it, and settle what adds to it.
	tx.Last(ending{run.ID, 1}, func() error {
		tx.Last(ending{run.ID, 2}, func() (err error) {
			run.next, err = run.advance(ctx, tx)
			run.finished = err == nil
			return err
		})
		return nil
	})
	return nil
}

// ending is the key of what Finish leaves for the end of its transaction.
type ending struct {
	job   ID
	round int
}

// Hold makes sure, as part of tx, that this node still holds the lane.
func (run *Run) Hold(ctx context.Context, tx *db.Tx) error {
	n, err := tx.Exec(ctx, `UPDATE job_lane SET lease_until = $3, doubted = FALSE WHERE name = $1 AND fence = $2`,
		run.lane, run.fence, run.runner.leaseUntil(tx.Now()))
	if err == nil && n == 0 {
		err = ErrLost
	}
	return err
}

// Rest says, as part of tx, whether standing work has nothing left to do at the
// moment; when it begins it has. See Runner.Behind.
func (run *Run) Rest(ctx context.Context, tx *db.Tx, resting bool) error {
	return run.guard(ctx, tx, `UPDATE job_lane SET resting = $3 WHERE name = $1 AND fence = $2`, resting)
}

func (run *Run) remove(ctx context.Context, tx *db.Tx) error {
	if run.work.next != nil {
		_, err := tx.Exec(ctx, `UPDATE job SET run_at = $2, attempt = 0, cuts = 0, error = '' WHERE id = $1`, run.ID, run.work.next(tx.Now()))
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM job WHERE id = $1`, run.ID)
	return err
}

// advance looks what the lane holds next: it keeps the lease for a job that is
// due, and gives it back otherwise.
func (run *Run) advance(ctx context.Context, tx *db.Tx) (*row, error) {
	head, err := headOf(ctx, tx, run.lane)
	switch {
	case errors.Is(err, db.ErrNoRow):
		return nil, run.guard(ctx, tx, `DELETE FROM job_lane WHERE name = $1 AND fence = $2`)
	case err != nil:
		return nil, err
	case run.more && !head.runAt.After(tx.Now()):
		return &head, run.guard(ctx, tx, `UPDATE job_lane SET lease_until = $3, job_id = $4 WHERE name = $1 AND fence = $2`,
			run.runner.leaseUntil(tx.Now()), head.id)
	}
	return nil, run.release(ctx, tx, head.runAt)
}

func (run *Run) release(ctx context.Context, tx *db.Tx, at time.Time) error {
	err := run.guard(ctx, tx, `UPDATE job_lane SET lease_until = 0, run_at = $3 WHERE name = $1 AND fence = $2`, at)
	tx.After(func() { run.runner.wake(run.work.Pool, at) })
	return err
}

func (run *Run) guard(ctx context.Context, tx *db.Tx, query string, args ...any) error {
	n, err := tx.Exec(ctx, query, append([]any{run.lane, run.fence}, args...)...)
	if err == nil && n == 0 {
		err = ErrLost
	}
	return err
}

// batch bounds how long one worker stays with one lane, so that a long lane
// does not starve the others.
const batch = 2 * time.Second

// lane does the jobs of a leased lane one after another.
func (r *Runner) lane(ctx context.Context, c claimed) error {
	began := r.db.Now()
	head := &c.head
	var all []error
	for head != nil {
		w, ok := r.works[head.kind]
		if !ok {
			w = work{Kind: Kind{}.filled(), name: head.kind, do: nobody(head.kind)}
		}
		run := &Run{ID: head.id, Attempt: head.attempt, Cuts: head.cuts, runner: r, work: w, lane: c.lane, fence: c.fence,
			more: r.db.Now().Sub(began) < batch && ctx.Err() == nil}
		err := r.one(ctx, run, head.args)
		if err != nil {
			all = append(all, err)
		}
		head = run.next
		if head != nil && ctx.Err() != nil {
			r.handBack(ctx, run, *head)
			break
		}
	}
	return errors.Join(all...)
}

func nobody(kind string) func(context.Context, *Run, []byte) error {
	return func(context.Context, *Run, []byte) error { return fmt.Errorf("nobody does %q jobs", kind) }
}

// one does one job and writes down how it ended.
func (r *Runner) one(ctx context.Context, run *Run, args string) error {
	began := r.db.Now()
	err := r.attempt(ctx, run, args)
	stopping := ctx.Err() != nil
	var later Later
	switch {
	case err == nil && run.finished:
		return nil
	case err == nil:
		err = r.note(ctx, run.Finish)
	case errors.Is(err, ErrLost):
	case errors.As(err, &later):
		err = r.note(ctx, func(ctx context.Context, tx *db.Tx) error { return run.postpone(ctx, tx, time.Time(later)) })
	case stopping && errors.Is(err, context.Canceled): // it did not fail
		err = r.note(ctx, func(ctx context.Context, tx *db.Tx) error { return run.release(ctx, tx, tx.Now()) })
	default:
		if run.work.Standing && r.db.Now().Sub(began) > steady {
			run.Attempt = 0
		}
		return r.failed(ctx, run, err)
	}
	if errors.Is(err, ErrLost) {
		r.log.Warn("job taken over", "kind", run.work.name, "job", run.ID)
		run.next = nil
		return nil
	}
	if err != nil {
		run.next = nil
		r.log.Error("end job", "kind", run.work.name, "job", run.ID, "error", err)
	}
	return err
}

// steady is how long standing work must have gone well for its failure to count as
// the first one: a connection that broke after a day is not in trouble yet.
const steady = 10 * time.Minute

// note writes how a job ended. Where the database does not take that, since its
// disk is full or it is away, the worker goes on trying: nobody else would, for the
// lane is leased. It is written even while the program stops, but not for ever.
func (r *Runner) note(ctx context.Context, fn func(context.Context, *db.Tx) error) error {
	for {
		err := func() error {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 8*time.Second)
			defer cancel()
			return r.db.Write(ctx, func(tx *db.Tx) error { return fn(ctx, tx) })
		}()
		if err == nil || !db.IsOutage(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(noteEvery):
		}
	}
}

// noteEvery is how long a worker waits before it tries to write again how its job
// ended; calm is the longest wait after a failure that was nobody's fault.
const (
	noteEvery = time.Second
	calm      = 15 * time.Second
)

// attempt runs the handler with its time limit, its heartbeat and a net for panics.
func (r *Runner) attempt(ctx context.Context, run *Run, args string) (err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if run.work.Limit > 0 {
		var stop context.CancelFunc
		ctx, stop = context.WithTimeout(ctx, run.work.Limit)
		defer stop()
	}
	if r.db.Shared() {
		stop := run.beat(ctx, cancel)
		defer stop()
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	err = run.work.do(ctx, run, []byte(args))
	if err != nil && errors.Is(context.Cause(ctx), ErrLost) {
		return ErrLost
	}
	return err
}

// beat renews the lease while the handler runs, and ends the handler's context
// when the lease is lost.
func (run *Run) beat(ctx context.Context, cancel context.CancelCauseFunc) (stop func()) {
	ctx, end := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	go func() {
		defer close(done)
		t := time.NewTicker(lease / 3)
		defer t.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-t.C:
			}
			err := run.runner.db.Claim(ctx, func(tx *db.Tx) error { return run.Hold(ctx, tx) })
			if errors.Is(err, ErrLost) {
				cancel(ErrLost)
				return
			}
		}
	}()
	return func() { end(); <-done }
}

func (run *Run) postpone(ctx context.Context, tx *db.Tx, at time.Time) error {
	if _, err := tx.Exec(ctx, `UPDATE job SET run_at = $2, attempt = 0, cuts = 0, error = '' WHERE id = $1`, run.ID, at); err != nil {
		return err
	}
	next, err := run.advance(ctx, tx)
	run.next = next
	return err
}

// failed notes the failure and when the job is tried again, or gives it up.
func (r *Runner) failed(ctx context.Context, run *Run, cause error) error {
	w := run.work
	attempt := run.Attempt + 1
	given := attempt >= w.Tries && w.next == nil
	wait := backoff(w.Kind, attempt)
	if db.IsOutage(cause) {
		attempt, given, wait = max(run.Attempt, 1), false, min(wait, calm)
	}
	r.log.Warn("job failed", "kind", w.name, "job", run.ID, "attempt", attempt, "given_up", given, "error", cause)
	err := r.note(ctx, func(ctx context.Context, tx *db.Tx) error {
		state := waiting
		if given {
			state = failed
		}
		_, err := tx.Exec(ctx, `UPDATE job SET state = $2, attempt = $3, error = $4 WHERE id = $1`, run.ID, state, attempt, clip(cause.Error()))
		if err != nil {
			return err
		}
		if given {
			run.next, err = run.advance(ctx, tx)
			return err
		}
		return run.release(ctx, tx, tx.Now().Add(wait))
	})
	if given && err == nil {
		r.dead(w.name, cause)
	}
	if err != nil && !errors.Is(err, ErrLost) {
		r.log.Error("note failed job", "kind", w.name, "job", run.ID, "error", err)
	}
	return cause
}

// handBack returns a lane whose next job was not begun.
func (r *Runner) handBack(ctx context.Context, run *Run, head row) {
	err := r.note(ctx, func(ctx context.Context, tx *db.Tx) error { return run.release(ctx, tx, head.runAt) })
	if err != nil {
		r.log.Error("hand back lane", "lane", run.lane, "error", err)
	}
}

// backoff grows two and a half times with each failure, give or take a fifth.
func backoff(k Kind, attempt int) time.Duration {
	d := min(k.Wait, k.Most)
	for range min(attempt-1, 50) {
		d = min(d*5/2, k.Most)
	}
	return d*4/5 + rand.N(d*2/5+1)
}

func clip(s string) string {
	if len(s) > 2000 {
		return s[:2000]
	}
	return s
}
