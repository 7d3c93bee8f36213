package settings

import (
	"context"
	"strconv"
	"strings"

	"baraji/internal/conversation"
	"baraji/internal/kit/i18n"
	"baraji/internal/sla"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

func aimField(i int, name string) string { return strconv.Itoa(i) + "." + name }

// aimFor says which conversations a target is for.
func aimFor(ctx context.Context, a aim) string {
	var list []string
	for _, s := range []string{a.Tier, choiceWord(ctx, "common.stage_", a.Stage), choiceWord(ctx, "inbox.type_", a.Type), choiceWord(ctx, "inbox.severity_", a.Severity), choiceWord(ctx, "settings.target_channel_", a.Channel)} {
		if s != "" {
			list = append(list, s)
		}
	}
	if len(list) == 0 {
		return t(ctx, "target_all")
	}
	return strings.Join(list, " · ")
}

func choiceWord(ctx context.Context, prefix, value string) string {
	if value == "" {
		return ""
	}
	return i18n.T(ctx, prefix+dotless(value))
}

// anyOf is a choice with everything at its head.
func anyOf(ctx context.Context, prefix string, values []string) []ui.Option {
	list := []ui.Option{{Label: t(ctx, "target_any")}}
	for _, v := range values {
		if v != "" {
			list = append(list, ui.Option{Value: v, Label: choiceWord(ctx, prefix, v)})
		}
	}
	return list
}

func stageValues() (list []string) {
	for _, s := range conversation.Stages {
		list = append(list, string(s))
	}
	return list
}

// channelValues are the ways by which customers write.
func channelValues() []string { return []string{"email", "chat", "form", "portal", "api"} }

func countChoices(ctx context.Context) []ui.Option {
	return []ui.Option{{Value: string(sla.Working), Label: t(ctx, "target_work")}, {Value: string(sla.Wall), Label: t(ctx, "target_wall")}}
}

// movesTo is the choice of a team, with “it stays” at its head.
func movesTo(ctx context.Context, teams []team.Team) []ui.Option {
	list := teamChoices(ctx, teams)
	list[0].Label = t(ctx, "target_stays")
	return list
}
