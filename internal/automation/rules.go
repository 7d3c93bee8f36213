package automation

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/moment"
)

const (
	// MostTimes is how often one rule runs in one chain.
	MostTimes = 3
	// MostRuns is how many runs one chain has.
	MostRuns = 50

	retries    = 8 // of what failed and may go well another time
	firstPause = 30 * time.Second

	// freshFor is how long a process believes what it knows about which kinds are listened to: a rule that was switched on
	// at another node is heard here that much later.
	freshFor = time.Second
)

// Rules makes rules run.
type Rules struct {
	db  *db.DB
	log *slog.Logger

	mu     sync.Mutex
	kinds  map[string]bool // that a rule listens to
	readAt time.Time
	bodies map[ID]Rule // as they were read last; one holds as long as its version is that of the row
}

// New makes the rules of a desk hear what is recorded there.
func New(d *db.DB, facts *event.Log, jobs *job.Runner, times *moment.Moments, log *slog.Logger) *Rules {
	r := &Rules{db: d, log: log, bodies: map[ID]Rule{}}
	db.Attach(d, r)
	facts.OnEvery(r.hear)
	times.Tell("rul", r.fits)
	job.Handle(jobs, job.Kind{Pool: "rules"}, r.next)
	job.Handle(jobs, job.Kind{Pool: "rules", Tries: retries, Wait: firstPause}, r.again)
	return r
}

// changed makes this process look anew at what rules listen to.
func changed(tx *db.Tx) {
	if r := db.Attached[*Rules](tx); r != nil {
		tx.After(func() {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.kinds = nil
		})
	}
}

// listened says whether a rule listens to a kind.
func (r *Rules) listened(ctx context.Context, tx *db.Tx, kind string) (bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now := tx.Now(); r.kinds == nil || now.Sub(r.readAt) > freshFor || now.Before(r.readAt) {
		list, err := db.All(ctx, tx, func(r db.Row) (s string, err error) { return s, r.Scan(&s) }, `SELECT DISTINCT fact FROM automation_rule WHERE enabled`)
		if err != nil {
			return false, err
		}
		r.kinds, r.readAt = map[string]bool{}, now
		for _, k := range list {
			r.kinds[k] = true
		}
	}
	return r.kinds[kind], nil
}
