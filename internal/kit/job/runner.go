package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"baraji/internal/kit/db"
)

// Runner does jobs.
type Runner struct {
	db    *db.DB
	log   *slog.Logger
	works map[string]work
	pools map[string]*pool

	// Hint, if set, tells the other nodes that a pool has work. It must not block.
	Hint func(pool string)

	begun   atomic.Bool
	running atomic.Int64
	dead    func(kind string, err error) // told when a job is given up
}

// lease is how long a node may be silent before another one takes its lanes: long
// enough for a stall, short enough that work which loses three nodes in a row is
// still done within a minute.
const lease = 15 * time.Second

// NewRunner makes a Runner and attaches it to d, so that Add finds it.
func NewRunner(d *db.DB, log *slog.Logger) *Runner {
	r := &Runner{db: d, log: log, works: map[string]work{}, pools: map[string]*pool{}, dead: func(string, error) {}}
	db.Attach(d, r)
	return r
}

// OnFailed sets what is told when a job is given up, beside the log.
func (r *Runner) OnFailed(fn func(kind string, err error)) { r.dead = fn }

func (r *Runner) add(w work) {
	if _, twice := r.works[w.name]; twice {
		panic("two handlers for " + w.name + " jobs")
	}
	r.works[w.name] = w
	if r.pools[w.Pool] == nil {
		r.pools[w.Pool] = newPool(w.Pool)
	}
	if w.Standing {
		r.pools[w.Pool].standing = true
	}
}

// Size sets how many jobs of a pool run at once; 4 unless set.
func (r *Runner) Size(name string, n int) {
	if r.pools[name] == nil {
		r.pools[name] = newPool(name)
	}
	r.pools[name].size = n
}

func (r *Runner) kind(name string) (work, bool) {
	if r == nil {
		return work{}, false
	}
	w, ok := r.works[name]
	return w, ok
}

// wake tells a pool that a lane comes up at the given time.
func (r *Runner) wake(name string, at time.Time) {
	if p := r.pools[name]; p != nil {
		p.tell(at)
	}
	if r.Hint != nil && !at.After(r.db.Now()) {
		r.Hint(name)
	}
}

// Wake makes a pool look at the queue now: another node added something.
func (r *Runner) Wake(name string) {
	if p := r.pools[name]; p != nil {
		p.tell(time.Time{})
	}
}

// WakeAll makes every pool look at the queue now, such as after the clock was moved.
func (r *Runner) WakeAll() {
	for name := range r.pools {
		r.Wake(name)
	}
}

// Running says how many jobs run in this process now.
func (r *Runner) Running() int { return int(r.running.Load()) }

// Run does jobs until ctx ends. Then it takes no more, waits for those that run
// (their context ends as well) and hands back what was not finished.
func (r *Runner) Run(ctx context.Context) error {
	for !r.begun.Load() && ctx.Err() == nil {
		err := r.Begin(ctx)
		if err == nil || ctx.Err() != nil {
			break
		}
		if !db.IsOutage(err) {
			return err
		}
		r.log.Error("no work is done", "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(calm / 5):
		}
	}
	var wg sync.WaitGroup
	for _, p := range r.pools {
		wg.Go(func() { r.serve(ctx, p) })
	}
	wg.Wait()
	return nil
}

// Begin takes over what a process that died left, where no other node can hold
// a lease, and makes sure that each periodic kind has its row. Run does it, unless
// it was done before; until then nobody should ask what waits.
func (r *Runner) Begin(ctx context.Context) error {
	err := r.db.Write(ctx, func(tx *db.Tx) error {
		if !r.db.Shared() {
			if _, err := tx.Exec(ctx, `UPDATE job_lane SET lease_until = 1 WHERE lease_until > 0`); err != nil { // long over, and not given back
				return err
			}
		}
		if _, err := tx.Exec(ctx, `INSERT INTO job_lane (name, pool, run_at) SELECT j.lane, MIN(j.pool), MIN(j.run_at) FROM job j
			WHERE j.state = 'waiting' AND NOT EXISTS (SELECT 1 FROM job_lane l WHERE l.name = j.lane) GROUP BY j.lane
			ON CONFLICT (name) DO NOTHING`); err != nil { // what older versions lost sight of
			return err
		}
		for _, name := range slices.Sorted(maps.Keys(r.works)) {
			w := r.works[name]
			if w.Standing {
				if _, err := tx.Exec(ctx, `UPDATE job_lane SET doubted = TRUE WHERE pool = $1`, w.Pool); err != nil {
					return err
				}
			}
			if w.next == nil {
				continue
			}
			if _, err := add(ctx, tx, periodic{name}, Options{At: w.next(tx.Now()), Lane: "slot", Key: name}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("begin jobs: %w", err)
	}
	r.begun.Store(true)
	return nil
}

// serve is one pool's loop: claim what is due, start it, sleep until more is.
func (r *Runner) serve(ctx context.Context, p *pool) {
	var wg sync.WaitGroup
	defer wg.Wait()
	for ctx.Err() == nil {
		l, err := r.claim(ctx, p.name, p.free())
		if err != nil && ctx.Err() == nil {
			r.log.Error("claim jobs", "pool", p.name, "error", err)
			l.next = r.db.Now().Add(2 * time.Second)
		}
		for _, run := range l.runs {
			p.take()
			r.running.Add(1)
			wg.Go(func() {
				defer p.give()
				defer r.running.Add(-1)
				r.lane(ctx, run)
			})
		}
		if l.again && p.free() > 0 {
			continue
		}
		p.sleep(ctx, r.untilNext(l.next))
	}
}

// untilNext is how long a pool may sleep. With other nodes about, a look at the
// queue every few seconds is the net under lost hints and dead nodes' leases.
func (r *Runner) untilNext(next time.Time) time.Duration {
	most := time.Hour
	if r.db.Shared() {
		most = 5 * time.Second
	}
	if next.IsZero() {
		return most
	}
	return max(0, min(most, next.Sub(r.db.Now())))
}

// Drain does everything that is due, in this goroutine, until nothing is; for
// tests. Pools with standing work are left out. It returns the failures.
func (r *Runner) Drain(ctx context.Context) error {
	var all []error
	for range 100_000 {
		any := false
		for name, p := range r.pools {
			if p.standing {
				continue
			}
			l, err := r.claim(ctx, name, 16)
			if err != nil {
				return err
			}
			any = any || l.again
			for _, run := range l.runs {
				all = append(all, r.lane(ctx, run))
			}
		}
		if !any {
			return errors.Join(all...)
		}
	}
	return errors.New("the jobs make ever more jobs")
}
