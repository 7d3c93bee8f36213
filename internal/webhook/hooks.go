package webhook

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/dial"
	"baraji/internal/kit/job"
	"baraji/internal/kit/secret"
)

// Parts is what sending needs from the rest of the program.
type Parts struct {
	DB      *db.DB
	Log     *slog.Logger
	Keys    *secret.Keys
	Jobs    *job.Runner
	Dial    *dial.Dialer
	Clock   func() time.Time // the machine's: receivers compare with it
	Version string
	Private bool       // the operator allows private networks: http is allowed too
	Kinds   [][]string // all kinds of facts: an area, and its kinds
}

// Hooks sends: one for each process.
type Hooks struct {
	Parts
	client *http.Client
	woke   chan struct{}
}

// pool is the workers that send. Each endpoint holds at most one, and there is one for each.
const pool = "webhook"

// New makes it, takes over its jobs, and attaches it to the database.
func New(p Parts) *Hooks {
	s := &Hooks{Parts: p, client: p.Dial.Once(patience), woke: make(chan struct{}, 1)}
	// What fails here is the database: what a receiver does is written down with the delivery.
	job.Handle(p.Jobs, job.Kind{Pool: pool, Tries: 1 << 30, Wait: time.Second, Most: 10 * time.Second}, s.pump)
	p.Jobs.Size(pool, most)
	db.Attach(p.DB, s)
	return s
}

// Wake says that the log has grown. It does not block.
func (s *Hooks) Wake() {
	select {
	case s.woke <- struct{}{}:
	default:
	}
}

// rest is how long the log may grow before it is looked at again; look is how often it is looked at unasked where other nodes write it too.
const (
	rest = 100 * time.Millisecond
	look = 30 * time.Second
)

// Run takes from the log what it holds until ctx ends.
func (s *Hooks) Run(ctx context.Context) error {
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		if err := s.Take(ctx); err != nil && ctx.Err() == nil {
			s.Log.Error("take events for webhooks", "error", err)
			time.AfterFunc(time.Second, s.Wake)
		}
		pause := time.NewTimer(rest)
		select {
		case <-ctx.Done():
			return nil
		case <-pause.C:
		}
		select {
		case <-ctx.Done():
			return nil
		case <-s.woke:
		case <-tick.C:
		}
	}
}
