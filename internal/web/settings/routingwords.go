package settings

import (
	"context"
	"strconv"
	"strings"

	"baraji/internal/kit/i18n"
	"baraji/internal/routing"
	"baraji/internal/shift"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

func routingTabs(ctx context.Context, here string) (tabs []ui.Link) {
	for _, l := range append(routingLists, "people") {
		tabs = append(tabs, ui.Link{Label: t(ctx, "routing_"+l), URL: sorting{List: l}.path(), Current: l == here})
	}
	return tabs
}

// rowHead says for which conversations a row is.
func rowHead(ctx context.Context, row sorted) string {
	if row["name"] != "" {
		return row["name"]
	}
	var list []string
	if row["words"] != "" {
		list = append(list, "“"+row["words"]+"”")
	}
	for _, s := range []string{row["tier"], choiceWord(ctx, "inbox.type_", row["type"]), choiceWord(ctx, "inbox.severity_", row["severity"]), choiceWord(ctx, "common.stage_", row["stage"]),
		choiceWord(ctx, "settings.target_channel_", row["channel"]), languageName(row["language"]), row["tag"]} {
		if s != "" {
			list = append(list, s)
		}
	}
	if row["worth"] != "" {
		list = append(list, t(ctx, "routing_from", "amount", row["worth"]))
	}
	if len(list) == 0 {
		return t(ctx, "target_all")
	}
	return strings.Join(list, " · ")
}

// rowSays says in one line what follows.
func rowSays(ctx context.Context, p sorting, row sorted) string {
	switch p.List {
	case "grades":
		var list []string
		for _, s := range []string{choiceWord(ctx, "inbox.type_", row["set_type"]), choiceWord(ctx, "inbox.severity_", row["set_severity"]), choiceWord(ctx, "inbox.priority_", row["set_priority"])} {
			if s != "" {
				list = append(list, s)
			}
		}
		return strings.Join(list, " · ")
	case "scopes":
		if n, err := strconv.Atoi(row["within"]); err == nil && n > 0 {
			return t(ctx, "routing_scope_says", "by", nameOf(rotaChoices(ctx, p.Rotas), row["by"]), "n", n)
		}
		return nameOf(rotaChoices(ctx, p.Rotas), row["by"])
	}
	if row["to"] == string(routing.ToPerson) {
		return nameOf(personChoices(ctx, p.People), row["person"])
	}
	return t(ctx, "routing_to_"+dotless(row["to"])) + " · " + nameOf(teamChoices(ctx, p.Teams), row["team"])
}

// shortfall says in which hours of the next week a promise cannot be kept.
func shortfall(ctx context.Context, p sorting, s routing.Shortfall) string {
	what := t(ctx, "routing_short_target", "n", s.Target)
	if s.Scope > 0 && s.Scope <= len(p.Rows) {
		what = rowHead(ctx, p.Rows[s.Scope-1])
	}
	var when []string
	for _, g := range s.Gaps[:min(3, len(s.Gaps))] {
		when = append(when, i18n.Moment(ctx, g.From)+" – "+i18n.Moment(ctx, g.Until))
	}
	if more := len(s.Gaps) - len(when); more > 0 {
		when = append(when, t(ctx, "routing_short_more", "n", more))
	}
	return what + ": " + t(ctx, "routing_short_for", "long", i18n.Duration(ctx, s.Long())) + " (" + strings.Join(when, ", ") + ")"
}

// nameOf is how a choice is called.
func nameOf(list []ui.Option, value string) string {
	for _, o := range list {
		if o.Value == value {
			return o.Label
		}
	}
	return ""
}

// detailed says that one of the fields that are seldom needed is filled.
func (s sorted) detailed() bool { return s["stage"]+s["language"]+s["worth"]+s["tag"] != "" }

func languageName(l string) string {
	if l == "" {
		return ""
	}
	return i18n.Locale(l).Name()
}

func anyLanguage(ctx context.Context) []ui.Option {
	return append([]ui.Option{{Label: t(ctx, "target_any")}}, languages()...)
}

// leaveOr is a choice with “leave it” at its head.
func leaveOr(ctx context.Context, prefix string, values []string) []ui.Option {
	list := anyOf(ctx, prefix, values)
	list[0].Label = t(ctx, "routing_leave")
	return list
}

func rotaChoices(ctx context.Context, rotas []shift.Rota) []ui.Option {
	list := []ui.Option{{Label: t(ctx, "routing_by_rules")}}
	for _, r := range rotas {
		list = append(list, ui.Option{Value: r.ID.String(), Label: r.Name})
	}
	return list
}

func toChoices(ctx context.Context) (list []ui.Option) {
	for _, to := range routing.Tos {
		list = append(list, ui.Option{Value: string(to), Label: t(ctx, "routing_to_"+string(to))})
	}
	return list
}

func teamChoices(ctx context.Context, teams []team.Team) []ui.Option {
	list := []ui.Option{{Label: t(ctx, "routing_choose")}}
	for _, x := range teams {
		list = append(list, ui.Option{Value: x.ID.String(), Label: x.Name})
	}
	return list
}

func personChoices(ctx context.Context, people []team.Person) []ui.Option {
	list := []ui.Option{{Label: t(ctx, "routing_choose")}}
	for _, x := range people {
		list = append(list, ui.Option{Value: x.ID.String(), Label: x.Name})
	}
	return list
}
