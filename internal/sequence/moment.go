package sequence

import (
	"context"
	"encoding/json"

	"baraji/internal/automation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/id"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/moment"
	"baraji/internal/team"
)

// times lets the times of a flow come as long as it is on.
func (f Flow) times(ctx context.Context, tx *db.Tx) error {
	if !f.On || f.Start.Moment == nil {
		return moment.Drop(ctx, tx, f.ID.String())
	}
	return moment.Set(ctx, tx, moment.Plan{Owner: f.ID.String(), When: *f.Start.Moment, Only: automation.Only(f.Start.If)})
}

// came adds the work of a time that has come, where it is a flow's.
func (f *Flows) came(ctx context.Context, tx *db.Tx, e event.Event) error {
	var at moment.Came
	if err := json.Unmarshal(e.Body, &at); err != nil {
		return err
	}
	flow, err := id.Read[ID](at.For)
	if err != nil {
		return nil // it is told to another
	}
	return job.Add(ctx, tx, look{e.ID, flow}, job.Options{Lane: at.For + "/" + e.Subject})
}

// fits says whether the conditions are so under which a customer comes into a flow.
func (f *Flows) fits(ctx context.Context, tx *db.Tx, owner string, e event.Event) (bool, error) {
	which, err := id.Read[ID](owner)
	if err != nil {
		return false, err
	}
	flow, err := load(ctx, tx, which)
	if problem.KindOf(err) == problem.NotFound {
		return false, nil
	}
	if err != nil || !flow.On {
		return false, err
	}
	return automation.Sure(automation.NewCase(team.AsSystem(ctx), tx, e, flow.Owner).Holds(flow.Start.If))
}
