package settings

import (
	"context"
	"strings"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/moment"
)

// aheadBoard is what is coming, with what it is called.
type aheadBoard struct {
	moment.Ahead
	Each  string            // what a schedule is about
	Names map[string]string // of conversations, customers and companies
}

func (a *aheadBoard) read(ctx context.Context, tx *db.Tx) error {
	a.Names = map[string]string{}
	for _, d := range a.Due {
		name, err := calledAs(ctx, tx, d.Subject)
		if problem.KindOf(err) == problem.NotFound {
			continue
		}
		if err != nil {
			return err
		}
		a.Names[d.Subject] = name
	}
	return nil
}

// calledAs is what a conversation, a customer or a company is called.
func calledAs(ctx context.Context, tx *db.Tx, subject string) (string, error) {
	if talk, err := id.Read[conversation.ID](subject); err == nil {
		titles, err := conversation.Titles(ctx, tx, []conversation.ID{talk})
		return titles[talk], err
	}
	if who, err := id.Read[contact.ID](subject); err == nil {
		c, err := contact.Get(ctx, tx, who)
		return c.Name, err
	}
	firm, err := id.Read[contact.CompanyID](subject)
	if err != nil {
		return "", problem.New(problem.NotFound, "This company is not there.")
	}
	o, err := contact.OneCompany(ctx, tx, firm)
	return o.Name, err
}

// link leads to what is due; nothing where it is gone.
func (a aheadBoard) link(subject string) string {
	kind, _, _ := strings.Cut(subject, "_")
	at := map[string]string{"cnv": "/inbox/", "con": "/customers/"}[kind]
	if at == "" {
		at = "/companies/"
	}
	if a.Names[subject] == "" {
		return ""
	}
	return at + subject
}

// says is what is coming in a sentence.
func (a aheadBoard) says(ctx context.Context) string {
	switch {
	case a.More:
		return rw(ctx, "ahead_many", "n", a.Count)
	case len(a.Times) == 0:
		return rw(ctx, "ahead_due", "n", a.Count)
	case a.Each == "":
		return rw(ctx, "ahead_next")
	}
	return rw(ctx, "ahead_now", "n", a.Count)
}

func aheadAt(ctx context.Context, at time.Time) string {
	return i18n.Moment(ctx, at)
}
