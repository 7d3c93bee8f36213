// Package sheet is a form as customers see it: on its own page, in a frame on the firm's site, and in the preview of
// whoever builds it.
package sheet

import (
	"context"
	"strings"

	"baraji/internal/form"
	"baraji/internal/kit/i18n"
	"baraji/internal/knowledge"
	"baraji/internal/web/ui"
)

// Names of what a page carries beside its answers. They hold a hyphen, which no key of a field does.
const (
	StampField = "form-stamp"
	TrapField  = "form-website" // people do not see it
	KeptField  = "form-kept"
	DoField    = "form-do"
	Look       = "look" // of DoField: articles first
)

// Sheet is a form as it is shown: empty, or as it came back.
type Sheet struct {
	form.Definition
	Page
	Stamp  string
	Given  form.Answers
	Kept   []Kept
	Errors ui.Errors
	Over   string // what is wrong with the whole of it
	Issues []knowledge.Page
	Found  []knowledge.Hit // what may answer it, looked for without scripts
	Looked bool
	Expect string // when he is answered
	Try    bool   // a preview: nothing can be sent
}

// Page is where a form is shown.
type Page struct {
	Slug   string
	Locale i18n.Locale
	Frame  bool // on another site
}

// Kept is a file that came with a form which has to be sent once more.
type Kept struct {
	form.File
	Sealed string // where it lies, for nobody to read
}

// Path is where the form is, in its language.
func (p Page) Path() string {
	s := "/f/" + p.Slug
	if p.Frame {
		s += "/embed"
	}
	return s + "?lang=" + string(p.Locale)
}

// Other is the same page in another language.
func (p Page) Other(l i18n.Locale) string {
	p.Locale = l
	return p.Path()
}

func (p Page) helpPath() string { return "/f/" + p.Slug + "/help?lang=" + string(p.Locale) }

func (p Page) helpedPath() string {
	if p.Frame {
		return "/f/" + p.Slug + "/embed/helped?lang=" + string(p.Locale)
	}
	return "/f/" + p.Slug + "/helped?lang=" + string(p.Locale)
}

// called is how a field is called that has an error.
func (s Sheet) called(key string) string {
	if f, ok := s.Field(key); ok {
		return beginning(f.Called(s.Locale))
	}
	return key
}

// beginning is as much of a question as names it: a consent may be long.
func beginning(s string) string {
	if r := []rune(s); len(r) > 40 {
		return strings.TrimRight(string(r[:39]), " ") + "…"
	}
	return s
}

// upload is the field of a file: it says how large one may be.
func (s Sheet) upload(ctx context.Context, f form.Field) ui.Field {
	u := s.field(f)
	if u.Hint == "" {
		u.Hint = t(ctx, "file_hint", "n", f.Most(), "size", i18n.Bytes(ctx, form.MaxFile))
	}
	return u
}

// asks says whether a field counts for what was given.
func (s Sheet) asks(f form.Field) bool {
	for _, x := range s.Asked(s.Given) {
		if x.Key == f.Key {
			return true
		}
	}
	return false
}

// first is whether a field is the first with an error: it gets the focus.
func (s Sheet) first(f form.Field) bool { return len(s.Errors) > 0 && s.Errors[0].Name == f.Key }

func (s Sheet) has(f form.Field, value string) bool {
	for _, v := range s.Given[f.Key] {
		if v == value {
			return true
		}
	}
	return false
}

// onlyIf says in words when a field counts, for those who have no scripts.
func (s Sheet) onlyIf(ctx context.Context, f form.Field) string {
	other, _ := s.Field(f.When.Field)
	if len(f.When.Is) == 0 {
		return t(ctx, "only_if_any", "question", other.Called(s.Locale))
	}
	var words []string
	for _, v := range f.When.Is {
		words = append(words, other.Says([]string{v}, s.Locale))
	}
	return t(ctx, "only_if", "question", other.Called(s.Locale), "answer", strings.Join(words, ", "))
}

// field is what the parts of ui need to draw a field.
func (s Sheet) field(f form.Field) ui.Field {
	u := ui.Field{Name: f.Key, Label: f.Called(s.Locale), Hint: f.Help.In(s.Locale), Error: s.Errors.For(f.Key), Value: s.Given.One(f.Key), Optional: !f.Required,
		Autofocus: s.first(f)}
	switch f.Kind {
	case form.Line:
		u.Max = f.Most()
		if f.As == form.AsName {
			u.Autocomplete = "name"
		}
	case form.Long:
		u.Max, u.Rows = f.Most(), 6
	case form.Email:
		u.Type, u.Autocomplete, u.Inputmode, u.Max = "email", "email", "email", 254
	case form.Phone:
		u.Type, u.Autocomplete, u.Inputmode, u.Max = "tel", "tel", "tel", 40
	case form.Number:
		u.Inputmode, u.Max = "decimal", 30
	case form.Date:
		u.Type = "date"
	case form.Upload:
		u.Type = "file"
		u.Attrs = map[string]any{"data-max": int64(form.MaxFile)}
		if f.Most() > 1 {
			u.Attrs["multiple"] = true
		}
	}
	if f.As == form.AsSubject || f.Kind == form.Long {
		u.Attrs = map[string]any{"data-ask": true}
	}
	if f.Required {
		u.Attrs = with(u.Attrs, "aria-required", "true")
	}
	return u
}

func with(a map[string]any, name string, value any) map[string]any {
	if a == nil {
		a = map[string]any{}
	}
	a[name] = value
	return a
}

// options are the choices of a field in a list that drops down.
func (s Sheet) options(ctx context.Context, f form.Field) []ui.Option {
	list := []ui.Option{{Value: "", Label: t(ctx, "choose")}}
	for _, o := range f.Choices {
		list = append(list, ui.Option{Value: o.Value, Label: o.Label.In(s.Locale)})
	}
	return list
}

// few choices are all shown; more stand in a list that drops down.
const few = 5

func (s Sheet) kept(f form.Field) (list []Kept) {
	for _, k := range s.Kept {
		if k.Field == f.Key {
			list = append(list, k)
		}
	}
	return list
}

func (s Sheet) button(ctx context.Context) string {
	if b := s.Button.In(s.Locale); b != "" {
		return b
	}
	return t(ctx, "send")
}

// ids of what a group of boxes is described by.
func describedBy(f ui.Field) string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, "f-"+f.Name+"-hint")
	}
	if f.Error != "" {
		ids = append(ids, "f-"+f.Name+"-error")
	}
	return strings.Join(ids, " ")
}

// t is a word of the forms.
func t(ctx context.Context, key string, args ...any) string { return i18n.T(ctx, "form."+key, args...) }
