package portal

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/form"
	"baraji/internal/kit/i18n"
	"baraji/internal/web/ui"
)

func subjectOf(ctx context.Context, c conversation.Conversation) string {
	if c.Subject == "" {
		return t(ctx, "no_subject")
	}
	return c.Subject
}

func number(c conversation.Conversation) string { return strconv.FormatInt(c.Number, 10) }

func stamp(at time.Time) string { return at.UTC().Format(time.RFC3339) }

// speaker is who says a line: the customer himself, a colleague of his, or who of the firm.
func speaker(ctx context.Context, p talk, m conversation.Message) string {
	switch {
	case m.Kind == conversation.FromCustomer && p.Mine:
		return t(ctx, "you")
	case m.Kind == conversation.FromCustomer:
		return p.ContactName
	case m.FromName != "" && m.Kind == conversation.FromAgent:
		return m.FromName + " · " + ui.ShopName(ctx)
	}
	return ui.ShopName(ctx)
}

func answerLabel(ctx context.Context, p talk) string {
	if p.Status == conversation.Solved {
		return t(ctx, "answer_again")
	}
	return t(ctx, "answer")
}

func noneHead(ctx context.Context, p talks) string {
	if p.Solved {
		return t(ctx, "none_solved")
	}
	return t(ctx, "none")
}

// formURL is a form with what is known of the guest filled in.
func formURL(ctx context.Context, p question, f form.Form) string {
	q := url.Values{"lang": {string(i18n.Of(ctx).Locale)}}
	if x, ok := f.First(form.Email); ok {
		q.Set(x.Key, p.Address)
	}
	for _, x := range f.Fields {
		if x.As == form.AsName && p.Contact.Name != "" {
			q.Set(x.Key, p.Contact.Name)
		}
	}
	return "/f/" + f.Slug + "?" + q.Encode()
}
