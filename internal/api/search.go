package api

import (
	"context"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

func searching(rt *routes) {
	get(rt, "/search", "Find conversations, customers and companies by words", search,
		about("`next` leads to more conversations; customers and companies are on the first page only."))
}

// Found is what was found.
type Found struct {
	Kind         string        `json:"kind" enum:"conversation,contact,company"`
	ID           string        `json:"id"`
	Title        string        `json:"title"`
	Excerpt      string        `json:"excerpt"`
	MessageID    ref           `json:"message_id" doc:"The newest message that holds the words"`
	Conversation *Conversation `json:"conversation"`
}

// searchQuery is what is looked for.
type searchQuery struct {
	Q    string `query:"q" maxLength:"500" required:"true"`
	Kind string `query:"kind" enum:"conversation,contact,company" doc:"Only these"`
	Span
}

func search(ctx context.Context, tx *db.Tx, in *searchQuery) (out page[Found], err error) {
	if strings.TrimSpace(in.Q) == "" {
		return out, problem.For("q", "Say what to look for.")
	}
	a := team.From(ctx)
	if !a.Can(team.ReadConversations) && !a.Can(team.ReadContacts) {
		return out, team.Allow(ctx, team.ReadConversations)
	}
	out.Items = []Found{}
	first := in.Cursor == ""
	if first && a.Can(team.ReadContacts) && in.Kind != "conversation" {
		if err := in.people(ctx, tx, &out); err != nil {
			return out, err
		}
	}
	if !a.Can(team.ReadConversations) || in.Kind != "" && in.Kind != "conversation" {
		return out, nil
	}
	hits, next, err := conversation.Search(ctx, tx, in.Q, conversation.Filter{}, conversation.Page{After: in.Cursor, Limit: in.Limit})
	for _, h := range hits {
		c := showConversation(h.Conversation)
		out.Items = append(out.Items, Found{"conversation", c.ID, c.Subject, h.Excerpt.Text, refOf(h.Message), &c})
	}
	if next != "" {
		out.Next = &next
	}
	return out, err
}

// fewPeople is how many customers and companies stand before the conversations.
const fewPeople = 5

func (in *searchQuery) people(ctx context.Context, tx *db.Tx, out *page[Found]) error {
	most := fewPeople
	if in.Kind != "" {
		most = in.Limit
	}
	if in.Kind != "company" {
		l, _, err := contact.List(ctx, tx, contact.Filter{Query: in.Q, Limit: most})
		if err != nil {
			return err
		}
		for _, c := range l {
			out.Items = append(out.Items, Found{"contact", c.ID.String(), c.Name, c.Email, "", nil})
		}
	}
	if in.Kind != "contact" {
		l, _, err := contact.Companies(ctx, tx, contact.CompanyFilter{Query: in.Q, Limit: most})
		if err != nil {
			return err
		}
		for _, o := range l {
			out.Items = append(out.Items, Found{"company", o.ID.String(), o.Name, o.Industry, "", nil})
		}
	}
	return nil
}
