package shift

import (
	"context"
	"slices"
	"time"

	"baraji/internal/calendar"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/setting"
	"baraji/internal/team"
)

// Goal is when somebody should be at the desk: outside of that an empty hour is no gap.
type Goal string

// The goals.
const (
	Around  Goal = "around"  // day and night
	InHours Goal = "working" // the firm's working hours
	Planned Goal = "planned" // what the rotas say themselves
)

// Goals lists them as they are offered.
var Goals = []Goal{Around, InHours, Planned}

var goal = setting.Of[struct{ Goal Goal }]{Name: "shift.goal", Default: struct{ Goal Goal }{Around}}

// GoalSet says that another goal holds.
type GoalSet struct {
	Goal Goal `json:"goal"`
}

// EventKind and Subject make it a fact.
func (GoalSet) EventKind() string { return "shift.goal_set" }

// Subject is the firm.
func (GoalSet) Subject() string { return "firm" }

// GetGoal is the goal that holds.
func GetGoal(ctx context.Context, tx *db.Tx) (Goal, error) {
	g, err := setting.Get(ctx, tx, goal)
	return g.Goal, err
}

// SetGoal makes another hold.
func SetGoal(ctx context.Context, tx *db.Tx, g Goal) error {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return err
	}
	if !slices.Contains(Goals, g) {
		return problem.For("goal", "Choose when somebody should be there.")
	}
	if err := setting.Set(ctx, tx, goal, struct{ Goal Goal }{g}); err != nil {
		return err
	}
	return event.Record(ctx, tx, GoalSet{g})
}

// Wanted is when somebody should be at the desk between two instants.
func Wanted(ctx context.Context, tx *db.Tx, list []Book, from, until time.Time) ([]Stretch, error) {
	g, err := GetGoal(ctx, tx)
	if err != nil {
		return nil, err
	}
	switch g {
	case Around:
		return []Stretch{{from, until}}, nil
	case InHours:
		return FirmHours(ctx, tx, from, until)
	}
	var need []Stretch
	for _, b := range list {
		if b.Rota.Mode != OnCall {
			need = append(need, b.Needs(from, until)...)
		}
	}
	return Joined(need), nil
}

// FirmHours are the firm's working hours between two instants.
func FirmHours(ctx context.Context, tx *db.Tx, from, until time.Time) (list []Stretch, err error) {
	h, err := calendar.Hours(ctx, tx, calendar.Firm)
	if err != nil {
		return nil, err
	}
	for a, b := range h.Stretches(from, until) {
		list = append(list, Stretch{a, b})
	}
	return list, nil
}
