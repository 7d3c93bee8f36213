package inbox

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"baraji/internal/automation"
	"baraji/internal/conversation"
	"baraji/internal/incident"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/job"
	"baraji/internal/routing"
	"baraji/internal/sla"
	"baraji/internal/team"
)

// happening is something that happened to a conversation, in plain words.
type happening struct {
	Icon string
	Text string   // "" is not worth a line
	Bold []string // names in the text
}

// body is what the facts of conversations say, as far as a line needs it.
type body struct {
	Tag    string              `json:"tag"`
	Fields []string            `json:"fields"`
	Person team.ID             `json:"person"`
	What   string              `json:"what"`
	Status conversation.Status `json:"-"`
}

// happened says an event of the log in the reader's language. What a message
// shows by itself has no line.
func happened(ctx context.Context, e event.Event, people map[team.ID]string, teams []team.Team, rules map[automation.ID]string) happening {
	t := teller{ctx: ctx, people: people, teams: teams, rules: rules}
	t.who = t.actor(e.Actor)
	switch e.Kind {
	case "conversation.assigned":
		var f conversation.Assigned
		return t.of(e, &f, "user-round", func() string { return t.assigned(f) })
	case "conversation.team_set":
		var f conversation.TeamSet
		return t.of(e, &f, "users-round", func() string { return t.teamSet(f) })
	case "conversation.status_set":
		var f conversation.StatusSet
		return t.of(e, &f, statusIcon(e), func() string { return t.late(e, f.Due, t.statusSet(f)) })
	case "conversation.tagged", "conversation.untagged":
		var f body
		return t.of(e, &f, "tag", func() string { return t.say(strings.TrimPrefix(e.Kind, "conversation."), "tag", t.bold(f.Tag)) })
	case "conversation.changed":
		var f body
		return t.of(e, &f, "pencil", func() string { return t.say("changed", "fields", t.fields(f.Fields)) })
	case "conversation.followed", "conversation.unfollowed":
		var f body
		return t.of(e, &f, "eye", func() string {
			return t.say(strings.TrimPrefix(e.Kind, "conversation."), "person", t.person(f.Person))
		})
	case "conversation.merged":
		return t.line("git-merge", t.say("merged"))
	case "conversation.split":
		return t.line("split", t.say("split"))
	case "conversation.undone":
		var f body
		return t.of(e, &f, "undo-2", func() string { return t.say("undone_" + f.What) })
	case "routing.taken_back":
		var f routing.TakenBack
		return t.of(e, &f, "undo-2", func() string { return t.late(e, f.Due, t.say("taken_back", "from", t.person(f.From))) })
	case "sla.warned": // in time, the clock above the conversation shows it
		var f sla.Warned
		return t.of(e, &f, "alarm-clock", func() string { return t.onlyLate(e, f.Left, "clock_warned", f.Clock) })
	case "sla.broken":
		var f sla.Broken
		return t.of(e, &f, "alarm-clock", func() string { return t.onlyLate(e, job.Late(e.At, f.Due), "clock_broken", f.Clock) })
	case "routing.escalated":
		return t.line("triangle-alert", t.say("escalated"))
	case "conversation.handed_over":
		var f conversation.HandedOver
		return t.of(e, &f, "handshake", func() string { return t.say("handed_over", "to", t.bold(teamName(t.teams, f.To))) })
	case "incident.told_elsewhere":
		var f incident.ToldElsewhere
		return t.of(e, &f, "triangle-alert", func() string {
			return i18n.T(t.ctx, "inbox.told_elsewhere", "number", t.bold("#"+strconv.FormatInt(f.Number, 10)))
		})
	case "conversation.unsent":
		return t.line("undo-2", t.say("unsent"))
	}
	return happening{}
}

// moreTags is the body of one fact about tags with those of another.
func moreTags(one, other json.RawMessage) json.RawMessage {
	var a, b body
	if json.Unmarshal(one, &a) != nil || json.Unmarshal(other, &b) != nil {
		return one
	}
	both, err := json.Marshal(body{Tag: a.Tag + ", " + b.Tag})
	if err != nil {
		return one
	}
	return both
}

// teller puts sentences together and remembers the names in them.
type teller struct {
	ctx    context.Context
	people map[team.ID]string
	rules  map[automation.ID]string
	teams  []team.Team
	who    string
	names  []string
}

func (t *teller) of(e event.Event, f any, icon string, text func() string) happening {
	if json.Unmarshal(e.Body, f) != nil {
		return happening{}
	}
	return t.line(icon, text())
}

func (t *teller) line(icon, text string) happening { return happening{icon, text, t.names} }

// say is the sentence with who did it, or the one for what happened by itself.
func (t *teller) say(name string, args ...any) string {
	if t.who == "" {
		return i18n.T(t.ctx, "inbox.itself_"+name, args...)
	}
	t.bold(t.who)
	return i18n.T(t.ctx, "inbox.did_"+name, append(args, "who", t.who)...)
}

func (t *teller) bold(name string) string {
	if name != "" {
		t.names = append(t.names, name)
	}
	return name
}

// actor is who did it, "" for the program itself.
func (t *teller) actor(s string) string {
	if p, err := id.Read[team.ID](s); err == nil {
		return t.personName(p)
	}
	switch {
	case strings.HasPrefix(s, "tok_"):
		return i18n.T(t.ctx, "inbox.by_token")
	case strings.HasPrefix(s, "rule:"):
		name := t.rules[automation.ActorOf(s)]
		if name == "" {
			return i18n.T(t.ctx, "inbox.by_some_rule")
		}
		return i18n.T(t.ctx, "inbox.by_rule", "rule", name)
	}
	return ""
}

func (t *teller) person(p team.ID) string { return t.bold(t.personName(p)) }

func (t *teller) personName(p team.ID) string {
	if name := t.people[p]; name != "" {
		return name
	}
	return i18n.T(t.ctx, "inbox.somebody")
}

func (t *teller) assigned(f conversation.Assigned) string {
	switch {
	case f.To == 0:
		return t.say("unassigned")
	case t.people[f.To] == t.who:
		return t.say("took")
	}
	return t.say("assigned", "to", t.person(f.To))
}

func (t *teller) teamSet(f conversation.TeamSet) string {
	if f.To == 0 {
		return t.say("team_off")
	}
	for _, team := range t.teams {
		if team.ID == f.To {
			return t.say("team", "to", t.bold(team.Name))
		}
	}
	return t.say("team", "to", i18n.T(t.ctx, "inbox.some_team"))
}

func (t *teller) statusSet(f conversation.StatusSet) string {
	if f.To == conversation.Snoozed && !f.Till.IsZero() {
		return t.say("snoozed", "till", t.bold(i18n.Moment(t.ctx, f.Till)))
	}
	if f.To == conversation.Open && f.From == conversation.Snoozed && t.who == "" {
		return t.say("woke")
	}
	return t.say(string(f.To))
}

// late says of what came after its time how much that was.
func (t *teller) late(e event.Event, due time.Time, text string) string {
	if due.IsZero() {
		return text
	}
	return i18n.T(t.ctx, "inbox.came_late", "said", text, "time", i18n.Duration(t.ctx, e.At.Sub(due)))
}

// onlyLate says what a clock told, where that came after its time.
func (t *teller) onlyLate(e event.Event, due time.Time, words string, which sla.Which) string {
	if due.IsZero() {
		return ""
	}
	return t.late(e, due, i18n.T(t.ctx, "inbox."+words+"_"+string(which)))
}

func statusIcon(e event.Event) string {
	var f conversation.StatusSet
	if json.Unmarshal(e.Body, &f) != nil {
		return "circle-check"
	}
	switch f.To {
	case conversation.Snoozed:
		return "alarm-clock"
	case conversation.Pending:
		return "hourglass"
	case conversation.Open:
		return "mail-open"
	}
	return "circle-check"
}

func (t *teller) fields(names []string) string {
	for i, n := range names {
		if key := "inbox.field_" + n; i18n.Has(key) {
			names[i] = i18n.T(t.ctx, key)
		}
	}
	return strings.Join(names, " · ")
}
