package api

import (
	"context"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/sla"
	"baraji/internal/team"
)

func promised(rt *routes) {
	get(rt, "/targets", "List what is promised to which conversations, in the order in which it is looked through", listTargets)
	patch(rt, "/targets", "Promise something else", changeTargets, about("`targets` replaces all of them. The first that fits a conversation holds; clocks that run keep what they began with."))
}

// Target is what is promised to which conversations.
type Target struct {
	Tier     string   `json:"tier,omitempty" maxLength:"200" doc:"Of the customer's company; empty fits all, as in each of these five"`
	Stage    string   `json:"stage,omitempty" enum:",pre-sale,onboarding,post-sale,renewal"`
	Type     string   `json:"type,omitempty" maxLength:"40"`
	Severity string   `json:"severity,omitempty" enum:",minor,major,critical"`
	Channel  string   `json:"channel,omitempty" maxLength:"40"`
	First    int      `json:"first" required:"false" minimum:"0" maximum:"527040" doc:"Minutes until the first answer; 0: nothing is promised"`
	Next     int      `json:"next" required:"false" minimum:"0" maximum:"527040" doc:"Minutes until each further answer"`
	Solve    int      `json:"solve" required:"false" minimum:"0" maximum:"527040" doc:"Minutes until it is solved"`
	Counts   string   `json:"counts" enum:"work,wall" doc:"Working time, or the clock on the wall"`
	Raise    string   `json:"raise,omitempty" enum:",low,normal,high,urgent" doc:"To this priority when it is broken"`
	Move     string   `json:"move,omitempty" maxLength:"40" doc:"To this team when it is broken"`
	Pauses   []string `json:"pauses,omitempty" nullable:"false" maxItems:"4" doc:"Statuses in which the clocks stand: pending, snoozed"`
}

// Targets are all of them.
type Targets struct {
	Targets []Target `json:"targets" nullable:"false" maxItems:"100"`
}

func showTargets(ctx context.Context, tx *db.Tx) (Targets, error) {
	l, err := sla.GetTargets(ctx, tx)
	out := Targets{[]Target{}}
	for _, t := range l {
		shown := Target{t.Tier, t.Stage, t.Type, t.Severity, t.Channel, t.First, t.Next, t.Solve, string(t.Counts), t.Breach.Raise, t.Breach.Team.String(), []string{}}
		for _, s := range t.Pauses {
			shown.Pauses = append(shown.Pauses, string(s))
		}
		out.Targets = append(out.Targets, shown)
	}
	return out, err
}

// Who may act at all sees what was promised: he keeps it.
func listTargets(ctx context.Context, tx *db.Tx, _ *struct{}) (Targets, error) {
	return showTargets(ctx, tx)
}

// targetsPatch replaces the targets.
type targetsPatch struct{ Body Targets }

func changeTargets(ctx context.Context, tx *db.Tx, in *targetsPatch) (Targets, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return Targets{}, err
	}
	var list []sla.Target
	for _, t := range in.Body.Targets {
		kept := sla.Target{Tier: t.Tier, Stage: t.Stage, Type: t.Type, Severity: t.Severity, Channel: t.Channel, First: t.First, Next: t.Next, Solve: t.Solve, Counts: sla.Counts(t.Counts), Breach: sla.Breached{Raise: t.Raise}}
		var err error
		if kept.Breach.Team, err = named[team.TeamID]("move", t.Move); err != nil {
			return Targets{}, err
		}
		for _, s := range t.Pauses {
			kept.Pauses = append(kept.Pauses, conversation.Status(s))
		}
		list = append(list, kept)
	}
	if err := sla.SetTargets(ctx, tx, list); err != nil {
		return Targets{}, err
	}
	return showTargets(ctx, tx)
}
