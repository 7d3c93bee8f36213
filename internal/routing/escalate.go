package routing

import (
	"context"
	"slices"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/sla"
	"baraji/internal/team"
)

// Escalated says what a broken promise led to.
type Escalated struct {
	ID       conversation.ID `json:"id"`
	Clock    sla.Which       `json:"clock"`
	Team     team.TeamID     `json:"team,omitzero"` // it went to
	Priority string          `json:"priority,omitempty"`
}

// EventKind names the fact.
func (Escalated) EventKind() string { return "routing.escalated" }

// Subject is the conversation.
func (f Escalated) Subject() string { return f.ID.String() }

// OnBroken does what the promise says for the case that it is broken: raises the priority, and moves the conversation to another team,
// where somebody else gets it.
func OnBroken(ctx context.Context, tx *db.Tx, f sla.Broken) error {
	p, err := sla.Holds(ctx, tx, f.ID)
	if err != nil || p.Breach == (sla.Breached{}) {
		return err
	}
	c, err := conversation.Get(ctx, tx, f.ID)
	if problem.KindOf(err) == problem.NotFound {
		return nil
	}
	if err != nil || c.MergedInto != 0 || c.Status == conversation.Solved {
		return err
	}
	out := Escalated{ID: c.ID, Clock: f.Clock}
	if raises(c.Priority, p.Breach.Raise) {
		out.Priority = p.Breach.Raise
		if err := conversation.Update(ctx, tx, c.ID, conversation.Change{Priority: &p.Breach.Raise}); err != nil {
			return err
		}
	}
	if p.Breach.Team != 0 && p.Breach.Team != c.Team {
		out.Team = p.Breach.Team
		if err := move(ctx, tx, c, p.Breach.Team); err != nil {
			return err
		}
	}
	if out.Priority == "" && out.Team == 0 {
		return nil
	}
	return event.Record(ctx, tx, out)
}

// raises says whether a priority is above another.
func raises(from, to string) bool {
	return to != "" && slices.Index(conversation.Priorities, to) > slices.Index(conversation.Priorities, from)
}

// OnHandedOver gives what another team took on to whoever of it is free.
func OnHandedOver(ctx context.Context, tx *db.Tx, f conversation.HandedOver) error {
	c, wanted, err := open(ctx, tx, f.ID)
	if err != nil || !wanted || c.Team != f.To || c.Assignee != 0 {
		return err
	}
	l, err := Get(ctx, tx)
	if err != nil || len(l.Rules) == 0 {
		return err
	}
	return move(ctx, tx, c, f.To)
}

// move hands a conversation to another team, of which whoever is free gets it.
func move(ctx context.Context, tx *db.Tx, c conversation.Conversation, to team.TeamID) error {
	if there, err := db.Exists(ctx, tx, `SELECT 1 FROM team WHERE id = $1`, to); err != nil || !there {
		return err // the team is gone since
	}
	in, err := Look(ctx, tx, tx.Now())
	if err != nil {
		return err
	}
	s, err := About(ctx, tx, c)
	if err != nil {
		return err
	}
	return in.movedTo(to).within(s, c.Assignee).carryOut(ctx, tx, c)
}

// movedTo is the situation for what was moved to a team by hand or by a broken promise: the lists have no more say in it. Outside
// working hours somebody gets it only where a rota of that team has somebody.
func (in Situation) movedTo(to team.TeamID) Situation {
	in.Lists = Lists{Rules: []Rule{{To: ToTeam, Team: to, Known: true}}}
	for rota, of := range in.Stands {
		if of == to && len(in.OnDuty[rota]) > 0 {
			in.Lists.Scopes = []Scope{{By: rota}}
		}
	}
	return in
}

// within decides on what was moved.
func (in Situation) within(s Subject, silent team.ID) Decision {
	d := in.Decide(s, silent)
	d.Rule, d.Scope, d.Moved = 0, 0, true
	return d
}
