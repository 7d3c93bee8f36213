package job

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// Kind says how jobs of one kind are done. The zero value works.
type Kind struct {
	Pool     string        // jobs of one pool share its workers; "" is "work"
	Tries    int           // given up after so many failures; 0 is 12
	Wait     time.Duration // before the second try, growing from there; 0 is 2 s
	Most     time.Duration // the longest wait; 0 is an hour
	Limit    time.Duration // how long one run may take; 0 is 2 min, negative for ever
	Standing bool          // runs as long as the program does: unfinished work only until it rests (see Run.Rest)
}

// DefaultPool is the pool of kinds that name none.
const DefaultPool = "work"

type work struct {
	Kind
	name string
	do   func(context.Context, *Run, []byte) error
	next func(time.Time) time.Time // of a periodic kind
}

func (k Kind) filled() Kind {
	if k.Pool == "" {
		k.Pool = DefaultPool
	}
	if k.Tries == 0 {
		k.Tries = 12
	}
	if k.Wait == 0 {
		k.Wait = 2 * time.Second
	}
	if k.Most == 0 {
		k.Most = time.Hour
	}
	if k.Limit == 0 {
		k.Limit = 2 * time.Minute
	}
	return k
}

// Handle makes fn do the jobs whose args are an A. It belongs to setting up.
func Handle[A Args](r *Runner, k Kind, fn func(context.Context, *Run, A) error) {
	var zero A
	r.add(work{Kind: k.filled(), name: zero.JobKind(), do: func(ctx context.Context, run *Run, body []byte) error {
		var args A
		if err := json.Unmarshal(body, &args); err != nil {
			return fmt.Errorf("read %s args: %w", zero.JobKind(), err)
		}
		return fn(ctx, run, args)
	}})
}

// Every makes fn run at each time that next gives, once for each slot however
// many nodes there are. next is a pure function: the first slot after a time.
// A slot that was missed while nothing ran is made up for once.
func Every(r *Runner, name string, k Kind, next func(time.Time) time.Time, fn func(context.Context, *Run) error) {
	r.add(work{Kind: k.filled(), name: name, next: next, do: func(ctx context.Context, run *Run, _ []byte) error {
		return fn(ctx, run)
	}})
}

// Interval is a next function for Every: multiples of d since midnight UTC of
// the year one, so that all nodes have the same slots.
func Interval(d time.Duration) func(time.Time) time.Time {
	return func(t time.Time) time.Time { return t.Truncate(d).Add(d) }
}

// periodic are the args of a periodic job.
type periodic struct{ name string }

func (p periodic) JobKind() string              { return p.name }
func (p periodic) MarshalJSON() ([]byte, error) { return []byte("{}"), nil }
