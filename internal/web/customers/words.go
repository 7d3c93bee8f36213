package customers

import (
	"context"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/i18n"
	"baraji/internal/segment"
	"baraji/internal/team"
	"baraji/internal/web/ui"

	"github.com/a-h/templ"
)

func personURL(id contact.ID) string { return "/customers/" + id.String() }

func companyURL(id contact.CompanyID) string { return "/companies/" + id.String() }

// talkURL is where a conversation is read.
func talkURL(id conversation.ID) string { return "/inbox/" + id.String() }

// nameOf is a person's name, or what stands in its place.
func nameOf(ctx context.Context, c contact.Contact) string {
	if c.Name == "" {
		return i18n.T(ctx, "customers.nameless")
	}
	return c.Name
}

// underName is the second line of a person on a narrow screen.
func underName(company string, c contact.Contact) string {
	var said []string
	for _, s := range []string{company, c.Email, c.Phone} {
		if s != "" && s != c.Name {
			said = append(said, s)
		}
	}
	return strings.Join(said[:min(2, len(said))], " · ")
}

// stageWord is what a stage is called.
func stageWord(ctx context.Context, s contact.Stage) string {
	switch s {
	case "":
		return i18n.T(ctx, "customers.stage_none")
	case contact.Former:
		return i18n.T(ctx, "customers.stage_former")
	}
	return i18n.T(ctx, "common.stage_"+strings.ReplaceAll(string(s), "-", "_"))
}

func stageOptions(ctx context.Context, none string) []ui.Option {
	list := []ui.Option{{Label: none}}
	for _, s := range contact.Stages {
		list = append(list, ui.Option{Value: string(s), Label: stageWord(ctx, s)})
	}
	return list
}

func ownerOptions(people []team.Person, none string) []ui.Option {
	list := []ui.Option{{Label: none}}
	for _, p := range people {
		list = append(list, ui.Option{Value: p.ID.String(), Label: p.Name})
	}
	return list
}

func fieldOptions(ctx context.Context, fields []contact.Field) []ui.Option {
	list := []ui.Option{{Label: i18n.T(ctx, "customers.any")}}
	for _, f := range fields {
		list = append(list, ui.Option{Value: f.Key, Label: fieldLabel(ctx, f)})
	}
	return list
}

func fieldLabel(ctx context.Context, f contact.Field) string {
	if i18n.Of(ctx).Locale == i18n.Korean {
		return f.Korean
	}
	return f.English
}

// languageOptions are the languages that a person may be written to in.
func languageOptions(ctx context.Context, chosen string) []ui.Option {
	list := []ui.Option{{Label: i18n.T(ctx, "customers.unknown")}}
	known := false
	for _, l := range []string{"ko", "en", "ja", "zh", "de", "fr", "es", "pt", "it", "nl", "ru", "vi", "th", "id"} {
		list = append(list, ui.Option{Value: l, Label: languageWord(ctx, l)})
		known = known || l == chosen
	}
	if chosen != "" && !known {
		list = append(list, ui.Option{Value: chosen, Label: chosen})
	}
	return list
}

// languageWord is the name of a language, or its tag.
func languageWord(ctx context.Context, l string) string {
	if key := "customers.language_" + l; i18n.Has(key) {
		return i18n.T(ctx, key)
	}
	return l
}

// companyList makes an input offer the names of companies while one types.
func companyList() templ.Attributes {
	return templ.Attributes{"list": "company-names", "autocomplete": "off", "hx-get": "/companies/names", "hx-trigger": "input changed delay:200ms, focus once",
		"hx-target": "#company-names", "hx-swap": "outerHTML"}
}

func (p people) noneHint(ctx context.Context) string {
	switch {
	case p.Unknown != "":
		return i18n.T(ctx, "customers.no_company", "name", p.Unknown)
	case p.Asked != "":
		return i18n.T(ctx, "customers.none_for", "words", p.Asked)
	}
	return i18n.T(ctx, "customers.none_filtered")
}

// again is the address of this very page of the list.
func (p people) again() string { return p.self }

// wider is the list with the words only.
func (p people) wider() string {
	q := narrowing(nil)
	if p.Asked != "" {
		q.Set("q", p.Asked)
	}
	return address("/customers", q)
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func segmentOptions(list []segment.Segment, none string) []ui.Option {
	out := []ui.Option{{Label: none}}
	for _, s := range list {
		out = append(out, ui.Option{Value: s.ID.String(), Label: s.Name})
	}
	return out
}
