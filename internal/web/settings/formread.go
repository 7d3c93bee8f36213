package settings

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	forms "baraji/internal/form"
	"baraji/internal/inbox"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/web/desk"
)

// read takes the form from the page. Questions stand in the order in which their rows do: q=3&q=1 with q.3.label.ko=….
func (p *paper) read(r *http.Request) {
	p.Name, p.Slug = strings.TrimSpace(r.FormValue("name")), strings.TrimSpace(r.FormValue("slug"))
	p.Inbox, _ = id.Read[inbox.ID](r.FormValue("inbox"))
	d := forms.Definition{Title: desk.Text(r, "title"), Intro: desk.Text(r, "intro"), Button: desk.Text(r, "button"), Thanks: desk.Text(r, "thanks"), Type: r.FormValue("type"),
		Tags: words(r.FormValue("tags")), Help: r.FormValue("help") != "", Confirm: r.FormValue("confirm") != "", Origins: words(r.FormValue("origins"))}
	for _, row := range r.Form["q"] {
		f := question(r, "q."+row+".")
		if o, ok := p.own(f.As); ok {
			o.Shape(&f)
		}
		d.Fields = append(d.Fields, f)
	}
	for i := range d.Fields {
		d.Fields[i].When = condition(r, "q."+r.Form["q"][i]+".", d.Fields[:i])
	}
	p.Definition = d
}

// own is the own field that answers to a question fill.
func (p *paper) own(as string) (forms.Own, bool) {
	i := slices.IndexFunc(p.Owns, func(o forms.Own) bool { return o.As == as })
	if i < 0 {
		return forms.Own{}, false
	}
	return p.Owns[i], true
}

// words are parted by commas or spaces.
func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\r' || r == '\t' })
}

func question(r *http.Request, at string) forms.Field {
	f := forms.Field{Key: strings.TrimSpace(r.FormValue(at + "key")), Kind: forms.Kind(r.FormValue(at + "kind")), Label: desk.Text(r, at+"label"), Help: desk.Text(r, at+"help"),
		Required: r.FormValue(at+"required") != "", Default: strings.TrimSpace(r.FormValue(at + "default")), As: r.FormValue(at + "as"),
		Min: boundOf(r.FormValue(at + "min")), Max: boundOf(r.FormValue(at + "max"))}
	if f.Kind == forms.Choice || f.Kind == forms.Choices {
		f.Choices = choices(desk.Text(r, at+"choices"))
	}
	return f
}

// choices are written one a line, in both languages beside each other.
func choices(t forms.Text) (list []forms.Option) {
	ko, en := lineList(t[i18n.Korean]), lineList(t[i18n.English])
	for i := range max(len(ko), len(en)) {
		o := forms.Option{Label: forms.Text{}}
		if i < len(ko) {
			o.Label[i18n.Korean] = ko[i]
		}
		if i < len(en) {
			o.Label[i18n.English] = en[i]
		}
		o.Value = o.Label.In(i18n.English)
		list = append(list, o)
	}
	return list
}

func lineList(s string) (list []string) {
	for line := range strings.SplitSeq(s, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

func boundOf(s string) *float64 {
	n, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil {
		return nil
	}
	return &n
}

// condition: the answers are written as one reads them, in either language.
func condition(r *http.Request, at string, before []forms.Field) *forms.Condition {
	key := r.FormValue(at + "when")
	if key == "" {
		return nil
	}
	c := &forms.Condition{Field: key}
	i := slices.IndexFunc(before, func(f forms.Field) bool { return f.Key == key })
	for word := range strings.SplitSeq(r.FormValue(at+"is"), ",") {
		if word = strings.TrimSpace(word); word == "" {
			continue
		}
		if i >= 0 {
			for _, o := range before[i].Choices {
				if o.Label[i18n.Korean] == word || o.Label[i18n.English] == word {
					word = o.Value
				}
			}
		}
		c.Is = append(c.Is, word)
	}
	return c
}

// rearrange adds a question, or moves or drops one: what is on the page changes, nothing is saved.
func (p *paper) rearrange(do, kind string) {
	what, at, _ := strings.Cut(do, ":")
	i, err := strconv.Atoi(at)
	there := err == nil && i >= 0 && i < len(p.Fields)
	switch {
	case what == "add":
		f := forms.Field{Key: p.freeKey(kind), Kind: forms.Kind(kind)}
		if o, ok := p.own(kind); ok {
			_, key, _ := strings.Cut(kind, ":")
			f = o.Ask(p.free(key))
		}
		p.Fields, p.Focus = append(p.Fields, f), f.Key
	case what == "up" && there && i > 0:
		p.Focus = p.Fields[i].Key
		p.Fields[i-1], p.Fields[i] = p.Fields[i], p.Fields[i-1]
	case what == "down" && there && i < len(p.Fields)-1:
		p.Focus = p.Fields[i].Key
		p.Fields[i+1], p.Fields[i] = p.Fields[i], p.Fields[i+1]
	case what == "drop" && there:
		p.Fields = slices.Delete(p.Fields, i, i+1)
		if len(p.Fields) > 0 {
			p.Focus = p.Fields[min(i, len(p.Fields)-1)].Key
		}
	}
}

// freeKey is a key that no question has.
func (p *paper) freeKey(kind string) string {
	if !slices.Contains(forms.Kinds, forms.Kind(kind)) {
		kind = string(forms.Line)
	}
	return p.free(kind)
}

// free is the word itself, or with a number behind it where a question has it already.
func (p *paper) free(word string) string {
	for n := 1; ; n++ {
		key := word
		if n > 1 {
			key = fmt.Sprintf("%.36s_%d", word, n)
		}
		if _, taken := p.Field(key); !taken {
			return key
		}
	}
}

// starts are the beginnings of a form.
var starts = []string{"question", "return", "blank"}

// starter is a form to begin with.
func starter(start, name string) forms.Definition {
	yes := func(f forms.Field) forms.Field { f.Required = true; return f }
	f := func(key string, k forms.Kind) forms.Field {
		return forms.Field{Key: key, Kind: k, Label: beginning(key)}
	}
	who, mail := f("name", forms.Line), yes(f("email", forms.Email))
	who.As = forms.AsName
	d := forms.Definition{Title: forms.Text{i18n.Korean: name, i18n.English: name}, Help: true, Fields: []forms.Field{who, mail}}
	switch start {
	case "question":
		about := yes(f("about", forms.Line))
		about.As = forms.AsSubject
		d.Fields = append(d.Fields, about, yes(f("message", forms.Long)), f("file", forms.Upload), yes(f("consent", forms.Consent)))
	case "return":
		reason := yes(f("reason", forms.Choice))
		for _, value := range []string{"broken", "wrong", "unwanted"} {
			reason.Choices = append(reason.Choices, forms.Option{Value: value, Label: beginning(value)})
		}
		photo := f("photo", forms.Upload)
		photo.When = &forms.Condition{Field: "reason", Is: []string{"broken", "wrong"}}
		d.Type = "exchange"
		d.Fields = append(d.Fields, f("phone", forms.Phone), yes(f("order", forms.Line)), reason, photo, yes(f("message", forms.Long)), yes(f("consent", forms.Consent)))
	}
	return d
}

// beginning is what a beginning says, in both languages.
func beginning(key string) forms.Text { return i18n.Every("form.start_" + key) }
