package event_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"

	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
)

type lit struct{ Lamp string }

func (lit) EventKind() string { return "lamp.lit" }
func (f lit) Subject() string { return f.Lamp }
func record(ctx context.Context, d *db.DB, facts ...event.Fact) error {
	return d.Write(ctx, func(tx *db.Tx) error { return event.Record(ctx, tx, facts...) })
}

func setUp(desk *dbtest.Desk) (*job.Runner, *event.Log) {
	jobs := job.NewRunner(desk.DB, slog.New(slog.DiscardHandler))
	return jobs, event.NewLog(desk.DB, jobs)
}

func TestReactionsRunOnceEachAndCarryTheirCause(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		ctx := event.As(t.Context(), "usr_1")
		jobs, log := setUp(desk)
		var deep []string
		log.OnTooDeep(func(e event.Event, name string) { deep = append(deep, fmt.Sprint(e.Depth, name)) })
		ran := 0
		event.On(log, "again", func(ctx context.Context, tx *db.Tx, f lit) error {
			ran++
			return event.Record(ctx, tx, lit{f.Lamp})
		})
		if err := record(ctx, desk.DB, lit{"lmp_1"}); err != nil {
			t.Fatal(err)
		}
		if err := jobs.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		if ran != event.MaxDepth || !slices.Equal(deep, []string{"5again"}) {
			t.Errorf("ran %d times, too deep: %v", ran, deep)
		}
		desk.Read(ctx, func(tx *db.Tx) error {
			all, err := event.Of(ctx, tx, "lmp_1", 0, 10)
			if err != nil || len(all) != event.MaxDepth+1 {
				t.Fatalf("%d events, %v", len(all), err)
			}
			for i := range all[:len(all)-1] {
				if all[i].Cause != all[i+1].ID || all[i].Depth != all[i+1].Depth+1 || all[i].Actor != "system" {
					t.Errorf("%+v does not follow from %+v", all[i], all[i+1])
				}
			}
			if first := all[len(all)-1]; first.Actor != "usr_1" || first.Cause != 0 {
				t.Errorf("first is %+v", first)
			}
			return nil
		})
	})
}

func TestHistoryIsQuiet(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		ctx := event.Quiet(t.Context())
		jobs, log := setUp(desk)
		event.On(log, "never", func(context.Context, *db.Tx, lit) error { t.Error("reacted to history"); return nil })
		if err := record(ctx, desk.DB, lit{"lmp_1"}); err != nil {
			t.Fatal(err)
		}
		jobs.Drain(ctx)
	})
}

func TestTheChainShowsEveryTampering(t *testing.T) {
	for name, sql := range map[string]string{
		"nothing":   "",
		"change":    `UPDATE event SET body = '{"Lamp":"lmp_9"}' WHERE seq = 400`,
		"actor":     `UPDATE event SET actor = 'usr_2' WHERE seq = 700`,
		"delete":    `DELETE FROM event WHERE seq = 600`,
		"cut":       `DELETE FROM event WHERE seq = 1200`,
		"head too":  `UPDATE event_head SET seq = 1199`,
		"swap":      `UPDATE event SET kind = 'lamp.off' WHERE seq IN (5, 6)`,
		"empty all": `DELETE FROM event`,
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
				ctx := event.As(t.Context(), "usr_1")
				_, log := setUp(desk)
				for i := range 12 {
					var facts []event.Fact
					for j := range 100 {
						facts = append(facts, lit{fmt.Sprintf("lmp_%d_%d", i, j)})
					}
					if err := record(ctx, desk.DB, facts...); err != nil {
						t.Fatal(err)
					}
				}
				if err := log.Seal(ctx); err != nil {
					t.Fatal(err)
				}
				if sql != "" {
					if err := desk.Write(ctx, func(tx *db.Tx) error { _, err := tx.Exec(ctx, sql); return err }); err != nil {
						t.Fatal(err)
					}
				}
				err := desk.Read(ctx, func(tx *db.Tx) error { _, err := event.Verify(ctx, tx); return err })
				var broken *event.Broken
				if found := errors.As(err, &broken); found != (sql != "") || (err != nil && !found) {
					t.Errorf("%v", err)
				}
			})
		})
	}
}

func TestTheLogHasNoGapsInWhateverOrderItIsCommitted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		ctx := t.Context()
		_, log := setUp(desk)
		done := make(chan error)
		for w := range 4 {
			go func() {
				for i := range 20 {
					if err := record(ctx, desk.DB, lit{fmt.Sprint(w, i)}); err != nil {
						done <- err
						return
					}
				}
				done <- nil
			}()
			go func() { done <- log.Seal(ctx) }()
		}
		for range 8 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if err := log.Seal(ctx); err != nil {
			t.Fatal(err)
		}
		desk.Read(ctx, func(tx *db.Tx) error {
			n, err := event.Verify(ctx, tx)
			if n != 80 || err != nil {
				t.Errorf("%d events, %v", n, err)
			}
			all, _ := event.After(ctx, tx, 70, 100)
			if len(all) != 10 || all[0].Seq != 71 {
				t.Errorf("after 70: %d", len(all))
			}
			return nil
		})
	})
}
