package sla

import (
	"context"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
)

// State is what the clocks of a conversation say together.
type State string

// The states, the worst last.
const (
	NoClock State = "none"    // nothing is promised
	Kept    State = "met"     // all that was promised was done
	Paused  State = "paused"  // what is left stands
	Running State = "running" // there is time
	Warning State = "warning" // a fifth of it is left
	Breach  State = "breached"
)

// Clocks are the clocks of a conversation.
type Clocks map[Which]Clock

// Due is when a clock that runs is due; zero where none runs, or it stands.
func (l Clocks) Due(which Which) time.Time {
	if c, ok := l[which]; ok && c.Runs() {
		return c.Due
	}
	return time.Time{}
}

// State is the worst of them.
func (l Clocks) State(now time.Time) State {
	order := []State{NoClock, Kept, Paused, Running, Warning, Breach}
	worst := 0
	for _, c := range l {
		for i, s := range order {
			if s == c.State(now) {
				worst = max(worst, i)
			}
		}
	}
	return order[worst]
}

// State is what one clock says.
func (c Clock) State(now time.Time) State {
	switch {
	case c.Started.IsZero():
		return NoClock
	case !c.Met.IsZero():
		return Kept
	case reachedBy(c.Due, now):
		return Breach
	case c.Held != "":
		return Paused
	case reachedBy(c.Warn, now):
		return Warning
	}
	return Running
}

// Soonest is the clock that one looks at: the one that is due first of those that run; else one that stands.
func (l Clocks) Soonest() (which Which, c Clock, ok bool) {
	for _, w := range All {
		at, has := l[w]
		if !has || !at.Runs() {
			continue
		}
		if !ok || c.Due.IsZero() || !at.Due.IsZero() && at.Due.Before(c.Due) {
			which, c, ok = w, at, true
		}
	}
	return which, c, ok
}

// Of reads the clocks of conversations that were read already: one statement for a whole list.
func Of(ctx context.Context, tx *db.Tx, ids ...conversation.ID) (map[conversation.ID]Clocks, error) {
	out := map[conversation.ID]Clocks{}
	if err := tx.Settle(); err != nil || len(ids) == 0 {
		return out, err
	}
	var a db.Args
	return out, db.Each(ctx, tx, func(r db.Row) error {
		var id conversation.ID
		var which Which
		var c Clock
		var target int64
		err := r.Scan(&id, &which, db.Time(&c.Started), &target, db.Time(&c.Warn), db.Time(&c.Due), db.Time(&c.Met), &c.Held)
		c.Target = time.Duration(target) * time.Millisecond
		if out[id] == nil {
			out[id] = Clocks{}
		}
		out[id][which] = c
		return err
	}, `SELECT conversation_id, clock, started_at, target, warn_at, due_at, met_at, held FROM sla_clock WHERE conversation_id IN `+db.In(&a, ids), a.List()...)
}
