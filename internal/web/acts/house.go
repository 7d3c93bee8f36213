package acts

import (
	"context"
	"slices"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/hookin"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/oncall"
	"baraji/internal/segment"
	"baraji/internal/slack"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// House is what conditions and actions are picked from.
type House struct {
	Teams    []team.Team
	People   []team.Person
	Inboxes  []inbox.Inbox
	Services []oncall.Service
	Talks    []conversation.Field
	Contacts []contact.Field
	Firms    []contact.Field
	Rooms    []slack.Channel   // of Slack
	Hooks    []hookin.Named    // incoming webhooks, for who may see them
	Segments []segment.Segment // of customers, likewise
}

// Read reads it.
func (h *House) Read(ctx context.Context, tx *db.Tx) (err error) {
	if h.Teams, err = team.Teams(ctx, tx); err != nil {
		return err
	}
	if h.People, err = team.People(ctx, tx, team.Filter{State: team.Active}); err != nil {
		return err
	}
	if h.Inboxes, err = inbox.List(ctx, tx); err != nil {
		return err
	}
	if h.Services, err = oncall.Services(ctx, tx); err != nil {
		return err
	}
	if team.From(ctx).Can(team.Handle) {
		if h.Rooms, err = slack.Channels(ctx, tx, "", 0); err != nil {
			return err
		}
	}
	if h.Talks, err = conversation.Fields(ctx, tx); err != nil {
		return err
	}
	if h.Contacts, err = contact.Fields(ctx, tx, contact.OfContact); err != nil {
		return err
	}
	h.Firms, err = contact.Fields(ctx, tx, contact.OfCompany)
	return err
}

// Fields are own fields, by key.
func (h House) Fields(ctx context.Context, of string) (list []ui.Option) {
	korean := i18n.Of(ctx).Locale == i18n.Korean
	add := func(key, en, ko string) {
		name := en
		if korean && ko != "" || en == "" {
			name = ko
		}
		list = append(list, ui.Option{Value: key, Label: name})
	}
	switch of {
	case "conversation_field":
		for _, f := range h.Talks {
			add(f.Key, f.English, f.Korean)
		}
	case "contact_field":
		for _, f := range h.Contacts {
			add(f.Key, f.English, f.Korean)
		}
	case "hook_value":
		for _, k := range h.Hooks {
			for _, v := range k.Values {
				if !slices.ContainsFunc(list, func(o ui.Option) bool { return o.Value == v }) {
					list = append(list, ui.Option{Value: v, Label: v})
				}
			}
		}
	case "segment":
		for _, s := range h.Segments {
			list = append(list, ui.Option{Value: s.ID.String(), Label: i18n.T(ctx, "rules.in_segment", "name", s.Name)})
		}
	case "company_field":
		for _, f := range h.Firms {
			add(f.Key, f.English, f.Korean)
		}
	}
	return list
}

// Choices are what a field or a param is picked from; none: it is typed.
func (h House) Choices(ctx context.Context, choose string) (list []ui.Option) {
	switch choose {
	case "team":
		for _, x := range h.Teams {
			list = append(list, ui.Option{Value: x.ID.String(), Label: x.Name})
		}
	case "person":
		for _, p := range h.People {
			list = append(list, ui.Option{Value: p.ID.String(), Label: p.Name})
		}
	case "inbox":
		for _, b := range h.Inboxes {
			list = append(list, ui.Option{Value: b.ID.String(), Label: b.Name})
		}
	case "hook":
		for _, k := range h.Hooks {
			list = append(list, ui.Option{Value: k.ID.String(), Label: k.Name})
		}
	case "service":
		for _, s := range h.Services {
			list = append(list, ui.Option{Value: s.ID.String(), Label: s.Name})
		}
	case "slack_channel":
		for _, c := range h.Rooms {
			list = append(list, ui.Option{Value: c.ID, Label: "#" + c.Name})
		}
	case "conversation_field", "contact_field", "company_field":
		return h.Fields(ctx, choose)
	}
	return list
}
