package job

import (
	"context"
	"sync/atomic"
	"time"
)

// pool is a number of workers.
type pool struct {
	name string
	size int

	standing bool
	busy     atomic.Int64
	woke     chan time.Time
}

func newPool(name string) *pool {
	return &pool{name: name, size: 4, woke: make(chan time.Time, 64)}
}

func (p *pool) free() int { return p.size - int(p.busy.Load()) }
func (p *pool) take()     { p.busy.Add(1) }

func (p *pool) give() {
	if p.busy.Add(-1) >= int64(p.size)-1 {
		p.tell(time.Time{}) // it was full: somebody may be waiting
	}
}

// tell wakes the pool for a lane that comes up at a time. When the channel is
// full the pool is awake anyway and looks at the queue before it sleeps.
func (p *pool) tell(at time.Time) {
	select {
	case p.woke <- at:
	default:
	}
}

// sleep returns after d, or when told of something.
func (p *pool) sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-p.woke:
		for len(p.woke) > 0 {
			<-p.woke
		}
	case <-t.C:
	case <-ctx.Done():
	}
}
