// Package routed shows a decision of routing and why it was taken: on the page of a conversation, and on the one on which one
// asks who would get something.
package routed

import (
	"context"

	"baraji/internal/kit/i18n"
	"baraji/internal/routing"
	"baraji/internal/team"
)

// Shown is a decision with the names that it speaks of.
type Shown struct {
	routing.Decision
	Names map[team.ID]string
	Team  string // its name
}

// why says in a sentence why.
func (s Shown) why(ctx context.Context) string {
	switch s.Outcome {
	case routing.Assigned:
		return i18n.T(ctx, "routing.why_"+string(s.Why), "name", s.Names[s.Person], "other", s.Names[s.For])
	case routing.Queued:
		for _, o := range s.Others {
			if o.Verdict.May() {
				return i18n.T(ctx, "routing.why_queued_full")
			}
		}
		return i18n.T(ctx, "routing.why_queued_none")
	}
	return i18n.T(ctx, "routing.why_"+string(s.Outcome))
}

// by says by what.
func (s Shown) by(ctx context.Context) string {
	switch {
	case s.Scope > 0 && s.By != 0:
		return i18n.T(ctx, "routing.by_scope", "n", s.Scope)
	case s.Rule > 0 && s.Name != "":
		return s.Name
	case s.Rule > 0:
		return i18n.T(ctx, "routing.by_rule", "n", s.Rule)
	}
	return ""
}

func verdict(ctx context.Context, c routing.Considered) string {
	word := i18n.T(ctx, "routing.verdict_"+string(c.Verdict))
	if c.Verdict.May() {
		word += " · " + i18n.T(ctx, "routing.room", "open", c.Open, "room", c.Room)
	}
	return word
}

// graded are the words of what it was found to be.
func graded(ctx context.Context, g routing.Graded) (list []string) {
	for _, w := range [][2]string{{"type_", g.Type}, {"severity_", g.Severity}, {"priority_", g.Priority}} {
		if w[1] != "" {
			list = append(list, i18n.T(ctx, "inbox."+w[0]+w[1]))
		}
	}
	return list
}
