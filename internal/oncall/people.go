package oncall

import (
	"context"
	"slices"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/notice"
	"baraji/internal/shift"
	"baraji/internal/team"
)

// finder says who targets are: only those who can come in, and of the service's team where it has one.
type finder struct {
	ctx  context.Context
	tx   *db.Tx
	may  map[team.ID]bool
	rota map[shift.RotaID]string
	team map[team.TeamID]string
}

func newFinder(ctx context.Context, tx *db.Tx, s Service) (f finder, err error) {
	f = finder{ctx: ctx, tx: tx, may: map[team.ID]bool{}, rota: map[shift.RotaID]string{}, team: map[team.TeamID]string{}}
	list, err := team.People(ctx, tx, team.Filter{State: team.Active, Team: s.Team})
	if err != nil {
		return f, err
	}
	for _, p := range list {
		f.may[p.ID] = true
	}
	rotas, err := shift.Rotas(ctx, tx)
	if err != nil {
		return f, err
	}
	for _, r := range rotas {
		f.rota[r.ID] = r.Name
	}
	teams, err := team.Teams(ctx, tx)
	for _, t := range teams {
		f.team[t.ID] = t.Name
	}
	return f, err
}

// find is who a target is at an instant. A rota or a team that is gone is nobody.
func (f finder) find(t Target, at time.Time) ([]Aim, error) {
	ids, why := []team.ID{t.Person}, ""
	switch {
	case t.Rota != 0:
		var err error
		if ids, err = shift.OnDuty(f.ctx, f.tx, t.Rota, at); err != nil && problem.KindOf(err) != problem.NotFound {
			return nil, err
		}
		why = f.rota[t.Rota]
	case t.Team != 0:
		members, err := team.Members(f.ctx, f.tx, t.Team)
		if err != nil {
			return nil, err
		}
		ids = nil
		for _, m := range members {
			ids = append(ids, m.ID)
		}
		why = f.team[t.Team]
	}
	ids = slices.DeleteFunc(ids, func(p team.ID) bool { return !f.may[p] })
	out := make([]Aim, len(ids))
	for i, p := range ids {
		out[i] = Aim{p, why}
	}
	return out, nil
}

// dawn is when the day of the first of them begins.
func (f finder) dawn(aims []Aim, at time.Time) (time.Time, error) {
	var ids []team.ID
	for _, a := range aims {
		ids = append(ids, a.Person)
	}
	days, err := notice.Days(f.ctx, f.tx, ids, at)
	var first time.Time
	for _, d := range days {
		if first.IsZero() || d.Before(first) {
			first = d
		}
	}
	if first.IsZero() {
		first = at
	}
	return first, err
}

// planFor works out the plan of a service from an instant on.
func planFor(ctx context.Context, tx *db.Tx, s Service, at time.Time, urgent bool) (Plan, error) {
	f, err := newFinder(ctx, tx, s)
	if err != nil {
		return Plan{}, err
	}
	if urgent {
		return planned(s.Course, at, f.find, nil)
	}
	return planned(s.Course, at, f.find, f.dawn)
}

// Preview is who would be told when, if a service were paged at an instant.
func Preview(ctx context.Context, tx *db.Tx, s Service, at time.Time, urgent bool) (Plan, error) {
	return planFor(team.AsSystem(ctx), tx, s, at, urgent)
}
