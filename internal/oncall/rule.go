package oncall

import (
	"context"
	"strconv"
	"strings"

	"baraji/internal/calendar"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// What a rule waits for.
const (
	Asked  = "asked"  // a conversation is, or becomes, one that it fits
	Broken = "broken" // a promised time of such a conversation is used up
)

// When a rule holds.
const (
	Always     = "always"
	AfterHours = "after" // outside the working hours of the conversation's team or customer
)

// Rule says which conversations page by themselves. Empty fits all.
type Rule struct {
	On       string `json:"on"`
	Severity string `json:"severity,omitempty"`
	Type     string `json:"type,omitempty"`
	Tier     string `json:"tier,omitempty"`
	When     string `json:"when"`
	Urgent   bool   `json:"urgent"` // wakes; else it may wait until morning
}

const mostRules = 20

func itoa(i int) string { return strconv.Itoa(i) }

func (r *Rule) check(k *problem.Check, i int) {
	at := "rules." + itoa(i)
	r.Tier = strings.Join(strings.Fields(r.Tier), " ")
	k.That(r.On == Asked || r.On == Broken, at+".on", "Choose what pages.")
	k.That(r.When == Always || r.When == AfterHours, at+".when", "Choose when.")
	k.That(has(conversation.Severities, r.Severity), at+".severity", "Choose how bad.")
	k.That(has(conversation.Types, r.Type), at+".type", "Choose what it is about.")
	k.That(len([]rune(r.Tier)) <= 200, at+".tier", "Use at most %d characters.", 200)
}

func has(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// talk is what rules look at.
type talk struct {
	status         conversation.Status
	severity, kind string
	tier           string
	team           team.TeamID
	merged         conversation.ID
}

// fits says whether a rule is for a conversation; after says whether it is outside of its working hours.
func (r Rule) fits(on string, t talk, after bool) bool {
	return r.On == on && (r.Severity == "" || r.Severity == t.severity) && (r.Type == "" || r.Type == t.kind) &&
		(r.Tier == "" || strings.EqualFold(r.Tier, t.tier)) && (r.When == Always || after)
}

// watch pages the services of which a rule fits a conversation.
func watch(ctx context.Context, tx *db.Tx, id conversation.ID, on string) error {
	services, err := db.All(ctx, tx, scanService, `SELECT `+serviceColumns+` FROM oncall_service WHERE watches ORDER BY id`)
	if err != nil || len(services) == 0 {
		return err
	}
	t, err := db.One(ctx, tx, func(r db.Row) (t talk, err error) {
		return t, r.Scan(&t.status, &t.severity, &t.kind, &t.team, &t.merged, &t.tier)
	}, `SELECT c.status, c.severity, c.type, c.team_id, c.merged_into, COALESCE(o.tier, '') FROM conversation c LEFT JOIN contact_company o ON o.id = c.company_id WHERE c.id = $1`, id)
	if err != nil || t.status == conversation.Solved || t.merged != 0 {
		return err
	}
	after, err := afterHours(ctx, tx, t)
	if err != nil {
		return err
	}
	for _, s := range services {
		for _, r := range s.Rules {
			if !r.fits(on, t, after) {
				continue
			}
			if err := pageOnce(ctx, tx, s, id, on, r.Urgent); err != nil {
				return err
			}
			break
		}
	}
	return nil
}

// pageOnce pages for a conversation that fits: one that did so before is not paged for again because somebody changed a field.
func pageOnce(ctx context.Context, tx *db.Tx, s Service, id conversation.ID, on string, urgent bool) error {
	if on == Asked {
		before, err := db.Exists(ctx, tx, `SELECT 1 FROM oncall_page WHERE conversation_id = $1 AND service_id = $2`, id, s.ID)
		if err != nil || before {
			return err
		}
	}
	_, err := open(team.AsSystem(ctx), tx, s, Call{Conversation: id, Reason: on, Urgent: urgent})
	return err
}

func afterHours(ctx context.Context, tx *db.Tx, t talk) (bool, error) {
	of, err := calendar.For(ctx, tx, t.team, t.tier)
	if err != nil {
		return false, err
	}
	h, err := calendar.Hours(ctx, tx, of)
	return !h.Open(tx.Now()), err
}
