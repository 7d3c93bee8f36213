package automation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/moment"
	"baraji/internal/team"
)

const columns = `id, place, name, enabled, fact, body, version, owner_id, created_at, updated_at`

func scan(r db.Row) (o Rule, err error) {
	var body string
	if err := r.Scan(&o.ID, &o.Place, &o.Name, &o.On, &o.When, &body, &o.Version, &o.Owner, db.Time(&o.CreatedAt), db.Time(&o.UpdatedAt)); err != nil {
		return o, err
	}
	return o, o.read(body)
}

func (r *Rule) read(body string) error {
	var s said
	err := json.Unmarshal([]byte(body), &s)
	r.If, r.Then, r.Stop, r.Moment = s.If, s.Then, s.Stop, s.Moment
	r.If.ready()
	return err
}

// List returns the rules in their order.
func List(ctx context.Context, tx *db.Tx) ([]Rule, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, scan, `SELECT `+columns+` FROM automation_rule ORDER BY place, id`)
}

// Get returns a rule.
func Get(ctx context.Context, tx *db.Tx, id ID) (Rule, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return Rule{}, err
	}
	return load(ctx, tx, id)
}

func load(ctx context.Context, tx *db.Tx, id ID) (Rule, error) {
	r, err := db.One(ctx, tx, scan, `SELECT `+columns+` FROM automation_rule WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return r, problem.New(problem.NotFound, "There is no such rule.")
	}
	return r, err
}

// Make adds a rule behind the others.
func Make(ctx context.Context, tx *db.Tx, r Rule) (ID, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return 0, err
	}
	if err := r.check(ctx, tx); err != nil {
		return 0, err
	}
	n, last := 0, 0
	err := db.Each(ctx, tx, func(r db.Row) error { return r.Scan(&n, &last) }, `SELECT COUNT(*), COALESCE(MAX(place), -1) FROM automation_rule`)
	if err != nil {
		return 0, err
	}
	if n >= mostRules {
		return 0, problem.New(problem.Conflict, "There are %d rules: that is as many as there can be.", mostRules)
	}
	r.ID, r.Version, r.Place = ID(tx.NewID()), 1, last+1
	if r.Owner == 0 {
		r.Owner = team.From(ctx).Person
	}
	_, err = tx.Exec(ctx, `INSERT INTO automation_rule (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)`,
		r.ID, r.Place, r.Name, r.On, r.When, r.said(), r.Version, r.Owner, tx.Now())
	if err != nil {
		return 0, fmt.Errorf("store a rule: %w", err)
	}
	if err := r.keep(ctx, tx); err != nil {
		return 0, err
	}
	if err := r.plan(ctx, tx); err != nil {
		return 0, err
	}
	changed(tx)
	return r.ID, event.Record(ctx, tx, Made{r.ID})
}

// keep writes down what a rule says now.
func (r Rule) keep(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `INSERT INTO automation_version (rule_id, version, name, fact, body, person_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		r.ID, r.Version, r.Name, r.When, r.said(), team.From(ctx).Person, tx.Now())
	return err
}

// Change gives a rule another name, and other things to wait for, look at and do. What runs at the moment runs as it was.
func Change(ctx context.Context, tx *db.Tx, r Rule) error {
	was, err := Get(ctx, tx, r.ID)
	if err != nil {
		return err
	}
	if err := r.check(ctx, tx); err != nil {
		return err
	}
	if r.Name == was.Name && r.When == was.When && r.said() == was.said() && r.Owner == was.Owner {
		return nil
	}
	r.Version = was.Version + 1
	_, err = tx.Exec(ctx, `UPDATE automation_rule SET name = $2, fact = $3, body = $4, version = $5, owner_id = $6, updated_at = $7 WHERE id = $1`,
		r.ID, r.Name, r.When, r.said(), r.Version, r.Owner, tx.Now())
	if err != nil {
		return fmt.Errorf("change rule %s: %w", r.ID, err)
	}
	if err := r.keep(ctx, tx); err != nil {
		return err
	}
	r.On = was.On
	if err := r.plan(ctx, tx); err != nil {
		return err
	}
	changed(tx)
	return event.Record(ctx, tx, Changed{r.ID, r.Version})
}

// Switch switches a rule on or off. What is off hears nothing; what it heard before is still done.
func Switch(ctx context.Context, tx *db.Tx, id ID, on bool) error {
	r, err := Get(ctx, tx, id)
	if err != nil || r.On == on {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE automation_rule SET enabled = $2, updated_at = $3 WHERE id = $1`, id, on, tx.Now()); err != nil {
		return err
	}
	if r.On = on; r.Moment != nil {
		if err := r.plan(ctx, tx); err != nil {
			return err
		}
	}
	changed(tx)
	return event.Record(ctx, tx, Switched{id, on})
}

// Move puts a rule at a place among the others, from 0.
func Move(ctx context.Context, tx *db.Tx, id ID, to int) error {
	list, err := List(ctx, tx)
	if err != nil {
		return err
	}
	r, err := load(ctx, tx, id)
	if err != nil {
		return err
	}
	to = min(max(to, 0), len(list)-1)
	rest := make([]ID, 0, len(list))
	for _, o := range list {
		if o.ID != id {
			rest = append(rest, o.ID)
		}
	}
	rest = append(rest[:to], append([]ID{r.ID}, rest[to:]...)...)
	for i, o := range rest {
		if _, err := tx.Exec(ctx, `UPDATE automation_rule SET place = $2 WHERE id = $1 AND place <> $2`, o, i); err != nil {
			return err
		}
	}
	return event.Record(ctx, tx, Moved{id, to})
}

// Delete takes a rule away, with what it did.
func Delete(ctx context.Context, tx *db.Tx, id ID) error {
	if _, err := Get(ctx, tx, id); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM automation_rule WHERE id = $1`, id); err != nil {
		return err
	}
	if err := moment.Delete(ctx, tx, id.String()); err != nil {
		return err
	}
	changed(tx)
	return event.Record(ctx, tx, Deleted{id})
}

// Version is how a rule was.
type Version struct {
	Rule
	Person team.ID
}

// Versions lists how a rule was, the newest first.
func Versions(ctx context.Context, tx *db.Tx, id ID) ([]Version, error) {
	if _, err := Get(ctx, tx, id); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, func(r db.Row) (v Version, err error) {
		var body string
		if err := r.Scan(&v.ID, &v.Version, &v.Name, &v.When, &body, &v.Person, db.Time(&v.UpdatedAt)); err != nil {
			return v, err
		}
		return v, v.read(body)
	}, `SELECT rule_id, version, name, fact, body, person_id, at FROM automation_version WHERE rule_id = $1 ORDER BY version DESC`+db.Limit(100), id)
}

// Names are the names of rules, for the log.
func Names(ctx context.Context, tx *db.Tx) (map[ID]string, error) {
	out := map[ID]string{}
	return out, db.Each(ctx, tx, func(r db.Row) error {
		var id ID
		var name string
		err := r.Scan(&id, &name)
		out[id] = name
		return err
	}, `SELECT id, name FROM automation_rule`)
}
