package customers

import (
	"context"
	"strconv"
	"strings"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/i18n"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

func masked(ctx context.Context) bool { return team.From(ctx).Masked }

// callable is the number to dial, for those who may see it.
func callable(ctx context.Context, p contact.Profile) string {
	if masked(ctx) {
		return ""
	}
	for _, a := range p.Addresses {
		if a.Kind == contact.Phone {
			return a.Value
		}
	}
	return ""
}

func replyTime(ctx context.Context, s conversation.Sum) string {
	switch {
	case s.Answered == 0:
		return "–"
	case s.Reply < time.Minute:
		return i18n.Duration(ctx, s.Reply.Truncate(time.Second))
	}
	return i18n.Duration(ctx, s.Reply.Truncate(time.Minute))
}

func (p person) segments(ctx context.Context) (list []ui.Link) {
	for _, show := range []string{"", "conversations", "notes", "changes"} {
		word := "customers.show_" + show
		if show == "" {
			word = "customers.show_everything"
		}
		current := p.line.Show == show || show == "conversations" && p.line.Show == "open"
		list = append(list, ui.Link{Label: i18n.T(ctx, word), URL: p.shown(show) + "#line", Current: current})
	}
	return list
}

func (l line) empty() bool {
	if l.First && l.talks() && len(l.Now)+len(l.Ahead) > 0 {
		return false
	}
	return len(l.Past) == 0
}

func (l line) emptyWord() string {
	if l.Show == "" {
		return "customers.empty_line"
	}
	return "customers.empty_" + l.Show
}

// again is the address of this page of the line.
func (p person) again() string { return p.shown(p.line.Show) }

func subjectOf(ctx context.Context, c conversation.Conversation) string {
	if c.Subject == "" {
		return i18n.T(ctx, "customers.no_subject")
	}
	return c.Subject
}

func assigned(ctx context.Context, p person, c conversation.Conversation) string {
	if name := p.Names[c.Assignee]; name != "" {
		return " · " + name
	}
	return ""
}

func talkIcon(c conversation.Conversation) string {
	if c.Channel == "email" {
		return "mail"
	}
	return "message-circle"
}

func waitTone(ctx context.Context, c conversation.Conversation) string {
	if i18n.Of(ctx).Now.Sub(c.WaitingSince) > 24*time.Hour {
		return "warn"
	}
	return ""
}

func (k knot) bad() bool {
	return k.Kind == "contact.blocked" || k.Talk.Type == "complaint" || k.Talk.Severity == "major" || k.Talk.Severity == "critical"
}

// waits says how long somebody has been waiting for us, in its largest unit.
func waits(ctx context.Context, since time.Time) string {
	span := i18n.Of(ctx).Now.Sub(since)
	switch {
	case span < time.Minute:
		return i18n.T(ctx, "customers.waits_now")
	case span >= 24*time.Hour:
		span = span.Truncate(24 * time.Hour)
	case span >= time.Hour:
		span = span.Truncate(time.Hour)
	}
	return i18n.T(ctx, "customers.waits", "span", i18n.Duration(ctx, span.Truncate(time.Minute)))
}

// dayParts is a day, and the year on a line of its own where it is not this one.
func dayParts(ctx context.Context, t time.Time) []string {
	day, year := i18n.Day(ctx, t), strconv.Itoa(t.In(i18n.Of(ctx).Zone).Year())
	if before, after, ok := strings.Cut(day, "년 "); ok && before == year {
		return []string{before + "년", after}
	}
	if rest, ok := strings.CutSuffix(day, "\u00a0"+year); ok {
		return []string{rest, year}
	}
	return []string{day}
}
