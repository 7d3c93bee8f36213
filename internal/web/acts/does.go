package acts

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"baraji/internal/automation"
	"baraji/internal/kit/i18n"
)

func word(ctx context.Context, name string, args ...any) string {
	return i18n.T(ctx, "rules."+name, args...)
}

// Value is what a value of a param is called; what is none of the known ones is itself.
func (h House) Value(ctx context.Context, key, v string) string {
	for _, o := range h.Choices(ctx, key) {
		if o.Value == v {
			return o.Label
		}
	}
	name := key[strings.LastIndex(key, ".")+1:]
	switch {
	case slices.Contains([]string{"assignee", "owner", "nobody"}, v) && name == "person":
		return word(ctx, "who_"+v)
	case strings.HasPrefix(v, "usr_"), strings.HasPrefix(v, "tem_"), strings.HasPrefix(v, "inb_"), strings.HasPrefix(v, "osv_"):
		return word(ctx, "gone")
	case name == "stage":
		return i18n.T(ctx, "common.stage_"+strings.ReplaceAll(v, "-", "_"))
	case name == "type", name == "priority", name == "severity":
		return i18n.T(ctx, "inbox."+name+"_"+v)
	case name == "status", name == "then", name == "to" && slices.Contains([]string{"open", "pending", "snoozed", "solved"}, v):
		return i18n.T(ctx, "inbox.status_"+v)
	case name == "urgent":
		return word(ctx, v)
	}
	return v
}

// Does is an action as a line.
func (h House) Does(ctx context.Context, a automation.Act) string {
	how, _ := automation.ActionOf(a.Do)
	var with []string
	for _, p := range how.Params {
		v := a.With[p.Name]
		switch {
		case v == "":
		case p.Choose == "minutes":
			with = append(with, Span(ctx, v))
		case p.Choose == "text" && p.Name == "korean":
		default:
			key := p.Name
			if p.Choose != "" && p.Choose != "text" {
				key = p.Choose
			}
			with = append(with, Short(h.Value(ctx, key, v), 60))
		}
	}
	if len(with) == 0 {
		return word(ctx, "do_"+a.Do)
	}
	return word(ctx, "do_"+a.Do) + ": " + strings.Join(with, ", ")
}

// DoesAll are actions in one line.
func (h House) DoesAll(ctx context.Context, list []automation.Act) string {
	var out []string
	for _, a := range list {
		out = append(out, h.Does(ctx, a))
	}
	return strings.Join(out, " · ")
}

// Short is a text in one line of at most n letters.
func Short(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// Units are those in which a span of time is typed.
var Units = []string{"minutes", "hours", "days"}

func unitMinutes(unit string) int {
	switch unit {
	case "hours":
		return 60
	case "days":
		return 24 * 60
	}
	return 1
}

// InMinutes is a number of a unit in minutes; what is no number stays as it is.
func InMinutes(n, unit string) string {
	v, err := strconv.Atoi(strings.TrimSpace(n))
	if err != nil || v > 100_000 {
		return n
	}
	return strconv.Itoa(v * unitMinutes(unit))
}

// InUnits is a number of minutes in the largest unit that it fills.
func InUnits(minutes string) (n, unit string) {
	v, err := strconv.Atoi(minutes)
	if err != nil || v == 0 {
		return minutes, "hours"
	}
	for _, u := range []string{"days", "hours"} {
		if v%unitMinutes(u) == 0 {
			return strconv.Itoa(v / unitMinutes(u)), u
		}
	}
	return minutes, "minutes"
}

// Span is a number of minutes in words: 3 days, 3일.
func Span(ctx context.Context, minutes string) string {
	n, unit := InUnits(minutes)
	if i18n.Of(ctx).Locale == i18n.Korean {
		return n + word(ctx, "unit_"+unit)
	}
	return n + " " + word(ctx, "unit_"+unit)
}
