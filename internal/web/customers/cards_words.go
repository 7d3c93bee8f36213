package customers

import (
	"context"
	"strconv"
	"strings"
	"time"

	"baraji/internal/contact"
	"baraji/internal/kit/i18n"
	"baraji/internal/team"
	"baraji/internal/web/ui"

	"github.com/a-h/templ"
)

// act makes a button send a request and put the answer in place of a card.
func act(url, target string) templ.Attributes {
	return templ.Attributes{"hx-post": url, "hx-target": target, "hx-swap": "outerHTML"}
}

// asking adds a question: for what cannot be undone.
func asking(ctx context.Context, a templ.Attributes, word string) templ.Attributes {
	a["hx-confirm"] = i18n.T(ctx, word)
	return a
}

func (p person) addressURL(a contact.Address, act string) string {
	return personURL(p.ID) + "/addresses/" + a.ID.String() + "/" + act
}

func (p person) noteURL(n contact.Note, act string) string {
	return personURL(p.ID) + "/notes/" + n.ID.String() + "/" + act
}

func (p person) unmergeURL(m contact.MergeID) string {
	return personURL(p.ID) + "/unmerge/" + m.String()
}

func kindOptions(ctx context.Context) (list []ui.Option) {
	for _, k := range []contact.Kind{contact.Email, contact.Phone, contact.External} {
		list = append(list, ui.Option{Value: string(k), Label: kindWord(ctx, k)})
	}
	return list
}

// kindWord is what a kind of address is called; a channel's is called as the channel.
func kindWord(ctx context.Context, k contact.Kind) string {
	if key := "customers.kind_" + string(k); i18n.Has(key) {
		return i18n.T(ctx, key)
	}
	return string(k)
}

func kindIcon(k contact.Kind) string {
	switch k {
	case contact.Email:
		return "mail"
	case contact.Phone:
		return "phone"
	case contact.External:
		return "hash"
	}
	return "message-circle"
}

func addressState(ctx context.Context, a contact.Address) string {
	said := []string{kindWord(ctx, a.Kind)}
	if a.Primary {
		said = append(said, i18n.T(ctx, "customers.first"))
	}
	if a.Verified {
		said = append(said, i18n.T(ctx, "customers.verified"))
	}
	return strings.Join(said, " · ")
}

func companyFacts(ctx context.Context, o contact.Company) string {
	var said []string
	for _, s := range []string{o.Industry, o.Size, o.Tier} {
		if s != "" {
			said = append(said, s)
		}
	}
	if o.Value > 0 && o.Currency != "" {
		said = append(said, i18n.Money(ctx, o.Value, o.Currency))
	}
	return strings.Join(said, " · ")
}

func (p person) ownerChoices(ctx context.Context) []ui.Option {
	list := ownerOptions(p.Owners, i18n.T(ctx, "customers.nobody"))
	for _, o := range list {
		if o.Value == ownerID(p.Owner) {
			return list
		}
	}
	return append(list, ui.Option{Value: ownerID(p.Owner), Label: p.Names[p.Owner]}) // one who has left
}

func ownerID(who team.ID) string {
	if who == 0 {
		return ""
	}
	return who.String()
}

func yearOf(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func choiceOptions(ctx context.Context, f contact.Field) []ui.Option {
	list := []ui.Option{{Label: "–"}}
	for _, c := range f.Choices {
		list = append(list, ui.Option{Value: c, Label: c})
	}
	return list
}

func fieldInput(t contact.FieldType) string {
	if t == contact.DateField {
		return "date"
	}
	return "text"
}

func fieldKeys(t contact.FieldType) string {
	if t == contact.NumberField {
		return "decimal"
	}
	return ""
}

func fieldMax(t contact.FieldType) int {
	if t == contact.TextField {
		return 500
	}
	return 0
}

// ownValue is a value as it is read: dates and whole numbers in the reader's way.
func ownValue(ctx context.Context, f contact.Field, v string) string {
	switch f.Type {
	case contact.DateField:
		if t, err := time.ParseInLocation(time.DateOnly, v, i18n.Of(ctx).Zone); err == nil {
			return i18n.Day(ctx, t)
		}
	case contact.NumberField:
		if n, err := strconv.ParseInt(v, 10, 64); err == nil {
			return i18n.Number(ctx, n)
		}
	}
	return v
}

// newNote keeps the words of a note that came back, unless they belong to another.
func (p person) newNote() string {
	if p.Which != "" {
		return ""
	}
	return p.typed("text", "")
}

func (p person) newNoteError() string {
	if p.Which != "" {
		return ""
	}
	return p.wrong("notes", "text")
}

func mayChange(ctx context.Context, n contact.Note) bool {
	me := team.From(ctx).Person
	return me != 0 && me == n.Author || may(ctx, team.EditContacts)
}
