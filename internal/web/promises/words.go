package promises

import (
	"context"
	"strconv"
	"strings"
	"time"

	"baraji/internal/kit/i18n"
	"baraji/internal/promise"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

func tabs(ctx context.Context, p ledger) (list []ui.Link) {
	for _, v := range views {
		list = append(list, ui.Link{Label: t(ctx, "view_"+v), URL: "/promises?view=" + v, Current: v == p.View, Count: p.Counts[v], Hot: v == "slipping"})
	}
	return list
}

func kindWord(ctx context.Context, k string) string { return t(ctx, "kind_"+k) }

func kinds(ctx context.Context) (list []ui.Option) {
	for _, k := range promise.Kinds {
		list = append(list, ui.Option{Value: k, Label: kindWord(ctx, k)})
	}
	return list
}

func people(list []team.Person) (out []ui.Option) {
	for _, p := range list {
		out = append(out, ui.Option{Value: p.ID.String(), Label: p.Name})
	}
	return out
}

func stateTone(p promise.Promise, now time.Time) string {
	switch {
	case p.State == promise.Kept:
		return "good"
	case p.State == promise.Broken, p.Overdue(now):
		return "bad"
	case p.Slipping(now):
		return "warn"
	}
	return ""
}

func stateWord(ctx context.Context, p promise.Promise, now time.Time) string {
	switch {
	case p.State != promise.Open:
		return t(ctx, "state_"+string(p.State))
	case p.Overdue(now):
		return t(ctx, "overdue")
	case p.Slipping(now):
		return t(ctx, "soon")
	}
	return t(ctx, "state_open")
}

// dueWord is until when, for who reads the page.
func dueWord(ctx context.Context, at time.Time, allDay bool) string {
	if allDay {
		return i18n.Date(ctx, at)
	}
	return i18n.Moment(ctx, at)
}

// dayWord is until when, in a customer's language.
func dayWord(ctx context.Context, l i18n.Locale, at time.Time, allDay bool) string {
	reader := i18n.Of(ctx)
	reader.Locale = l
	return dueWord(i18n.With(ctx, reader), at, allDay)
}

// filled puts the day into what a customer is told.
func filled(text, day string) string { return strings.ReplaceAll(text, "{day}", day) }

func tells(ctx context.Context) []ui.Option {
	return []ui.Option{{Value: "draft", Label: t(ctx, "tell_draft")}, {Value: "send", Label: t(ctx, "tell_send")}, {Value: "", Label: t(ctx, "tell_not")}}
}

func leads(ctx context.Context) (list []ui.Option) {
	for _, n := range []int{0, 1, 2, 3, 5, 10} {
		list = append(list, ui.Option{Value: strconv.Itoa(n), Label: t(ctx, "lead_n", "n", n)})
	}
	return list
}
