package job_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/job"
)

type watch struct{}

func (watch) JobKind() string { return "test.watch" }

// node is a process on the desk's database, with a connection of its own.
func node(t *testing.T, desk *dbtest.Desk) (*db.DB, *job.Runner) {
	t.Helper()
	d, err := db.Open(t.Context(), desk.URL, db.Options{Now: desk.Clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d, job.NewRunner(d, quiet)
}

// dies is a process that dies with a job in hand: its handler never comes back
// as long as the test runs, and nobody renews its lease.
func dies(t *testing.T, desk *dbtest.Desk) {
	t.Helper()
	d, r := node(t, desk)
	r.Size(job.DefaultPool, 1) // it has one hand
	begun, dead := make(chan struct{}, 10), make(chan struct{})
	job.Handle(r, job.Kind{}, func(context.Context, *job.Run, say) error {
		begun <- struct{}{}
		<-dead
		return job.ErrLost
	})
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { r.Run(ctx) })
	t.Cleanup(func() { stop(); close(dead); wg.Wait(); d.Close() })
	select {
	case <-begun:
	case <-time.After(10 * time.Second):
		t.Fatal("nobody began the job")
	}
	desk.Clock.Advance(time.Minute) // longer than any lease
}

func TestTheDeathOfAProcessIsATryOfWhatItHadInHand(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		d, r := node(t, desk)
		var given atomic.Int32
		var mu sync.Mutex
		var did []string
		var runs []int
		r.OnFailed(func(string, error) { given.Add(1) })
		job.Handle(r, job.Kind{Tries: 3, Wait: time.Second}, func(_ context.Context, run *job.Run, s say) error {
			mu.Lock()
			defer mu.Unlock()
			did, runs = append(did, s.Text), append(runs, run.Cuts)
			if s.Text == "bad" {
				return errors.New("no")
			}
			return nil
		})
		add(t, d, say{"bad"}, job.Options{Lane: "x"})
		add(t, d, say{"good"}, job.Options{Lane: "x"})
		dies(t, desk)
		dies(t, desk)
		desk.Clock.Advance(time.Hour)

		ctx, stop := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { r.Run(ctx) })
		defer func() { stop(); wg.Wait() }()
		waitFor(t, func() bool {
			r.WakeAll()
			mu.Lock()
			defer mu.Unlock()
			return len(did) == 2
		})
		mu.Lock()
		defer mu.Unlock()
		if did[0] != "bad" || did[1] != "good" || runs[0] != 2 || runs[1] != 0 || given.Load() != 1 {
			t.Errorf("did %v after %v deaths, %d given up", did, runs, given.Load())
		}
	})
}

func TestWhatAlwaysKillsTheProcessIsGivenUpUnrun(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		d, r := node(t, desk)
		ran := make(chan string, 10)
		job.Handle(r, job.Kind{Tries: 2, Wait: time.Second}, func(_ context.Context, _ *job.Run, s say) error { ran <- s.Text; return nil })
		add(t, d, say{"bad"}, job.Options{Lane: "x"})
		add(t, d, say{"good"}, job.Options{Lane: "x"})
		dies(t, desk)
		desk.Clock.Advance(time.Hour)
		dies(t, desk)
		desk.Clock.Advance(time.Hour)
		ctx, stop := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { r.Run(ctx) })
		defer func() { stop(); wg.Wait() }()
		waitFor(t, func() bool {
			r.WakeAll()
			return len(ran) > 0
		})
		if got := <-ran; got != "good" || queues(t, d, r)["test.say"].Failed != 1 {
			t.Errorf("ran %q, queue %+v", got, queues(t, d, r)["test.say"])
		}
	})
}

func TestStandingWorkIsBehindUntilItRests(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		d, r := node(t, desk)
		steps := make(chan bool)
		job.Handle(r, job.Kind{Pool: "w", Standing: true, Limit: -1}, func(ctx context.Context, run *job.Run, _ watch) error {
			for resting := range steps {
				if err := d.Write(ctx, func(tx *db.Tx) error { return run.Rest(ctx, tx, resting) }); err != nil {
					t.Error(err)
				}
				steps <- resting
			}
			return ctx.Err()
		})
		behind := func() (n int) {
			err := d.Read(t.Context(), func(tx *db.Tx) error {
				list, err := r.Behind(t.Context(), tx)
				for _, q := range list {
					n += q.Due
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if n := behind(); n != 0 {
			t.Errorf("nothing is to be done and %d behind", n)
		}
		add(t, d, watch{}, job.Options{Key: "w", Lane: "w"})
		if n := behind(); n != 1 {
			t.Errorf("before it began %d behind", n)
		}
		ctx, stop := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { r.Run(ctx) })
		for _, resting := range []bool{true, false, true} {
			steps <- resting
			<-steps
			if n := behind(); (n == 0) != resting {
				t.Errorf("resting is %v and %d behind", resting, n)
			}
		}
		if desk.Shared() {
			other, otherRunner := node(t, desk)
			job.Handle(otherRunner, job.Kind{Pool: "w", Standing: true}, func(context.Context, *job.Run, watch) error { return nil })
			ctx, stop := context.WithCancel(t.Context())
			var wg sync.WaitGroup
			wg.Go(func() { otherRunner.Run(ctx) })
			waitFor(t, func() bool { return behind() == 1 }) // the new node may stand in for a dead one
			stop()
			wg.Wait()
			other.Close()
		}
		stop()
		close(steps)
		wg.Wait()
		if n := behind(); n != 1 {
			t.Errorf("after the program ended %d behind", n)
		}
	})
}
