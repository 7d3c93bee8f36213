package automation

import (
	"context"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/id"
)

// run does what a rule says about a case, once. What it returns with an error is what was tried.
func (r Rule) run(ctx context.Context, tx *db.Tx, c *Case) (Run, error) {
	o := r.about(c)
	var err error
	if o.Root, err = event.Root(ctx, tx, c.event); err != nil {
		return o, err
	}
	if done, err := o.before(ctx, tx); err != nil || done {
		return o, err
	}
	long, err := o.tooLong(ctx, tx)
	if err != nil {
		return o, err
	}
	if long || c.event.Depth >= event.MaxDepth {
		o.Outcome = Cut
		return o, o.write(ctx, tx)
	}
	acting := event.As(ctx, actorPrefix+r.ID.String())
	o.Did, err = c.Perform(acting, r.Then)
	if err != nil {
		return o, err
	}
	return o, o.write(ctx, tx)
}

// about is a run of a rule about a case, before it is one.
func (r Rule) about(c *Case) Run {
	return Run{Rule: r.ID, Version: r.Version, Event: c.event.ID, Subject: c.subject(), Outcome: Done}
}

// before says whether this was done already.
func (o Run) before(ctx context.Context, tx *db.Tx) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM automation_run WHERE rule_id = $1 AND event_id = $2 AND outcome = 'done'`, o.Rule, o.Event)
}

// tooLong says whether the chain has had its share.
func (o Run) tooLong(ctx context.Context, tx *db.Tx) (bool, error) {
	mine, all := 0, 0
	err := db.Each(ctx, tx, func(r db.Row) error { return r.Scan(&mine, &all) },
		`SELECT COALESCE(SUM(CASE WHEN rule_id = $2 THEN 1 ELSE 0 END), 0), COUNT(*) FROM automation_run WHERE root_id = $1 AND outcome = 'done'`, o.Root, o.Rule)
	return mine >= MostTimes || all >= MostRuns, err
}

const actorPrefix = "rule:"

// ActorName is what the log calls a rule that does something.
func ActorName(id ID) string { return actorPrefix + id.String() }

// ActorOf is the rule that did what the log says somebody did; 0 is none.
func ActorOf(actor string) ID {
	name, ok := strings.CutPrefix(actor, actorPrefix)
	if !ok {
		return 0
	}
	which, err := id.Read[ID](name)
	if err != nil {
		return 0
	}
	return which
}
