package sequence

import (
	"context"
	"errors"
	"time"

	"baraji/internal/automation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/notice"
	"baraji/internal/team"
)

// step is the work of a path's next step, or the end of its waiting.
type step struct {
	Path PathID `json:"path"`
	Turn int    `json:"turn"`
}

func (step) JobKind() string { return "sequence.step" }

// goes lets a path go on with a step, at once; 0 is its end.
func (p Path) goes(ctx context.Context, tx *db.Tx, before, to int) error {
	if to == 0 {
		p.Turn++ // the end is a turn of its own
		return p.over(ctx, tx, before, Done)
	}
	p.State, p.Was, p.Step, p.Due, p.Awaits, p.Why = Going, "", to, time.Time{}, "", nil
	if err := p.save(ctx, tx, before); err != nil {
		return err
	}
	return job.Add(ctx, tx, step{p.ID, p.Turn}, job.Options{Lane: p.ID.String()})
}

// rests lets it stand where it is until a time (zero: for ever), or until something happens.
func (p Path) rests(ctx context.Context, tx *db.Tx, before int, s State, until time.Time, awaits string) error {
	p.State, p.Was, p.Due, p.Awaits, p.Why = s, "", until, awaits, nil
	if err := p.save(ctx, tx, before); err != nil || until.IsZero() {
		return err
	}
	return job.Add(ctx, tx, step{p.ID, p.Turn}, job.Options{Lane: p.ID.String(), At: until})
}

// end is the end of a path.
func (p Path) end(ctx context.Context, tx *db.Tx, s State, what What, d Detail) error {
	before := p.Turn
	if err := p.turned(ctx, tx, what, d); err != nil {
		return err
	}
	return p.over(ctx, tx, before, s)
}

func (p Path) over(ctx context.Context, tx *db.Tx, before int, s State) error {
	p.State, p.Was, p.Step, p.Due, p.Awaits, p.Why, p.EndedAt = s, "", 0, time.Time{}, "", nil, tx.Now()
	if err := p.save(ctx, tx, before); err != nil {
		return err
	}
	return event.Record(ctx, tx, Ended{p.ID, p.Flow, p.Contact, p.Conversation, s})
}

// failure is what a step met: all that it did is undone.
type failure struct {
	path Path
	flow Flow
	why  error
}

func (f failure) Error() string { return "path " + f.path.ID.String() + ": " + f.why.Error() }
func (f failure) Unwrap() error { return f.why }

// step takes a path one step on.
func (f *Flows) step(ctx context.Context, run *job.Run, j step) error {
	err := f.db.Write(ctx, func(tx *db.Tx) error {
		if err := run.Finish(ctx, tx); err != nil {
			return err
		}
		p, err := db.One(ctx, tx, scanPath, `SELECT `+pathColumns+fromPath+`WHERE p.id = $1`, j.Path)
		if errors.Is(err, db.ErrNoRow) || err == nil && (p.Turn != j.Turn || p.State != Going && p.State != Waiting && p.State != Asking) {
			return nil
		}
		if err != nil {
			return err
		}
		flow, err := f.read(ctx, tx, p)
		if err != nil {
			return err
		}
		if err := flow.take(ctx, tx, p); err != nil {
			return failure{p, flow, err}
		}
		return nil
	})
	var bad failure
	if !errors.As(err, &bad) || ctx.Err() != nil || db.IsOutage(err) {
		return err
	}
	return f.stumbled(ctx, run, bad)
}

// stumbled writes down that a step failed. It is tried again; when that is of no use the path is stuck, and the flow's owner is told.
func (f *Flows) stumbled(ctx context.Context, run *job.Run, bad failure) error {
	_, said := problem.As(bad.why)
	if !said {
		f.log.ErrorContext(ctx, "a step of a flow failed", "path", bad.path.ID, "step", bad.path.Step, "error", bad.why)
	}
	given := said || run.Attempt+1 >= tries
	err := f.db.Write(ctx, func(tx *db.Tx) error {
		p, before := bad.path, bad.path.Turn
		p.Why = notice.Explain(bad.why)
		if !given {
			return p.save(ctx, tx, before)
		}
		if err := run.Finish(ctx, tx); err != nil {
			return err
		}
		ctx := event.As(team.AsSystem(ctx), actor(p.Flow))
		if err := p.turned(ctx, tx, GotStuck, Detail{}); err != nil {
			return err
		}
		p.State, p.Due, p.Awaits = Stuck, time.Time{}, ""
		if err := p.save(ctx, tx, before); err != nil {
			return err
		}
		return p.tellOwner(ctx, tx, bad.flow)
	})
	if err != nil || given {
		return err
	}
	return bad
}

func (p Path) tellOwner(ctx context.Context, tx *db.Tx, f Flow) error {
	if f.Owner != 0 {
		n := notice.Notice{Person: f.Owner, Kind: notice.Rule, Subject: p.ID.String(), Words: "notice.flow_stuck", Args: map[string]string{"flow": f.Name}, Link: p.Link()}
		if _, err := notice.Tell(ctx, tx, n); err != nil {
			return err
		}
	}
	return event.Record(ctx, tx, Failed{p.ID, f.ID, p.Step})
}

// Link is the address of its page.
func (p Path) Link() string { return "/flows/" + p.ID.String() }

// take does the step at which a path stands, or ends its waiting.
func (f Flow) take(ctx context.Context, tx *db.Tx, p Path) error {
	here, ok := f.plan()[p.Step]
	if !ok {
		return problem.New(problem.NotFound, "There is no such step.")
	}
	e := event.Event{Subject: p.Contact.String()}
	ctx = team.AsSystem(ctx)
	if p.Event != 0 {
		var err error
		if e, err = event.Get(ctx, tx, p.Event); err != nil {
			return err
		}
		ctx = event.Following(ctx, e)
	}
	ctx = event.As(ctx, actor(f.ID))
	c := automation.NewCase(ctx, tx, e, f.Owner)
	c.On(p.Contact, p.Conversation)
	if p.State != Going {
		return here.late(ctx, tx, p)
	}
	switch here.Do {
	case "act":
		return here.act(ctx, tx, p, c)
	case "wait":
		return here.wait(ctx, tx, p, c)
	case "branch":
		return here.fork(ctx, tx, p, c)
	case "ask":
		return here.ask(ctx, tx, p, c, f)
	case "hand":
		return here.hand(ctx, tx, p, c, f)
	}
	return problem.New(problem.Invalid, "“%s” is none of the choices.", here.Do)
}

// late ends the waiting of a path whose time is over.
func (here place) late(ctx context.Context, tx *db.Tx, p Path) error {
	before, to, what := p.Turn, here.next, TimeOver
	if here.splits() {
		to = here.no
	}
	if err := p.turned(ctx, tx, what, Detail{}); err != nil {
		return err
	}
	return p.goes(ctx, tx, before, to)
}

func (here place) act(ctx context.Context, tx *db.Tx, p Path, c *automation.Case) error {
	did, err := c.Perform(ctx, here.Acts)
	if err != nil {
		return err
	}
	before := p.Turn
	p.Conversation = c.Conversation()
	if err := p.turned(ctx, tx, Did, Detail{Did: did}); err != nil {
		return err
	}
	return p.goes(ctx, tx, before, here.next)
}

func (here place) fork(ctx context.Context, tx *db.Tx, p Path, c *automation.Case) error {
	so, err := c.Holds(here.If)
	if err != nil {
		return err
	}
	before, what, to := p.Turn, TookNo, here.no
	if so {
		what, to = TookYes, here.yes
	}
	if err := p.turned(ctx, tx, what, Detail{To: to}); err != nil {
		return err
	}
	return p.goes(ctx, tx, before, to)
}
