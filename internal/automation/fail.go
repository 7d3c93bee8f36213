package automation

import (
	"context"
	"errors"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/notice"
	"baraji/internal/team"
)

// failure is what a rule met while it ran: all that it did is undone.
type failure struct {
	run    Run
	why    error
	unsure bool // it was a condition: nobody knows yet whether it was to be done
}

func (f failure) Error() string { return "rule " + f.run.Rule.String() + ": " + f.why.Error() }
func (f failure) Unwrap() error { return f.why }

// failed says whether it was the rule that failed. A disk that is full, a database that is away and a program that is being ended are nobody's
// fault: the job waits until they are over, and nobody is told of a rule.
func failed(ctx context.Context, err error) (failure, bool) {
	var f failure
	ours := errors.As(err, &f) && ctx.Err() == nil && !db.IsOutage(err)
	return f, ours
}

// fail writes down that a rule failed, and says whether it is to be tried again; where it is not, its owner is told.
func (r *Rules) fail(ctx context.Context, tx *db.Tx, rule Rule, f failure, last bool) (again bool, err error) {
	o := f.run
	_, said := problem.As(f.why)
	if !said {
		r.log.ErrorContext(ctx, "a rule failed", "rule", rule.ID, "event", o.Event, "error", f.why)
	}
	o.Outcome, o.Why, o.Did = Failing, notice.Explain(f.why), nil
	if last || said { // what we say ourselves is wrong with what the rule says: trying again is of no use
		o.Outcome = GivenUp
	}
	if err := o.write(ctx, tx); err != nil {
		return false, err
	}
	if o.Outcome == Failing {
		return true, nil
	}
	return false, rule.gaveUp(team.AsSystem(ctx), tx, o)
}

// retry is the work of trying one rule again.
type retry struct {
	Event event.ID `json:"event"`
	Rule  ID       `json:"rule"`
	Ask   bool     `json:"ask,omitempty"` // whether the conditions are so at all
}

func (retry) JobKind() string { return "automation.again" }

// again tries one rule again.
func (r *Rules) again(ctx context.Context, run *job.Run, j retry) error {
	err := r.db.Write(ctx, func(tx *db.Tx) error {
		if err := run.Finish(ctx, tx); err != nil {
			return err
		}
		e, err := event.Get(ctx, tx, j.Event)
		if err != nil {
			return err
		}
		rule, err := load(ctx, tx, j.Rule)
		if problem.KindOf(err) == problem.NotFound {
			return nil // it was deleted since
		}
		if err != nil {
			return err
		}
		ctx := event.Following(team.AsSystem(ctx), e)
		c := newCase(ctx, tx, e)
		c.owner = rule.Owner
		if j.Ask {
			so, err := c.holds(rule.If)
			if err != nil {
				return failure{rule.about(c), err, true}
			}
			if !so {
				_, err := tx.Exec(ctx, `DELETE FROM automation_run WHERE rule_id = $1 AND event_id = $2`, rule.ID, e.ID) // it was nothing to it
				return err
			}
		}
		if o, err := rule.run(ctx, tx, c); err != nil {
			return failure{o, err, false}
		}
		return nil
	})
	f, ok := failed(ctx, err)
	if !ok {
		return err
	}
	again := false
	err = r.db.Write(ctx, func(tx *db.Tx) error {
		rule, err := load(ctx, tx, j.Rule)
		if err != nil {
			return err
		}
		if again, err = r.fail(ctx, tx, rule, f, run.Attempt+1 >= retries); err != nil || again {
			return err
		}
		return run.Finish(ctx, tx)
	})
	if err == nil && again {
		return f
	}
	return err
}

// gaveUp tells the owner.
func (r Rule) gaveUp(ctx context.Context, tx *db.Tx, o Run) error {
	if r.Owner != 0 {
		n := notice.Notice{Person: r.Owner, Kind: notice.Rule, Subject: r.ID.String(), Words: "notice.rule_failed", Args: map[string]string{"rule": r.Name}, Link: "/settings/rules/" + r.ID.String()}
		if _, err := notice.Tell(ctx, tx, n); err != nil {
			return err
		}
	}
	return event.Record(ctx, tx, Failed{r.ID, o.ID, o.Event})
}
