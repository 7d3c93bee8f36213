package automation

import (
	"context"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/id"
	"baraji/internal/kit/job"
	"baraji/internal/moment"
	"baraji/internal/team"
)

// look is the work of looking through the rules behind a place, for one fact.
type look struct {
	Event event.ID `json:"event"`
	From  int      `json:"from"`
}

func (look) JobKind() string { return "automation.look" }

// hear adds the work that a fact makes. It runs in the transaction that records it.
func (r *Rules) hear(ctx context.Context, tx *db.Tx, e event.Event) error {
	if !Hears(e.Kind) && !mine(e) {
		return nil
	}
	if yes, err := r.listened(ctx, tx, e.Kind); err != nil || !yes {
		return err
	}
	return add(ctx, tx, e, 0)
}

func add(ctx context.Context, tx *db.Tx, e event.Event, from int) error {
	return job.Add(ctx, tx, look{e.ID, from}, job.Options{Lane: e.Subject})
}

// next finds the first rule that fits, does what it says, and leaves the rules behind it to the next job.
func (r *Rules) next(ctx context.Context, run *job.Run, j look) error {
	err := r.db.Write(ctx, func(tx *db.Tx) error {
		if err := run.Finish(ctx, tx); err != nil {
			return err
		}
		e, err := event.Get(ctx, tx, j.Event)
		if err != nil {
			return err
		}
		ctx := event.Following(team.AsSystem(ctx), e)
		rule, c, err := r.first(ctx, tx, e, j.From)
		if err != nil || rule.ID == 0 {
			return err
		}
		o, err := rule.run(ctx, tx, c)
		if err != nil {
			return failure{o, err, false}
		}
		if rule.Stop && o.Outcome == Done || e.Kind == moment.Kind {
			return nil
		}
		return add(ctx, tx, e, rule.Place+1)
	})
	if f, ok := failed(ctx, err); ok {
		return r.passed(ctx, run, j, f)
	}
	return err
}

// passed writes down that a rule failed, and lets the rules behind it have their turn.
func (r *Rules) passed(ctx context.Context, run *job.Run, j look, f failure) error {
	return r.db.Write(ctx, func(tx *db.Tx) error {
		if err := run.Finish(ctx, tx); err != nil {
			return err
		}
		rule, err := load(ctx, tx, f.run.Rule)
		if err != nil {
			return err
		}
		e, err := event.Get(ctx, tx, j.Event)
		if err != nil {
			return err
		}
		if f.run.Root, err = event.Root(ctx, tx, e); err != nil {
			return err
		}
		again, err := r.fail(ctx, tx, rule, f, false)
		if err != nil {
			return err
		}
		if again {
			at := tx.Now().Add(firstPause)
			if err := job.Add(ctx, tx, retry{f.run.Event, rule.ID, f.unsure}, job.Options{Lane: rule.ID.String() + "/" + f.run.Subject, At: at}); err != nil {
				return err
			}
		}
		if e.Kind == moment.Kind {
			return nil
		}
		return add(ctx, tx, e, rule.Place+1)
	})
}

// first is the first rule from a place on that fits a fact.
func (r *Rules) first(ctx context.Context, tx *db.Tx, e event.Event, from int) (Rule, *Case, error) {
	c := newCase(ctx, tx, e)
	list, err := r.listening(ctx, tx, c, from)
	if err != nil {
		return Rule{}, nil, err
	}
	for _, row := range list {
		rule, err := r.read(ctx, tx, row)
		if err != nil {
			return Rule{}, nil, err
		}
		c.owner = rule.Owner
		so, err := c.holds(rule.If)
		if err != nil {
			return Rule{}, nil, failure{rule.about(c), err, true}
		}
		if so {
			return rule, c, nil
		}
	}
	return Rule{}, nil, nil
}

// listening are the rules from a place on that hear a fact: a time that has come is told to one alone.
func (r *Rules) listening(ctx context.Context, tx *db.Tx, c *Case, from int) ([]Rule, error) {
	scan := func(row db.Row) (o Rule, err error) { return o, row.Scan(&o.ID, &o.Place, &o.Version) }
	if c.event.Kind == moment.Kind {
		which, err := id.Read[ID](c.word("for"))
		if err != nil {
			return nil, nil // it is told to another
		}
		return db.All(ctx, tx, scan, `SELECT id, place, version FROM automation_rule WHERE id = $1 AND fact = $2 AND enabled`, which, moment.Kind)
	}
	return db.All(ctx, tx, scan, `SELECT id, place, version FROM automation_rule WHERE fact = $1 AND place >= $2 AND enabled ORDER BY place, id`, c.event.Kind, from)
}

// read is a rule as it says at the version of its row; what it says is read once for each version.
func (r *Rules) read(ctx context.Context, tx *db.Tx, row Rule) (Rule, error) {
	r.mu.Lock()
	had := r.bodies[row.ID]
	r.mu.Unlock()
	if had.Version == row.Version {
		had.Place = row.Place
		return had, nil
	}
	rule, err := load(ctx, tx, row.ID)
	if err != nil {
		return rule, err
	}
	tx.After(func() { // what was read in a transaction that is undone may never have been
		r.mu.Lock()
		defer r.mu.Unlock()
		if len(r.bodies) > 2*mostRules { // those that were deleted
			clear(r.bodies)
		}
		r.bodies[row.ID] = rule
	})
	return rule, nil
}
