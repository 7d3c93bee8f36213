package acts

import (
	"context"
	"maps"
	"slices"
	"strings"

	"baraji/internal/automation"
	"baraji/internal/contact"
	"baraji/internal/kit/i18n"
)

func word(ctx context.Context, name string, args ...any) string {
	return i18n.T(ctx, "rules."+name, args...)
}

// Value is what a value of a param is called, or of a condition's field that is called alike; what is none of the known ones is itself.
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
	case strings.HasPrefix(v, "usr_"), strings.HasPrefix(v, "tem_"), strings.HasPrefix(v, "inb_"), strings.HasPrefix(v, "osv_"), key == "slack_channel", strings.HasPrefix(v, "hkn_"):
		return word(ctx, "gone")
	case name == "stage", name == "to" && contact.Stage(v).Known(), name == "from" && contact.Stage(v).Known():
		return stageName(ctx, v)
	case name == "type", name == "priority", name == "severity":
		return i18n.T(ctx, "inbox."+name+"_"+v)
	case name == "status", name == "then", name == "to" && slices.Contains([]string{"open", "pending", "snoozed", "solved"}, v):
		return i18n.T(ctx, "inbox.status_"+v)
	case name == "format":
		return word(ctx, "format_"+v)
	case name == "urgent":
		return word(ctx, v)
	}
	return v
}

func stageName(ctx context.Context, v string) string {
	if v == string(contact.Former) {
		return i18n.T(ctx, "customers.stage_former")
	}
	return i18n.T(ctx, "common.stage_"+strings.ReplaceAll(v, "-", "_"))
}

// Does is an action as a line.
func (h House) Does(ctx context.Context, a automation.Act) string {
	how, _ := automation.ActionOf(a.Do)
	if korean := a.With["korean"]; korean != "" && i18n.Of(ctx).Locale == i18n.Korean {
		a.With = maps.Clone(a.With)
		a.With["text"] = korean
		if s := a.With["korean_subject"]; s != "" {
			a.With["subject"] = s
		}
	}
	var with []string
	for _, p := range how.Params {
		v := a.With[p.Name]
		switch {
		case v == "":
		case a.Do == "set":
			with = append(with, word(ctx, "param_"+p.Name)+" "+h.Value(ctx, p.Name, v))
		case p.Choose == "minutes":
			with = append(with, Span(ctx, v))
		case p.Choose == "days":
			with = append(with, Span(ctx, InMinutes(v, "days")))
		case p.Name == "korean", p.Name == "korean_subject":
		case a.Do == "http" && p.Name != "method" && p.Name != "address":
		default:
			key := p.Name
			if p.Choose != "" && p.Choose != "text" {
				key = p.Choose
			}
			with = append(with, Short(h.Value(ctx, key, v), 60))
		}
	}
	switch {
	case len(with) == 0:
		return word(ctx, "do_"+a.Do)
	case a.Do == "set":
		return word(ctx, "say_set", "list", strings.Join(with, ", "))
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
