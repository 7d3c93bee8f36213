package customers

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/segment"
	"baraji/internal/team"
	"baraji/internal/web/ui"

	"github.com/a-h/templ"
)

// segmentHouse is what conditions are picked from.
type segmentHouse struct {
	Fields []segment.Field
	Owners []team.Person
	Names  map[team.ID]string
}

func (h *segmentHouse) read(ctx context.Context, tx *db.Tx) (err error) {
	if h.Fields, err = segment.All(ctx, tx); err != nil {
		return err
	}
	if h.Owners, err = team.People(ctx, tx, team.Filter{State: team.Active}); err != nil {
		return err
	}
	h.Names, err = team.Names(ctx, tx)
	return err
}

func sg(ctx context.Context, word string, args ...any) string {
	return i18n.T(ctx, "segments."+word, args...)
}

// field finds a field; the zero Field for one that is gone.
func (h segmentHouse) field(key string) segment.Field {
	for _, f := range h.Fields {
		if f.Key == key {
			return f
		}
	}
	return segment.Field{}
}

// fieldWord is what a field is called.
func (h segmentHouse) fieldWord(ctx context.Context, key string) string {
	f := h.field(key)
	switch {
	case f.Key == "":
		return sg(ctx, "gone")
	case f.Label.Korean != "" && i18n.Of(ctx).Locale == i18n.Korean:
		return f.Label.Korean
	case f.Label.English != "":
		return f.Label.English
	}
	return sg(ctx, "field_"+strings.ReplaceAll(key, ".", "_"))
}

// looks are the fields that one can look at.
func (h segmentHouse) looks(ctx context.Context, now string) (list []ui.Option) {
	for _, f := range h.Fields {
		if f.Hidden && team.From(ctx).Masked {
			continue
		}
		of, _, _ := strings.Cut(f.Key, ".")
		list = append(list, ui.Option{Value: f.Key, Label: h.fieldWord(ctx, f.Key), Group: sg(ctx, "of_"+of)})
	}
	if h.field(now).Key == "" {
		list = append(list, ui.Option{Value: now, Label: sg(ctx, "gone")})
	}
	return list
}

func (h segmentHouse) ops(ctx context.Context, key string) (list []ui.Option) {
	f := h.field(key)
	for _, op := range f.Ops() {
		list = append(list, ui.Option{Value: op, Label: sg(ctx, "op_"+op)})
	}
	return list
}

// ticks are what a condition's value is picked from; none: it is typed.
func (h segmentHouse) ticks(ctx context.Context, key string) (list []ui.Option) {
	f := h.field(key)
	switch {
	case f.Choose == "person":
		for _, p := range h.Owners {
			list = append(list, ui.Option{Value: p.ID.String(), Label: p.Name})
		}
	case f.Choices != nil:
		for _, v := range f.Choices() {
			list = append(list, ui.Option{Value: v, Label: h.valueWord(ctx, key, v)})
		}
	}
	return list
}

// valueWord is what a value is called.
func (h segmentHouse) valueWord(ctx context.Context, key, v string) string {
	f := h.field(key)
	switch {
	case key == "customer.stage":
		return stageWord(ctx, contact.Stage(v))
	case key == "customer.language":
		return languageWord(ctx, v)
	case f.Choose == "person":
		for _, p := range h.Owners {
			if p.ID.String() == v {
				return p.Name
			}
		}
		return sg(ctx, "gone")
	case f.Kind == segment.Moment || f.Kind == segment.Date:
		n, _ := strconv.Atoi(v)
		return sg(ctx, "days", "n", n)
	}
	return v
}

// unit stands at the end of a field for numbers.
func (h segmentHouse) unit(ctx context.Context, key string) string {
	switch h.field(key).Kind {
	case segment.Moment, segment.Date:
		return sg(ctx, "unit_days")
	}
	return ""
}

// says is a condition as a sentence.
func (h segmentHouse) says(ctx context.Context, i segment.If) string {
	if i.Field != "" {
		return h.saysOne(ctx, i)
	}
	var list []string
	for _, one := range i.Of {
		if one.Empty() {
			continue
		}
		s := h.says(ctx, one)
		if one.Field == "" && len(one.Of) > 1 && len(i.Of) > 1 {
			s = "(" + s + ")"
		}
		list = append(list, s)
	}
	if len(list) == 0 {
		return sg(ctx, "everybody")
	}
	word := "and"
	if i.Mode == "any" || i.Mode == "none" {
		word = "or"
	}
	said := joined(ctx, word, list)
	if i.Mode == "none" {
		return sg(ctx, "not", "what", said)
	}
	return said
}

func (h segmentHouse) saysOne(ctx context.Context, i segment.If) string {
	var values []string
	for _, v := range i.Values {
		values = append(values, h.valueWord(ctx, i.Field, v))
	}
	what := joined(ctx, "or_value", values)
	return sg(ctx, "says_"+i.Op, "field", h.fieldWord(ctx, i.Field), "value", what)
}

// joined puts a list together, two at a time.
func joined(ctx context.Context, word string, list []string) string {
	if len(list) == 0 {
		return ""
	}
	out := list[0]
	for _, s := range list[1:] {
		out = sg(ctx, word, "a", out, "b", s)
	}
	return out
}

func modeWords(ctx context.Context) []ui.Option {
	return []ui.Option{{Value: "all", Label: sg(ctx, "mode_all")}, {Value: "any", Label: sg(ctx, "mode_any")}, {Value: "none", Label: sg(ctx, "mode_none")}}
}

// joinWord stands between two conditions.
func joinWord(ctx context.Context, mode string) string {
	if mode == "any" || mode == "none" {
		return sg(ctx, "or_between")
	}
	return sg(ctx, "and_between")
}

// redrawn lets a button or a choice change the conditions in their place.
func (f segmentForm) redrawn() templ.Attributes {
	return templ.Attributes{"hx-post": f.path(), "hx-target": "#segment-parts", "hx-select": "#segment-parts", "hx-swap": "outerHTML"}
}

func (f segmentForm) onChange() templ.Attributes {
	a := f.redrawn()
	a["hx-vals"], a["hx-trigger"] = `{"do":"look"}`, "change"
	return a
}

// typing changes only what stands beside the conditions, so that nobody loses the place where they type.
func (f segmentForm) typing() templ.Attributes {
	return templ.Attributes{"hx-post": f.path(), "hx-target": "#segment-preview", "hx-select": "#segment-preview", "hx-swap": "outerHTML", "hx-vals": `{"do":"look"}`,
		"hx-trigger": "input changed delay:500ms"}
}

func segmentTitle(ctx context.Context, f segmentForm) string {
	if f.ID == 0 {
		return sg(ctx, "add")
	}
	return sg(ctx, "edit")
}

func orAll(mode string) string {
	if mode == "" {
		return "all"
	}
	return mode
}

func bareOp(op string) bool { return has(segment.Bare, op) }

func has(list []string, s string) bool { return slices.Contains(list, s) }

func commas(list []string) string { return strings.Join(list, ", ") }

// hint says what can be typed.
func (h segmentHouse) hint(ctx context.Context, key string) string {
	switch f := h.field(key); {
	case key == "customer.zone":
		return "Asia/Seoul"
	case f.Kind == segment.Text || f.Kind == segment.Many || f.Kind == segment.Word:
		return sg(ctx, "values_hint")
	}
	return ""
}

// keys is the keyboard of a phone.
func (h segmentHouse) keys(key string) string {
	switch h.field(key).Kind {
	case segment.Number:
		return "decimal"
	case segment.Moment, segment.Date:
		return "numeric"
	}
	return ""
}
