package settings

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"baraji/internal/conversation"
	forms "baraji/internal/form"
	"baraji/internal/kit/i18n"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// stateTone is the colour of a form's state.
func stateTone(s forms.State) string {
	if s == forms.Live {
		return "good"
	}
	return "line"
}

func (p paper) inboxOptions() (list []ui.Option) {
	for _, in := range p.Inboxes {
		list = append(list, ui.Option{Value: in.ID.String(), Label: in.Name + " · " + in.Address})
	}
	return list
}

func startOptions(ctx context.Context) (list []ui.Option) {
	for _, s := range starts {
		list = append(list, ui.Option{Value: s, Label: t(ctx, "form_start_"+s)})
	}
	return list
}

// questionKinds are what can be asked.
func questionKinds(ctx context.Context) (list []ui.Option) {
	for _, k := range forms.Kinds {
		list = append(list, ui.Option{Value: string(k), Label: t(ctx, "form_kind_"+string(k))})
	}
	return list
}

func typeOptions(ctx context.Context) (list []ui.Option) {
	for _, name := range conversation.Types {
		word := t(ctx, "form_no_type")
		if name != "" {
			word = i18n.T(ctx, "inbox.type_"+name)
		}
		list = append(list, ui.Option{Value: name, Label: word})
	}
	return list
}

// asOptions are what an answer can be beside an answer.
func (p paper) asOptions(ctx context.Context, f forms.Field) []ui.Option {
	list := []ui.Option{{Value: "", Label: t(ctx, "form_as_nothing")}, {Value: forms.AsName, Label: t(ctx, "form_as_name")}, {Value: forms.AsSubject, Label: t(ctx, "form_as_subject")}}
	if f.Kind == forms.Consent {
		return []ui.Option{list[0], {Value: forms.AsAdvertising, Label: t(ctx, "form_as_advertising")}}
	}
	if _, known := p.own(f.As); !known && strings.Contains(f.As, ":") { // the field is gone
		list = append(list, ui.Option{Value: f.As, Label: f.As})
	}
	return append(list, p.ownOptions(ctx)...)
}

// ownOptions are the own fields of the firm, by what they belong to.
func (p paper) ownOptions(ctx context.Context) (list []ui.Option) {
	for _, o := range p.Owns {
		of, _, _ := strings.Cut(o.As, ":")
		list = append(list, ui.Option{Value: o.As, Label: o.Label.In(i18n.Of(ctx).Locale), Group: t(ctx, "form_of_"+of)})
	}
	return list
}

// filled says which own field an answer fills, for the head of its question.
func (p paper) filled(ctx context.Context, f forms.Field) string {
	o, ok := p.own(f.As)
	if !ok {
		return ""
	}
	of, _, _ := strings.Cut(o.As, ":")
	return t(ctx, "form_of_"+of) + ": " + o.Label.In(i18n.Of(ctx).Locale)
}

// whenOptions are the questions before one, on which it can depend.
func (p paper) whenOptions(ctx context.Context, i int) []ui.Option {
	list := []ui.Option{{Value: "", Label: t(ctx, "form_always")}}
	for _, f := range p.Fields[:i] {
		if f.Kind != forms.Upload {
			list = append(list, ui.Option{Value: f.Key, Label: f.Called(i18n.Of(ctx).Locale)})
		}
	}
	return list
}

func whenOf(f forms.Field) string {
	if f.When == nil {
		return ""
	}
	return f.When.Field
}

// isOf are the answers that a question waits for, as one reads them.
func (p paper) isOf(ctx context.Context, f forms.Field) string {
	if f.When == nil {
		return ""
	}
	other, _ := p.Field(f.When.Field)
	var list []string
	for _, v := range f.When.Is {
		list = append(list, other.Says([]string{v}, i18n.Of(ctx).Locale))
	}
	return strings.Join(list, ", ")
}

// choiceLines are the choices in a language, one a line.
func choiceLines(f forms.Field, l i18n.Locale) string {
	var list []string
	for _, o := range f.Choices {
		list = append(list, o.Label[l])
	}
	return strings.Join(list, "\n")
}

func bound(n *float64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatFloat(*n, 'f', -1, 64)
}

// bounded are the kinds with a smallest and a greatest value.
func bounded(k forms.Kind) bool {
	return slices.Contains([]forms.Kind{forms.Line, forms.Long, forms.Number, forms.Upload}, k)
}

func chosen(k forms.Kind) bool { return k == forms.Choice || k == forms.Choices }

// badly says whether a question has an error, so that its row is open.
func (p paper) badly(f forms.Field) bool { return p.Trouble.For("fields."+f.Key) != "" }

// rowOpen: the row that was just added or moved is open when it has no words yet.
func (p paper) rowOpen(f forms.Field) bool {
	return p.badly(f) || p.Focus == f.Key && f.Label.In(i18n.Korean) == "" && f.Kind != forms.Hidden
}

func canReview(ctx context.Context) bool { return team.From(ctx).Can(team.Quarantine) }

// nth names the input of a row.
func nth(i int, what string) string { return "q." + strconv.Itoa(i) + "." + what }

func heldWhen(ctx context.Context, h forms.HeldOne) string {
	return i18n.Moment(ctx, h.At) + " · " + t(ctx, "form_held_"+string(h.Reason))
}
