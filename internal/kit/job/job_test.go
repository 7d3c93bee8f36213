package job_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/job"
)

var quiet = slog.New(slog.DiscardHandler)

type say struct{ Text string }

func (say) JobKind() string { return "test.say" }

func add(t *testing.T, d *db.DB, args job.Args, o job.Options) {
	t.Helper()
	if err := d.Write(t.Context(), func(tx *db.Tx) error { return job.Add(t.Context(), tx, args, o) }); err != nil {
		t.Fatal(err)
	}
}

func queues(t *testing.T, d *db.DB, r *job.Runner) map[string]job.Queue {
	t.Helper()
	all := map[string]job.Queue{}
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		list, err := r.Queues(t.Context(), tx)
		for _, q := range list {
			all[q.Name] = q
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestALaneRunsInOrderAndItsHeadHoldsItUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		var said []string
		broken := true
		r := job.NewRunner(desk.DB, quiet)
		job.Handle(r, job.Kind{Tries: 3, Wait: time.Minute}, func(_ context.Context, _ *job.Run, s say) error {
			if s.Text == "a2" && broken {
				return errors.New("not now")
			}
			said = append(said, s.Text)
			return nil
		})
		for _, s := range []string{"a1", "a2", "a3", "b1", "b2"} {
			add(t, desk.DB, say{s}, job.Options{Lane: s[:1]})
		}
		r.Drain(t.Context())
		slices.Sort(said)
		if want := []string{"a1", "b1", "b2"}; !slices.Equal(said, want) {
			t.Fatalf("said %v, want %v", said, want)
		}
		add(t, desk.DB, say{"a4"}, job.Options{Lane: "a"}) // must not wake the lane before its time
		r.Drain(t.Context())
		if len(said) != 3 {
			t.Fatalf("the head was overtaken: %v", said)
		}
		desk.Clock.Advance(2 * time.Minute)
		broken = false
		if err := r.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if want := []string{"a2", "a3", "a4"}; !slices.Equal(said[3:], want) {
			t.Errorf("then said %v, want %v", said[3:], want)
		}
		if q := queues(t, desk.DB, r)["test.say"]; q != (job.Queue{Name: "test.say"}) {
			t.Errorf("left over: %+v", q)
		}
	})
}

func TestWhatIsGivenUpLetsTheOthersPassAndWaitsForAPerson(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		broken, given := true, 0
		var said []string
		r := job.NewRunner(desk.DB, quiet)
		r.OnFailed(func(string, error) { given++ })
		job.Handle(r, job.Kind{Tries: 3, Wait: time.Second}, func(_ context.Context, _ *job.Run, s say) error {
			if s.Text == "bad" && broken {
				panic("no")
			}
			said = append(said, s.Text)
			return nil
		})
		add(t, desk.DB, say{"bad"}, job.Options{Lane: "x"})
		add(t, desk.DB, say{"good"}, job.Options{Lane: "x"})
		for range 5 {
			r.Drain(t.Context())
			desk.Clock.Advance(time.Hour)
		}
		q := queues(t, desk.DB, r)["test.say"]
		if !slices.Equal(said, []string{"good"}) || q.Failed != 1 || given != 1 {
			t.Fatalf("said %v, queue %+v, told %d", said, q, given)
		}
		broken = false
		err := desk.Write(t.Context(), func(tx *db.Tx) error {
			jobs, err := job.List(t.Context(), tx, "failed", "", 0, 10)
			if err != nil || len(jobs) != 1 {
				return fmt.Errorf("%v %v", jobs, err)
			}
			return job.Retry(t.Context(), tx, jobs[0].ID)
		})
		if err != nil {
			t.Fatal(err)
		}
		r.Drain(t.Context())
		if !slices.Equal(said, []string{"good", "bad"}) {
			t.Errorf("after retry: %v", said)
		}
	})
}

func TestTimersKeysAndCancel(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		ctx := t.Context()
		var said []string
		r := job.NewRunner(desk.DB, quiet)
		job.Handle(r, job.Kind{}, func(_ context.Context, _ *job.Run, s say) error { said = append(said, s.Text); return nil })
		err := desk.Write(ctx, func(tx *db.Tx) error {
			at := tx.Now().Add(time.Hour)
			return errors.Join(
				job.Add(ctx, tx, say{"first"}, job.Options{At: at, Key: "k"}),
				job.Add(ctx, tx, say{"twice"}, job.Options{At: at, Key: "k"}),
				job.Add(ctx, tx, say{"old"}, job.Options{At: at, Key: "r", Lane: "r"}),
				job.Replace(ctx, tx, say{"new"}, job.Options{At: at.Add(time.Hour), Key: "r", Lane: "r"}),
				job.Add(ctx, tx, say{"never"}, job.Options{At: at, Key: "c"}),
				job.Cancel(ctx, tx, "c"))
		})
		if err != nil {
			t.Fatal(err)
		}
		r.Drain(ctx)
		if len(said) > 0 {
			t.Errorf("too early: %v", said)
		}
		desk.Clock.Advance(time.Hour)
		r.Drain(ctx)
		if !slices.Equal(said, []string{"first"}) {
			t.Errorf("after an hour: %v", said)
		}
		desk.Clock.Advance(time.Hour)
		r.Drain(ctx)
		if !slices.Equal(said, []string{"first", "new"}) {
			t.Errorf("after two: %v", said)
		}
	})
}

type chime struct{ Text string }

func (chime) JobKind() string { return "test.chime" }

// Timers of several kinds that share a lane go off as they are due, however late, and although each has a runner to itself.
func TestTimersOfOneLaneKeepTheirOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		ctx := t.Context()
		var mu sync.Mutex
		did := map[string][]string{}
		note := func(text string) {
			mu.Lock()
			defer mu.Unlock()
			lane, what, _ := strings.Cut(text, " ")
			did[lane] = append(did[lane], what)
		}
		r := job.NewRunner(desk.DB, quiet)
		job.Handle(r, job.Kind{}, func(_ context.Context, _ *job.Run, s say) error { note(s.Text); return nil })
		job.Handle(r, job.Kind{}, func(_ context.Context, _ *job.Run, s chime) error { note(s.Text); return nil })
		err := desk.Write(ctx, func(tx *db.Tx) error {
			for _, lane := range []string{"a", "b", "c", "d"} {
				for _, minute := range []int{3, 1, 4, 2} { // odd ones are of one kind, even ones of the other
					o := job.Options{At: tx.Now().Add(time.Duration(minute) * time.Minute), Lane: "timers/" + lane, With: true}
					text := fmt.Sprint(lane, " ", minute)
					var args job.Args = say{text}
					if minute%2 == 0 {
						args = chime{text}
					}
					if err := job.Add(ctx, tx, args, o); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		desk.Clock.Advance(time.Hour)
		run, stop := context.WithCancel(ctx)
		var wg sync.WaitGroup
		wg.Go(func() { r.Run(run) })
		waitFor(t, func() bool {
			mu.Lock()
			defer mu.Unlock()
			return len(did["a"])+len(did["b"])+len(did["c"])+len(did["d"]) == 16
		})
		stop()
		wg.Wait()
		for lane, order := range did {
			if !slices.Equal(order, []string{"1", "2", "3", "4"}) {
				t.Errorf("%s: %v", lane, order)
			}
		}
	})
}

func TestFinishIsOneCommitWithTheWork(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		ctx := t.Context()
		runs := 0
		r := job.NewRunner(desk.DB, quiet)
		job.Handle(r, job.Kind{Wait: time.Second}, func(ctx context.Context, run *job.Run, s say) error {
			runs++
			err := desk.Write(ctx, func(tx *db.Tx) error {
				if err := run.Finish(ctx, tx); err != nil {
					return err
				}
				_, err := tx.Exec(ctx, `INSERT INTO counter (name, n) VALUES ($1, 1)`, s.Text)
				return err
			})
			if err == nil && runs == 1 {
				return errors.New("died after the commit")
			}
			return err
		})
		add(t, desk.DB, say{"once"}, job.Options{})
		for range 3 {
			r.Drain(ctx)
			desk.Clock.Advance(time.Hour)
		}
		if runs != 1 {
			t.Errorf("%d runs", runs)
		}
	})
}

// Two nodes that share a database: the second takes over when the first falls
// silent, and the first can then not finish what it began.
func TestAnotherNodeTakesOverAndTheFirstIsFenced(t *testing.T) {
	if !slices.Contains(dbtest.Engines(), db.Postgres) {
		t.Skip("needs PostgreSQL")
	}
	desk := dbtest.New(t, db.Postgres)
	other, err := db.Open(t.Context(), desk.URL, db.Options{Now: desk.Clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	ctx := t.Context()
	var done []string
	node := func(d *db.DB, name string, before func()) *job.Runner {
		r := job.NewRunner(d, quiet)
		job.Handle(r, job.Kind{}, func(ctx context.Context, run *job.Run, s say) error {
			before()
			err := d.Write(ctx, func(tx *db.Tx) error { return run.Finish(ctx, tx) })
			if err == nil {
				done = append(done, name)
			}
			return err
		})
		return r
	}
	second := node(other, "second", func() {})
	first := node(desk.DB, "first", func() {
		desk.Clock.Advance(time.Minute) // it stalls for longer than its lease
		if err := second.Drain(ctx); err != nil {
			t.Error(err)
		}
	})
	add(t, desk.DB, say{"x"}, job.Options{Lane: "l"})
	if err := first.Drain(ctx); err != nil {
		t.Error(err)
	}
	if !slices.Equal(done, []string{"second"}) {
		t.Errorf("done by %v", done)
	}
}

func TestPeriodicWorkRunsOnceForEachSlotHoweverManyNodes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		ctx, stop := context.WithCancel(t.Context())
		var mu sync.Mutex
		ran := make(chan time.Time, 100)
		var wg sync.WaitGroup
		nodes := 1
		if desk.Shared() {
			nodes = 3
		}
		var runners []*job.Runner
		for range nodes {
			d, err := db.Open(ctx, desk.URL, db.Options{Now: desk.Clock.Now})
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			r := job.NewRunner(d, quiet)
			job.Every(r, "test.hourly", job.Kind{}, job.Interval(time.Hour), func(context.Context, *job.Run) error {
				mu.Lock()
				defer mu.Unlock()
				ran <- d.Now()
				return nil
			})
			runners = append(runners, r)
			wg.Go(func() {
				if err := r.Run(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		waitFor(t, func() bool { // the row of the first slot
			there := false
			desk.Read(ctx, func(tx *db.Tx) (err error) {
				there, err = db.Exists(ctx, tx, `SELECT 1 FROM job`)
				return err
			})
			return there
		})
		for slot := range 3 {
			desk.Clock.Advance(time.Hour)
			waitFor(t, func() bool {
				for _, r := range runners {
					r.WakeAll()
				}
				later := false // its end is written: an hour that passes before that is the same slot
				desk.Read(ctx, func(tx *db.Tx) (err error) {
					later, err = db.Exists(ctx, tx, `SELECT 1 FROM job WHERE run_at > $1`, tx.Now())
					return err
				})
				return len(ran) > slot && later
			})
		}
		stop()
		wg.Wait()
		if len(ran) != 3 {
			t.Errorf("ran %d times in 3 slots", len(ran))
		}
	})
}

// waitFor gives other goroutines time until ok, at most ten seconds.
func waitFor(t *testing.T, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); {
		if ok() {
			return
		}
		select {
		case <-t.Context().Done():
		case <-time.After(2 * time.Millisecond):
		}
	}
	t.Fatal("waited for 10 s in vain")
}

// A job is run within a millisecond or so of its commit, without polling.
func BenchmarkAddToRun(b *testing.B) {
	for _, engine := range dbtest.Engines() {
		b.Run(string(engine), func(b *testing.B) {
			desk := dbtest.New(b, engine)
			ctx, stop := context.WithCancel(b.Context())
			r := job.NewRunner(desk.DB, quiet)
			ran := make(chan struct{})
			job.Handle(r, job.Kind{}, func(context.Context, *job.Run, say) error { ran <- struct{}{}; return nil })
			var wg sync.WaitGroup
			wg.Go(func() { r.Run(ctx) })
			for b.Loop() {
				desk.Write(ctx, func(tx *db.Tx) error { return job.Add(ctx, tx, say{"x"}, job.Options{}) })
				<-ran
			}
			stop()
			wg.Wait()
		})
	}
}
