package routing

import (
	"context"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/hours"
	"baraji/internal/shift"
	"baraji/internal/sla"
)

// Shortfall is a promise that nobody can keep for a time, as the rotas stand.
type Shortfall struct {
	Scope  int // its place, from 1; 0: it is a target
	Target int // its place, from 1; 0: it is a scope
	Gaps   []shift.Stretch
}

// Long is for how long.
func (s Shortfall) Long() time.Duration { return shift.Long(s.Gaps) }

// lookAhead is how far promises are compared with who stands.
const lookAhead = 7 * 24 * time.Hour

// Feasible compares what is promised outside working hours with who stands in the next seven days (S4-05): a scope promises while its
// rota is empty; a target counts the clock on the wall while no scope that could be meant has anybody.
func Feasible(ctx context.Context, tx *db.Tx) (out []Shortfall, err error) {
	lists, err := Get(ctx, tx)
	if err != nil {
		return nil, err
	}
	targets, err := sla.GetTargets(ctx, tx)
	if err != nil {
		return nil, err
	}
	of, err := allHours(ctx, tx)
	if err != nil {
		return nil, err
	}
	from, until := tx.Now(), tx.Now().Add(lookAhead)
	books, err := shift.Load(ctx, tx, from, until)
	if err != nil {
		return nil, err
	}
	turns := map[shift.RotaID][]shift.Turn{}
	for _, b := range books {
		turns[b.Rota.ID] = b.Plan(from, until)
	}
	for i, s := range lists.Scopes {
		if s.By == 0 || s.Within == 0 {
			continue
		}
		if gaps := shift.Gaps(closed(of(0, s.Tier), from, until), turns[s.By]); len(gaps) > 0 {
			out = append(out, Shortfall{Scope: i + 1, Gaps: gaps})
		}
	}
	for i, t := range targets {
		if t.Counts != sla.Wall || t.First == 0 || time.Duration(t.First)*time.Minute > 12*time.Hour {
			continue
		}
		var stand []shift.Turn
		for _, s := range lists.Scopes {
			if s.By != 0 && s.meets(t) {
				stand = append(stand, turns[s.By]...)
			}
		}
		if gaps := shift.Gaps(closed(of(0, t.Tier), from, until), stand); len(gaps) > 0 {
			out = append(out, Shortfall{Target: i + 1, Gaps: gaps})
		}
	}
	return out, nil
}

// meets says whether a conversation could be in a scope and under a target.
func (w When) meets(t sla.Target) bool {
	either := func(a, b string) bool { return a == "" || b == "" || same(a, b) }
	return either(w.Stage, t.Stage) && either(w.Type, t.Type) && either(w.Severity, t.Severity) && either(w.Channel, t.Channel) && either(w.Tier, t.Tier)
}

// closed are the stretches between two instants in which a calendar is closed.
func closed(h hours.Calendar, from, until time.Time) (out []shift.Stretch) {
	for at := from; at.Before(until); {
		opens, ok := h.Next(at)
		if !ok || !opens.Before(until) {
			return append(out, shift.Stretch{From: at, Until: until})
		}
		if opens.After(at) {
			out = append(out, shift.Stretch{From: at, Until: opens})
		}
		at, _ = h.Closes(opens)
	}
	return out
}
