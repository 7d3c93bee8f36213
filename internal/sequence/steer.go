package sequence

import (
	"context"

	"baraji/internal/automation"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Begin brings a customer into a flow by hand, with a conversation or without (0).
func Begin(ctx context.Context, tx *db.Tx, flow ID, who contact.ID, talk conversation.ID) (PathID, error) {
	if err := team.Allow(ctx, team.Handle); err != nil {
		return 0, err
	}
	f, err := load(ctx, tx, flow)
	if err != nil {
		return 0, err
	}
	if !f.On {
		return 0, problem.New(problem.Conflict, "This flow is switched off.")
	}
	if _, err := contact.Get(ctx, tx, who); err != nil {
		return 0, err
	}
	if talk != 0 {
		c, err := conversation.Get(ctx, tx, talk)
		if err != nil {
			return 0, err
		}
		if c.Contact != who {
			return 0, problem.For("conversation", "It is another customer's.")
		}
	}
	if p, err := living(ctx, tx, flow, who); err != nil || p.ID != 0 {
		if err == nil {
			err = problem.New(problem.Conflict, "This customer is in it already.")
		}
		return 0, err
	}
	return f.enter(ctx, tx, Path{Contact: who, Conversation: talk})
}

// steered is a path that a person may do something with, at the turn that he saw.
func steered(ctx context.Context, tx *db.Tx, id PathID, turn int) (p Path, f Flow, here place, err error) {
	if err = team.Allow(ctx, team.Handle); err != nil {
		return
	}
	if p, err = GetPath(ctx, tx, id); err != nil {
		return
	}
	if p.State.Ended() {
		err = problem.New(problem.Conflict, "It is over.")
		return
	}
	if p.Turn != turn {
		err = problem.New(problem.Conflict, "Meanwhile it went on by itself: look again.")
		return
	}
	f, err = at(ctx, tx, p.Flow, p.Version)
	return p, f, f.plan()[p.Step], err
}

// Pause lets a path stand until it is resumed. What ends it early still does.
func Pause(ctx context.Context, tx *db.Tx, id PathID, turn int) error {
	p, f, _, err := steered(ctx, tx, id, turn)
	if err != nil || p.State == Paused {
		return err
	}
	before := p.Turn
	if err := p.turned(ctx, tx, WasPaused, Detail{}); err != nil {
		return err
	}
	p.State, p.Was = Paused, p.State
	if err := p.save(ctx, tx, before); err != nil {
		return err
	}
	return event.Record(ctx, tx, Steered{p.ID, f.ID, WasPaused})
}

// Resume lets it go on. Waiting whose time is over by now is over.
func Resume(ctx context.Context, tx *db.Tx, id PathID, turn int) error {
	p, f, _, err := steered(ctx, tx, id, turn)
	if err != nil || p.State != Paused {
		return err
	}
	before := p.Turn
	if err := p.turned(ctx, tx, Resumed, Detail{}); err != nil {
		return err
	}
	if p.Was == Waiting || p.Was == Asking {
		err = p.rests(ctx, tx, before, p.Was, p.Due, p.Awaits)
	} else {
		err = p.goes(ctx, tx, before, p.Step)
	}
	if err != nil {
		return err
	}
	return event.Record(ctx, tx, Steered{p.ID, f.ID, Resumed})
}

// Move puts a path before another step, by its key.
func Move(ctx context.Context, tx *db.Tx, id PathID, turn, to int) error {
	p, f, _, err := steered(ctx, tx, id, turn)
	if err != nil {
		return err
	}
	if _, ok := f.plan()[to]; !ok {
		return problem.For("to", "There is no such step.")
	}
	return p.sent(ctx, tx, f, WasMoved, to)
}

// Retry tries the step again at which a path is stuck.
func Retry(ctx context.Context, tx *db.Tx, id PathID, turn int) error {
	p, f, _, err := steered(ctx, tx, id, turn)
	if err != nil {
		return err
	}
	if p.State != Stuck {
		return problem.New(problem.Conflict, "It is not stuck.")
	}
	return p.sent(ctx, tx, f, TriedAgain, p.Step)
}

func (p Path) sent(ctx context.Context, tx *db.Tx, f Flow, how What, to int) error {
	before := p.Turn
	if err := p.turned(ctx, tx, how, Detail{To: to}); err != nil {
		return err
	}
	if err := p.goes(ctx, tx, before, to); err != nil {
		return err
	}
	return event.Record(ctx, tx, Steered{p.ID, f.ID, how})
}

// Stop ends a path.
func Stop(ctx context.Context, tx *db.Tx, id PathID, turn int) error {
	p, _, _, err := steered(ctx, tx, id, turn)
	if err != nil {
		return err
	}
	return p.end(ctx, tx, Stopped, WasStopped, Detail{})
}

// TakeOver ends a path, and gives its conversation to whoever acts.
func TakeOver(ctx context.Context, tx *db.Tx, id PathID, turn int) error {
	p, f, _, err := steered(ctx, tx, id, turn)
	if err != nil {
		return err
	}
	c := automation.About(ctx, tx, p.Contact.String())
	c.On(p.Contact, p.Conversation)
	if err := give(ctx, tx, p, c, f, Who{Person: team.From(ctx).Person.String()}); err != nil {
		return err
	}
	return p.end(ctx, tx, Handed, HandedOver, Detail{})
}
