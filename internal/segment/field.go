package segment

import (
	"context"
	"slices"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
)

// Field is something that a segment can look at. Its word on the page is "segments.field_" + the key with "_" for ".".
type Field struct {
	Key     string // such as "customer.stage"; one that ends with "." is followed by the key of an own field
	Kind    Kind
	Choose  string          // what a choice is picked from: "person", "tag", "zone", …; "" is Choices, or whatever one types
	Choices func() []string // of a word; nil: any
	Hidden  bool            // from those who see masked data only

	own   bool                             // one that the firm has defined
	where func(b *builder, i If) string    // what must be so; of opposites the other one is asked for
	Label struct{ English, Korean string } // of an own field
}

func words[T ~string](list []T) func() []string {
	return func() (out []string) {
		for _, w := range list {
			out = append(out, string(w))
		}
		return out
	}
}

// Fields lists what segments can look at, in the order of the page. A new one is a line here and its word in the catalogues.
var Fields = slices.Concat(customerFields, companyFields, talkFields)

var customerFields = []Field{
	{Key: "customer.stage", Kind: Word, Choices: words(contact.Stages), where: word("c.stage")},
	{Key: "customer.tags", Kind: Many, Choose: "tag", where: tagged},
	{Key: "customer.language", Kind: Word, Choices: words([]string{"ko", "en", "ja", "zh", "de", "fr", "es", "vi"}), where: word("c.language")},
	{Key: "customer.zone", Kind: Word, Choose: "zone", where: word("c.time_zone")},
	{Key: "customer.industry", Kind: Text, where: text("c.industry")},
	{Key: "customer.persona", Kind: Text, where: text("c.persona")},
	{Key: "customer.title", Kind: Text, where: text("c.title")},
	{Key: "customer.name", Kind: Text, Hidden: true, where: text("c.name")}, // it may be an address
	{Key: "customer.email", Kind: Text, Hidden: true, where: text("c.email")},
	{Key: "customer.phone", Kind: Text, Hidden: true, where: text("c.phone")},
	{Key: "customer.gender", Kind: Text, Hidden: true, where: text("c.gender")},
	{Key: "customer.region", Kind: Text, Hidden: true, where: text("c.region")},
	{Key: "customer.birth_year", Kind: Number, Hidden: true, where: birthYear},
	{Key: "customer.owner", Kind: Word, Choose: "person", where: keyed("c.owner_id")},
	{Key: "customer.consent", Kind: Flag, where: consented},
	{Key: "customer.blocked", Kind: Flag, where: func(*builder, If) string { return `c.blocked <> ''` }},
	{Key: "customer.seen_at", Kind: Moment, where: moment("c.last_seen_at")},
	{Key: "customer.created_at", Kind: Moment, where: moment("c.created_at")},
	{Key: "customer.field.", Kind: Text, Choose: "contact_field", Hidden: true, own: true, where: ownOf("c.id")},
}

var companyFields = []Field{
	{Key: "company.name", Kind: Text, where: ofCompany(text("o.name"))},
	{Key: "company.tier", Kind: Text, where: ofCompany(text("o.tier"))},
	{Key: "company.industry", Kind: Text, where: ofCompany(text("o.industry"))},
	{Key: "company.size", Kind: Text, where: ofCompany(text("o.size"))},
	{Key: "company.value", Kind: Number, where: ofCompany(money("o.value", "o.currency"))},
	{Key: "company.owner", Kind: Word, Choose: "person", where: ofCompany(keyed("o.owner_id"))},
	{Key: "company.field.", Kind: Text, Choose: "company_field", own: true, where: ownOf("c.company_id")},
}

var talkFields = []Field{
	{Key: "talk.open", Kind: Number, where: talks(`t.status <> 'solved'`)},
	{Key: "talk.all", Kind: Number, where: talks(``)},
	{Key: "talk.complaints", Kind: Number, where: talks(`t.type = 'complaint'`)},
	{Key: "talk.last_at", Kind: Moment, where: lastTalk},
	{Key: "talk.tags", Kind: Many, Choose: "conversation_tag", where: talkTagged},
}

// FieldOf finds a field by its key, and which own field is meant.
func FieldOf(key string) (f Field, name string) {
	for _, f := range Fields {
		if f.Key == key && !f.own {
			return f, ""
		}
		if name, ok := strings.CutPrefix(key, f.Key); ok && f.own && name != "" {
			return f, name
		}
	}
	return Field{}, ""
}

// own are the fields that the firm has defined, by the key of the condition.
type own map[string]contact.Field

func ownFields(ctx context.Context, tx *db.Tx) (own, error) {
	all := own{}
	for prefix, holder := range map[string]contact.Holder{"customer.field.": contact.OfContact, "company.field.": contact.OfCompany} {
		list, err := contact.Fields(ctx, tx, holder)
		if err != nil {
			return nil, err
		}
		for _, f := range list {
			all[prefix+f.Key] = f
		}
	}
	return all, nil
}

// field finds a field with the kind that an own one has; the zero Field where it was removed.
func (o own) field(key string) (Field, contact.Field) {
	f, name := FieldOf(key)
	if name == "" {
		return f, contact.Field{}
	}
	is, ok := o[key]
	if !ok {
		return Field{}, is
	}
	f.Key, f.Label.English, f.Label.Korean = key, is.English, is.Korean
	f.Kind = kindOf(is)
	if f.Kind == Word {
		f.Choices = func() []string { return is.Choices }
	}
	return f, is
}

func kindOf(is contact.Field) Kind {
	switch is.Type {
	case contact.NumberField:
		return Number
	case contact.DateField:
		return Date
	case contact.ChoiceField:
		return Word
	}
	return Text
}

// All lists the fields with each that the firm has defined in its place.
func All(ctx context.Context, tx *db.Tx) (list []Field, err error) {
	all, err := ownFields(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, f := range Fields {
		if !f.own {
			list = append(list, f)
			continue
		}
		var mine []contact.Field
		for key, is := range all {
			if strings.HasPrefix(key, f.Key) {
				mine = append(mine, is)
			}
		}
		slices.SortFunc(mine, func(a, b contact.Field) int { return a.Rank*1000 - b.Rank*1000 + strings.Compare(a.Key, b.Key) })
		for _, is := range mine {
			one, _ := all.field(f.Key + is.Key)
			list = append(list, one)
		}
	}
	return list, nil
}
