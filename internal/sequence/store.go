package sequence

import (
	"context"
	"errors"
	"fmt"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/moment"
	"baraji/internal/team"
)

const columns = `id, name, enabled, version, body, owner_id, created_at, updated_at`

func scan(r db.Row) (f Flow, err error) {
	var body string
	if err := r.Scan(&f.ID, &f.Name, &f.On, &f.Version, &body, &f.Owner, db.Time(&f.CreatedAt), db.Time(&f.UpdatedAt)); err != nil {
		return f, err
	}
	return f, f.read(body)
}

// List returns the flows by name.
func List(ctx context.Context, tx *db.Tx) ([]Flow, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, scan, `SELECT `+columns+` FROM sequence ORDER BY name, id`)
}

// Get returns a flow.
func Get(ctx context.Context, tx *db.Tx, id ID) (Flow, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return Flow{}, err
	}
	return load(ctx, tx, id)
}

func load(ctx context.Context, tx *db.Tx, id ID) (Flow, error) {
	f, err := db.One(ctx, tx, scan, `SELECT `+columns+` FROM sequence WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return f, problem.New(problem.NotFound, "There is no such flow.")
	}
	return f, err
}

// Names are the names of the flows that customers can be brought into by hand.
func Names(ctx context.Context, tx *db.Tx) (map[ID]string, error) {
	out := map[ID]string{}
	if err := team.Allow(ctx, team.Handle); err != nil {
		return out, err
	}
	return out, db.Each(ctx, tx, func(r db.Row) error {
		var id ID
		var name string
		err := r.Scan(&id, &name)
		out[id] = name
		return err
	}, `SELECT id, name FROM sequence WHERE enabled`)
}

// Make adds a flow, switched off.
func Make(ctx context.Context, tx *db.Tx, f Flow) (ID, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return 0, err
	}
	f.Last = 0
	if err := f.check(ctx, tx); err != nil {
		return 0, err
	}
	n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM sequence`)
	if err != nil {
		return 0, err
	}
	if n >= mostFlows {
		return 0, problem.New(problem.Conflict, "There are %d flows: that is as many as there can be.", mostFlows)
	}
	f.ID, f.Version = ID(tx.NewID()), 1
	if f.Owner == 0 {
		f.Owner = team.From(ctx).Person
	}
	_, err = tx.Exec(ctx, `INSERT INTO sequence (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)`, f.ID, f.Name, false, f.Version, f.said(), f.Owner, tx.Now())
	if err != nil {
		return 0, fmt.Errorf("store a flow: %w", err)
	}
	if err := f.keep(ctx, tx); err != nil {
		return 0, err
	}
	changed(tx)
	return f.ID, event.Record(ctx, tx, Made{f.ID})
}

// keep writes down how a flow is now, and what it listens to.
func (f Flow) keep(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `INSERT INTO sequence_version (sequence_id, version, name, body, person_id, at) VALUES ($1, $2, $3, $4, $5, $6)`,
		f.ID, f.Version, f.Name, f.said(), team.From(ctx).Person, tx.Now())
	if err != nil {
		return fmt.Errorf("keep flow %s: %w", f.ID, err)
	}
	for _, kind := range f.hears() {
		if _, err := tx.Exec(ctx, `INSERT INTO sequence_hears (sequence_id, version, fact) VALUES ($1, $2, $3)`, f.ID, f.Version, kind); err != nil {
			return err
		}
	}
	return nil
}

// Change makes a flow another one, for those who come in from now on.
func Change(ctx context.Context, tx *db.Tx, f Flow) error {
	was, err := Get(ctx, tx, f.ID)
	if err != nil {
		return err
	}
	f.Last = was.Last
	return f.become(ctx, tx)
}

// become makes a flow what f says. A draft of it is dropped.
func (f Flow) become(ctx context.Context, tx *db.Tx) error {
	was, err := Get(ctx, tx, f.ID)
	if err != nil {
		return err
	}
	if err := f.check(ctx, tx); err != nil {
		return err
	}
	if err := Discard(ctx, tx, f.ID); err != nil || f.Name == was.Name && f.said() == was.said() && f.Owner == was.Owner {
		return err
	}
	f.Version = was.Version + 1
	_, err = tx.Exec(ctx, `UPDATE sequence SET name = $2, version = $3, body = $4, owner_id = $5, updated_at = $6 WHERE id = $1`,
		f.ID, f.Name, f.Version, f.said(), f.Owner, tx.Now())
	if err != nil {
		return fmt.Errorf("change flow %s: %w", f.ID, err)
	}
	if err := f.keep(ctx, tx); err != nil {
		return err
	}
	f.On = was.On
	if err := f.times(ctx, tx); err != nil {
		return err
	}
	changed(tx)
	return event.Record(ctx, tx, Changed{f.ID, f.Version})
}

// Switch lets customers in, or no more. Those who are in it go on.
func Switch(ctx context.Context, tx *db.Tx, id ID, on bool) error {
	f, err := Get(ctx, tx, id)
	if err != nil || f.On == on {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE sequence SET enabled = $2, updated_at = $3 WHERE id = $1`, id, on, tx.Now()); err != nil {
		return err
	}
	f.On = on
	if err := f.times(ctx, tx); err != nil {
		return err
	}
	changed(tx)
	return event.Record(ctx, tx, Switched{id, on})
}

// Delete takes a flow away, with the paths of all who are in it.
func Delete(ctx context.Context, tx *db.Tx, id ID) error {
	if _, err := Get(ctx, tx, id); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM sequence WHERE id = $1`, id); err != nil {
		return err
	}
	if err := moment.Delete(ctx, tx, id.String()); err != nil {
		return err
	}
	changed(tx)
	return event.Record(ctx, tx, Deleted{id})
}

// at is a flow as it was at a version.
func at(ctx context.Context, tx *db.Tx, id ID, version int) (Flow, error) {
	return db.One(ctx, tx, func(r db.Row) (f Flow, err error) {
		var body string
		if err := r.Scan(&f.ID, &f.Version, &f.Name, &f.Owner, &body); err != nil {
			return f, err
		}
		return f, f.read(body)
	}, `SELECT v.sequence_id, v.version, v.name, s.owner_id, v.body FROM sequence_version v JOIN sequence s ON s.id = v.sequence_id WHERE v.sequence_id = $1 AND v.version = $2`, id, version)
}
