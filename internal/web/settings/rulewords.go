package settings

import (
	"context"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"baraji/internal/automation"
	"baraji/internal/kit/i18n"
	"baraji/internal/team"
	"baraji/internal/web/acts"
	"baraji/internal/web/ui"
)

func rw(ctx context.Context, word string, args ...any) string {
	return i18n.T(ctx, "rules."+word, args...)
}

// heard are the kinds that rules wait for, those that are often used first.
func heard(ctx context.Context) (list []ui.Option) {
	facts := factWords(ctx)
	for _, k := range []string{"conversation.received", "conversation.opened", "conversation.replied", "conversation.status_set", "conversation.tagged", "conversation.assigned",
		"conversation.changed", "sla.warned", "sla.broken", "form.submitted", "contact.created", "promise.slipped"} {
		list = append(list, ui.Option{Value: k, Label: facts[k], Group: rw(ctx, "often")})
	}
	for _, area := range kinds() {
		head := i18n.T(ctx, "audit.area_"+area[0])
		for _, k := range area[1:] {
			if automation.Hears(k) {
				list = append(list, ui.Option{Value: k, Label: facts[k], Group: head})
			}
		}
	}
	return list
}

// factWords are what happens, by kind, as a sentence says it: where two are called the same, such as “Changed”, each says of what.
func factWords(ctx context.Context) map[string]string {
	words, area, called := map[string]string{}, map[string]string{}, map[string]int{}
	for _, list := range kinds() {
		for _, k := range list[1:] {
			if automation.Hears(k) {
				words[k], area[k] = kindWord(ctx, k), i18n.T(ctx, "audit.area_"+list[0])
				called[words[k]]++
			}
		}
	}
	for k, word := range words {
		if called[word] > 1 {
			words[k] = rw(ctx, "fact_of", "area", area[k], "what", word)
		}
	}
	return words
}

// factWord is what one of them says; a kind that has no words keeps its name.
func factWord(ctx context.Context, kind string) string {
	if word, ok := factWords(ctx)[kind]; ok {
		return word
	}
	return kindWord(ctx, kind)
}

// fieldName is what a condition looks at.
func (h ruleHouse) fieldName(ctx context.Context, key string) string {
	f, own := automation.FieldOf(key)
	name := rw(ctx, "field_"+strings.ReplaceAll(strings.TrimSuffix(f.Key, "."), ".", "_"))
	if own == "" {
		return name
	}
	for _, o := range h.Fields(ctx, f.Choose) {
		if o.Value == own {
			return o.Label
		}
	}
	return rw(ctx, "own_of", "field", name, "own", own)
}

// looks are what conditions can look at; own fields are there by name.
func (h ruleHouse) looks(ctx context.Context, now string) (list []ui.Option) {
	for _, f := range automation.Fields {
		group := rw(ctx, "group_"+strings.Split(f.Key, ".")[0])
		if !strings.HasSuffix(f.Key, ".") {
			list = append(list, ui.Option{Value: f.Key, Label: h.fieldName(ctx, f.Key), Group: group})
			continue
		}
		for _, o := range h.Fields(ctx, f.Choose) {
			list = append(list, ui.Option{Value: f.Key + o.Value, Label: o.Label, Group: group})
		}
	}
	list = append(list, ui.Option{Value: byExpr, Label: rw(ctx, "expr"), Group: rw(ctx, "expr_group")})
	return acts.Kept(ctx, list, now)
}

// picks are the values of a condition that can be ticked.
func (h ruleHouse) picks(ctx context.Context, key string) (list []ui.Option) {
	f, _ := automation.FieldOf(key)
	if f.Kind != automation.Word {
		return nil
	}
	if f.Choose != "" {
		return h.Choices(ctx, f.Choose)
	}
	for _, v := range f.Choices() {
		list = append(list, ui.Option{Value: v, Label: h.valueName(ctx, key, v)})
	}
	if key == "conversation.channel" {
		for _, v := range []string{"email", "chat", "form", "portal", "api"} {
			list = append(list, ui.Option{Value: v, Label: h.valueName(ctx, key, v)})
		}
	}
	return list
}

// ticks are the picks of a condition, with what is ticked and gone since.
func (h ruleHouse) ticks(ctx context.Context, row ruleRow) []ui.Option {
	list := h.picks(ctx, row.Field)
	if len(list) == 0 {
		return nil
	}
	for _, v := range row.Values {
		list = acts.Kept(ctx, list, v)
	}
	return list
}

// valueName is what a value of a condition is called.
func (h ruleHouse) valueName(ctx context.Context, key, v string) string {
	f, _ := automation.FieldOf(key)
	name := key[strings.LastIndex(key, ".")+1:]
	switch {
	case f.Choose != "":
		return h.Value(ctx, f.Choose, v)
	case name == "channel":
		return t(ctx, "target_channel_"+v)
	case name == "language":
		return languageName(v)
	case name == "weekday":
		return rw(ctx, "day_"+v)
	}
	return h.Value(ctx, key, v)
}

// says is a condition as a sentence.
func (h ruleHouse) says(ctx context.Context, i automation.If) string {
	if i.Expr != "" {
		return acts.Short(i.Expr, 160)
	}
	if i.Field == "" {
		var list []string
		for _, one := range i.Of {
			s := h.says(ctx, one)
			if len(one.Of) > 1 {
				s = "(" + s + ")"
			}
			list = append(list, s)
		}
		switch {
		case len(list) == 0:
			return rw(ctx, "always")
		case i.Mode == "any":
			return strings.Join(list, " "+rw(ctx, "short_any")+" ")
		case i.Mode == "none":
			return rw(ctx, "short_none") + " " + strings.Join(list, ", ")
		}
		return strings.Join(list, " "+rw(ctx, "short_all")+" ")
	}
	f, _ := automation.FieldOf(i.Field)
	var values []string
	for _, v := range i.Values {
		switch f.Kind {
		case automation.Moment:
			v = acts.Span(ctx, v)
		case automation.Word:
			v = h.valueName(ctx, i.Field, v)
		case automation.Text, automation.Many:
			v = "“" + v + "”"
		}
		values = append(values, v)
	}
	return rw(ctx, "say_"+i.Op, "field", h.fieldName(ctx, i.Field), "value", strings.Join(values, " "+rw(ctx, "short_any")+" "))
}

// did are the actions of a run.
func did(ctx context.Context, keys []string) string {
	var out []string
	for _, k := range keys {
		out = append(out, rw(ctx, "do_"+k))
	}
	return strings.Join(out, ", ")
}

func outcomeTone(o automation.Outcome) string {
	switch o {
	case automation.Done:
		return "good"
	case automation.Failing, automation.Cut:
		return "warn"
	}
	return "bad"
}

func opOptions(ctx context.Context, key string) (list []ui.Option) {
	f, _ := automation.FieldOf(key)
	for _, op := range automation.Ops[f.Kind] {
		list = append(list, ui.Option{Value: op, Label: rw(ctx, "op_"+op)})
	}
	return list
}

func modeOptions(ctx context.Context) []ui.Option {
	return []ui.Option{{Value: "", Label: rw(ctx, "mode_all")}, {Value: "any", Label: rw(ctx, "mode_any")}, {Value: "none", Label: rw(ctx, "mode_none")}}
}

// joiner stands between two conditions.
func joiner(ctx context.Context, mode string) string {
	if mode == "" || mode == "all" {
		return rw(ctx, "short_all")
	}
	return rw(ctx, "short_any")
}

// modeWord says how conditions are taken together.
func modeWord(ctx context.Context, mode string) string {
	if mode == "" {
		mode = "all"
	}
	return rw(ctx, "mode_"+mode)
}

// beside are the conditions of a rule that lie beside one another, in no group.
func (r ruleBoard) beside() []automation.If {
	if slices.ContainsFunc(r.If.Of, func(i automation.If) bool { return len(i.Of) > 0 }) {
		return nil
	}
	return r.If.Of
}

func bareOp(op string) bool { return slices.Contains([]string{"empty", "filled", "yes", "no"}, op) }

// hintWhen is a hint where it helps.
func hintWhen(helps bool, hint string) string {
	if helps {
		return hint
	}
	return ""
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// person is the name of somebody who works here.
func (h ruleHouse) person(who team.ID) string {
	for _, p := range h.People {
		if p.ID == who {
			return p.Name
		}
	}
	return ""
}

func ownerOptions(ctx context.Context, people []team.Person) []ui.Option {
	list := []ui.Option{{Label: rw(ctx, "owner_me")}}
	for _, p := range people {
		list = append(list, ui.Option{Value: p.ID.String(), Label: p.Name})
	}
	return list
}

func ruleTitle(ctx context.Context, f ruleForm) string {
	if f.ID == 0 {
		return rw(ctx, "new")
	}
	return f.Name
}

// rows are what the form shows of its actions.
func (f ruleForm) rows() acts.Form {
	return acts.Form{Path: f.path(), Part: "rule-parts", At: "then", Can: automation.Actions, Acts: f.Acts, Focus: f.Focus, House: f.House.House, Wrong: f.Trouble.For,
		Asks: func(ctx context.Context) string {
			return rw(ctx, "http_hint", "list", secretList(ctx, f.House.Secrets))
		}}
}

// redraws lets a choice change what stands below it.
func redraws(f ruleForm) templ.Attributes { return acts.Redraws(f.path(), "rule-parts") }

// arranges lets a button change the conditions in their place.
func arranges(f ruleForm) templ.Attributes { return acts.Arranges(f.path(), "rule-parts") }
