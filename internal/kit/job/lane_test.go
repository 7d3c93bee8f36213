package job_test

import (
	"context"
	"slices"
	"testing"

	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/job"
)

// A job that comes into a lane in the moment in which the last one there ends is done too: the lane is not taken away under it.
func TestALaneIsNotTakenAwayUnderWhatComesIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		if desk.Engine() != db.Postgres {
			t.Skip("SQLite writes one after another")
		}
		var said []string
		added := false
		r := job.NewRunner(desk.DB, quiet)
		job.Handle(r, job.Kind{}, func(ctx context.Context, run *job.Run, s say) error {
			said = append(said, s.Text)
			return desk.DB.Write(ctx, func(tx *db.Tx) error {
				if err := run.Finish(ctx, tx); err != nil {
					return err
				}
				if !added { // after this one saw what there is, and before it ends
					added = true
					add(t, desk.DB, say{"second"}, job.Options{Lane: "a"})
				}
				return nil
			})
		})
		add(t, desk.DB, say{"first"}, job.Options{Lane: "a"})
		if err := r.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if want := []string{"first", "second"}; !slices.Equal(said, want) {
			t.Errorf("done were %v, want %v", said, want)
		}
	})
}

// Jobs whose lane was lost sight of, as older versions did, are found when the program starts.
func TestALostLaneIsFoundAtTheStart(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		var said []string
		r := job.NewRunner(desk.DB, quiet)
		job.Handle(r, job.Kind{}, func(_ context.Context, _ *job.Run, s say) error { said = append(said, s.Text); return nil })
		add(t, desk.DB, say{"a1"}, job.Options{Lane: "a"})
		add(t, desk.DB, say{"a2"}, job.Options{Lane: "a"})
		err := desk.DB.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `DELETE FROM job_lane`)
			return err
		})
		if err == nil {
			err = r.Begin(t.Context())
		}
		if err == nil {
			err = r.Drain(t.Context())
		}
		if want := []string{"a1", "a2"}; err != nil || !slices.Equal(said, want) {
			t.Errorf("done were %v, want %v: %v", said, want, err)
		}
	})
}
