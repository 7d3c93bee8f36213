package inbox

import (
	"context"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/form"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/oncall"
	"baraji/internal/promise"
	"baraji/internal/routing"
	"baraji/internal/team"
)

// side is the customer at the right.
type side struct {
	Promises []promise.Promise // to the customer
	Known    bool              // whoever looks may see him, and he is still there
	Person   contact.Profile
	Fields   []contact.Field
	Claims   []form.Claim // what was said of him in a form, for his own fields
	Notes    []contact.Note
	Past     []conversation.Conversation
	More     bool // of the past
	Tags     []string
	Routed   []routing.Decision // the last first
	Calls    []oncall.Page      // the last first
	Pages    bool               // there is a service that one could page
}

const pastShown = 6

func readSide(ctx context.Context, tx *db.Tx, c conversation.Conversation) (s side, err error) {
	err = tx.Together(ctx,
		db.Into(ctx, &s.Tags, conversation.Tags),
		func(tx *db.Tx) (err error) { s.Routed, err = routing.Decisions(ctx, tx, c.ID); return err },
		func(tx *db.Tx) (err error) { s.Calls, s.Pages, err = oncall.About(ctx, tx, c.ID); return err },
		func(tx *db.Tx) error { return s.readPast(ctx, tx, c) },
		func(tx *db.Tx) (err error) { s.Promises, err = promise.OfContact(ctx, tx, c.Contact, 2); return err },
		func(tx *db.Tx) error { return s.readPerson(ctx, tx, c.Contact) },
	)
	return s, err
}

func (s *side) readPast(ctx context.Context, tx *db.Tx, c conversation.Conversation) error {
	past, next, err := conversation.List(ctx, tx, conversation.Filter{Contact: c.Contact}, conversation.Page{Limit: pastShown + 1})
	for _, p := range past {
		if p.ID != c.ID && len(s.Past) < pastShown {
			s.Past = append(s.Past, p)
		}
	}
	s.More = next != ""
	return err
}

func (s *side) readPerson(ctx context.Context, tx *db.Tx, id contact.ID) (err error) {
	s.Person, err = contact.Whole(ctx, tx, id)
	if k := problem.KindOf(err); err != nil && (k == problem.NotFound || k == problem.Forbidden) {
		return nil
	}
	if err != nil {
		return err
	}
	s.Known = true
	return tx.Together(ctx,
		func(tx *db.Tx) (err error) { s.Notes, err = contact.Notes(ctx, tx, id); return err },
		func(tx *db.Tx) (err error) { s.Claims, err = form.ClaimsOf(ctx, tx, id); return err },
		func(tx *db.Tx) (err error) { s.Fields, err = contact.Fields(ctx, tx, contact.OfContact); return err },
	)
}

// lineAt says where on his line a customer stands: the parts in order, and which
// is now.
func lineAt(stage contact.Stage) (parts []linePart) {
	for _, p := range []contact.Stage{contact.PreSale, contact.Onboarding, contact.PostSale, contact.Renewal} {
		parts = append(parts, linePart{Stage: p, Here: p == stage})
		if p == stage {
			break
		}
	}
	for len(parts) < 4 {
		parts = append(parts, linePart{})
	}
	return parts
}

type linePart struct {
	Stage contact.Stage // "" lies ahead
	Here  bool
}

func (p linePart) class() string {
	class := map[contact.Stage]string{contact.PreSale: "k-pre", contact.Onboarding: "k-start", contact.PostSale: "k-care", contact.Renewal: "k-again"}[p.Stage]
	if p.Stage == contact.PostSale {
		class += " w4"
	}
	if p.Here {
		class += " here"
	}
	return class
}

// fieldLabel is an own field's name in the reader's language.
func fieldLabel(ctx context.Context, f contact.Field) string {
	if i18n.Of(ctx).Locale == i18n.Korean && f.Korean != "" {
		return f.Korean
	}
	return f.English
}

// role is what somebody is in his company, in one line.
func (s side) role() string {
	switch {
	case s.Person.CompanyName == "":
		return s.Person.Title
	case s.Person.Title == "":
		return s.Person.CompanyName
	}
	return s.Person.CompanyName + " · " + s.Person.Title
}

// ownerName is the colleague who knows the customer.
func (s side) ownerName(people map[team.ID]string) string { return people[s.Person.Owner] }

// teamName is the name of a team; "" of none.
func teamName(teams []team.Team, id team.TeamID) string {
	for _, t := range teams {
		if t.ID == id {
			return t.Name
		}
	}
	return ""
}
