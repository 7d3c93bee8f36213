package sla

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/hours"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/setting"
	"baraji/internal/team"
)

// Target is what is promised to which conversations. Empty fits all.
type Target struct {
	Tier     string
	Stage    string
	Type     string
	Severity string
	Channel  string

	First  int // minutes; 0: nothing is promised
	Next   int
	Solve  int
	Counts Counts
	Pauses []conversation.Status
	Breach Breached
}

// Breached is what follows when a promise is broken.
type Breached struct {
	Raise string      `json:"raise,omitempty"` // to this priority
	Team  team.TeamID `json:"team,omitzero"`   // it goes to another team
}

// Targets are looked through in order: the first that fits holds.
type Targets struct{ List []Target }

// targets are ten working minutes for the first answer, until somebody chooses: that is what 60 in 100 mean by “at once”.
var targets = setting.Of[Targets]{Name: "sla.targets", Default: Targets{[]Target{{First: 10, Counts: Working, Pauses: []conversation.Status{conversation.Pending}}}}}

const (
	mostTargets = 100
	longest     = 366 * 24 * 60 // minutes
)

// GetTargets returns the targets.
func GetTargets(ctx context.Context, tx *db.Tx) ([]Target, error) {
	t, err := setting.Get(ctx, tx, targets)
	return t.List, err
}

// SetTargets changes them. Clocks that run keep what they began with.
func SetTargets(ctx context.Context, tx *db.Tx, list []Target) error {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return err
	}
	if len(list) > mostTargets {
		return problem.New(problem.Invalid, "At most %d targets.", mostTargets)
	}
	for i := range list {
		if err := list[i].check(strconv.Itoa(i) + "."); err != nil {
			return err
		}
	}
	if err := setting.Set(ctx, tx, targets, Targets{list}); err != nil {
		return err
	}
	return event.Record(ctx, tx, TargetsChanged{len(list)})
}

// check finds what is wrong with a target; its fields are called by its place: 0.first.
func (t *Target) check(at string) error {
	t.Tier = strings.Join(strings.Fields(t.Tier), " ")
	var c problem.Check
	c.That(t.Stage == "" || slices.Contains(conversation.Stages, conversation.Stage(t.Stage)), at+"stage", "There is no stage “%s”.", t.Stage)
	c.That(slices.Contains(conversation.Types, t.Type), at+"type", "There is no type “%s”.", t.Type)
	c.That(slices.Contains(conversation.Severities, t.Severity), at+"severity", "There is no severity “%s”.", t.Severity)
	c.That(len(t.Tier) <= 200 && len(t.Channel) <= 40, at+"tier", "At most %d characters.", 60)
	for name, minutes := range map[string]int{"first": t.First, "next": t.Next, "solve": t.Solve} {
		c.That(minutes >= 0 && minutes <= longest, at+name, "Enter up to %d minutes.", longest)
	}
	c.That(t.Counts == Working || t.Counts == Wall, at+"counts", "Choose which time counts.")
	c.That(t.Breach.Raise == "" || slices.Contains(conversation.Priorities, t.Breach.Raise), at+"raise", "There is no priority “%s”.", t.Breach.Raise)
	for _, s := range t.Pauses {
		c.That(s == conversation.Pending || s == conversation.Snoozed, at+"pauses", "A clock can stand while a conversation is pending or snoozed.")
	}
	return c.Err()
}

// subject is what of a conversation decides on its target.
type subject struct {
	stage, kind, severity, channel, tier string
	team                                 team.TeamID
}

func (t Target) fits(s subject) bool {
	return (t.Tier == "" || strings.EqualFold(t.Tier, s.tier)) && (t.Stage == "" || t.Stage == s.stage) && (t.Type == "" || t.Type == s.kind) &&
		(t.Severity == "" || t.Severity == s.severity) && (t.Channel == "" || t.Channel == s.channel)
}

// promise is the target as a clock keeps it.
func (t Target) promise(hours string) Promise {
	m := func(n int) time.Duration { return time.Duration(n) * time.Minute }
	return Promise{m(t.First), m(t.Next), m(t.Solve), t.Counts, t.Pauses, hours, t.Breach}
}

// About is what of a question decides how soon it is answered.
type About struct{ Stage, Type, Severity, Channel, Tier string }

// FirstDue is when the first answer would be due of a question at an instant; zero: nothing is promised.
func FirstDue(list []Target, a About, h hours.Calendar, at time.Time) time.Time {
	s := subject{stage: a.Stage, kind: a.Type, severity: a.Severity, channel: a.Channel, tier: a.Tier}
	for _, t := range list {
		if !t.fits(s) {
			continue
		}
		within := time.Duration(t.First) * time.Minute
		if within == 0 {
			return time.Time{}
		}
		if t.Counts == Wall {
			return at.Add(within)
		}
		due, _ := h.Add(at, within)
		return due
	}
	return time.Time{}
}
