package settings

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"baraji/internal/automation"
	"baraji/internal/contact"
	"baraji/internal/kit/i18n"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

func rw(ctx context.Context, word string, args ...any) string {
	return i18n.T(ctx, "rules."+word, args...)
}

// heard are the kinds that rules wait for, those that are often used first.
func heard(ctx context.Context) (list []ui.Option) {
	for _, k := range []string{"conversation.received", "conversation.opened", "conversation.replied", "conversation.status_set", "conversation.tagged", "conversation.assigned",
		"conversation.changed", "sla.warned", "sla.broken", "form.submitted", "contact.created", "promise.slipped"} {
		list = append(list, ui.Option{Value: k, Label: kindWord(ctx, k), Group: rw(ctx, "often")})
	}
	for _, area := range kinds() {
		head := i18n.T(ctx, "audit.area_"+area[0])
		for _, k := range area[1:] {
			if automation.Hears(k) {
				list = append(list, ui.Option{Value: k, Label: kindWord(ctx, k), Group: head})
			}
		}
	}
	return list
}

// fieldName is what a condition looks at.
func (h ruleHouse) fieldName(ctx context.Context, key string) string {
	f, own := automation.FieldOf(key)
	name := rw(ctx, "field_"+strings.ReplaceAll(strings.TrimSuffix(f.Key, "."), ".", "_"))
	if own == "" {
		return name
	}
	for _, o := range h.fields(ctx, f.Choose) {
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
		for _, o := range h.fields(ctx, f.Choose) {
			list = append(list, ui.Option{Value: f.Key + o.Value, Label: o.Label, Group: group})
		}
	}
	return kept(ctx, list, now)
}

// kept adds what is chosen and gone since, so that saving a form again changes nothing that nobody touched.
func kept(ctx context.Context, list []ui.Option, now string) []ui.Option {
	if now == "" || slices.ContainsFunc(list, func(o ui.Option) bool { return o.Value == now }) {
		return list
	}
	return append(list, ui.Option{Value: now, Label: rw(ctx, "gone")})
}

// fields are own fields, by key.
func (h ruleHouse) fields(ctx context.Context, of string) (list []ui.Option) {
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
	case "company_field":
		for _, f := range h.Firms {
			add(f.Key, f.English, f.Korean)
		}
	}
	return list
}

// choices are what a field or a param is picked from; none: it is typed.
func (h ruleHouse) choices(ctx context.Context, choose string) (list []ui.Option) {
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
	case "conversation_field", "contact_field":
		return h.fields(ctx, choose)
	}
	return list
}

// picks are the values of a condition that can be ticked.
func (h ruleHouse) picks(ctx context.Context, key string) (list []ui.Option) {
	f, _ := automation.FieldOf(key)
	if f.Kind != automation.Word {
		return nil
	}
	if f.Choose != "" {
		return h.choices(ctx, f.Choose)
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
		list = kept(ctx, list, v)
	}
	return list
}

// valueName is what a value of a condition or of a param is called.
func (h ruleHouse) valueName(ctx context.Context, key, v string) string {
	f, _ := automation.FieldOf(key)
	choose, name := f.Choose, key[strings.LastIndex(key, ".")+1:]
	if choose == "" {
		choose = key // of a param
	}
	for _, o := range h.choices(ctx, choose) {
		if o.Value == v {
			return o.Label
		}
	}
	switch {
	case slices.Contains([]string{"assignee", "owner", "nobody"}, v) && name == "person":
		return rw(ctx, "who_"+v)
	case strings.HasPrefix(v, "usr_"), strings.HasPrefix(v, "team_"), strings.HasPrefix(v, "inb_"), strings.HasPrefix(v, "svc_"), strings.HasPrefix(v, "hkn_"):
		return rw(ctx, "gone")
	case name == "stage", name == "to" && contact.Stage(v).Known(), name == "from" && contact.Stage(v).Known():
		return stageName(ctx, v)
	case name == "type", name == "priority", name == "severity":
		return i18n.T(ctx, "inbox."+name+"_"+v)
	case name == "status", name == "then", name == "to" && slices.Contains([]string{"open", "pending", "snoozed", "solved"}, v):
		return i18n.T(ctx, "inbox.status_"+v)
	case name == "channel":
		return t(ctx, "target_channel_"+v)
	case name == "language":
		return languageName(v)
	case name == "weekday":
		return rw(ctx, "day_"+v)
	case name == "format":
		return rw(ctx, "format_"+v)
	case name == "urgent":
		return rw(ctx, v)
	}
	return v
}

func stageName(ctx context.Context, v string) string {
	if v == string(contact.Former) {
		return i18n.T(ctx, "customers.stage_former")
	}
	return i18n.T(ctx, "common.stage_"+strings.ReplaceAll(v, "-", "_"))
}

// says is a condition as a sentence.
func (h ruleHouse) says(ctx context.Context, i automation.If) string {
	if i.Field == "" {
		var list []string
		for _, one := range i.Of {
			s := h.says(ctx, one)
			if one.Field == "" && len(one.Of) > 1 {
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
			n, unit := inUnits(v)
			v = n + " " + rw(ctx, "unit_"+unit)
			if i18n.Of(ctx).Locale == i18n.Korean {
				v = n + rw(ctx, "unit_"+unit)
			}
		case automation.Word:
			v = h.valueName(ctx, i.Field, v)
		case automation.Text, automation.Many:
			v = "“" + v + "”"
		}
		values = append(values, v)
	}
	return rw(ctx, "say_"+i.Op, "field", h.fieldName(ctx, i.Field), "value", strings.Join(values, " "+rw(ctx, "short_any")+" "))
}

// does is an action as a line.
func (h ruleHouse) does(ctx context.Context, a automation.Act) string {
	how, _ := automation.ActionOf(a.Do)
	if korean := a.With["korean"]; korean != "" && i18n.Of(ctx).Locale == i18n.Korean {
		a.With = maps.Clone(a.With)
		a.With["text"] = korean
	}
	var with []string
	for _, p := range how.Params {
		v := a.With[p.Name]
		switch {
		case v == "":
		case a.Do == "set":
			with = append(with, rw(ctx, "param_"+p.Name)+" "+h.valueName(ctx, p.Name, v))
		case p.Choose == "minutes":
			n, unit := inUnits(v)
			with = append(with, n+" "+rw(ctx, "unit_"+unit))
		case p.Choose == "text" && p.Name == "korean":
		case a.Do == "http" && p.Name != "method" && p.Name != "address":
		default:
			key := p.Name
			if p.Choose != "" && p.Choose != "text" {
				key = p.Choose
			}
			with = append(with, shortened(h.valueName(ctx, key, v), 60))
		}
	}
	switch {
	case len(with) == 0:
		return rw(ctx, "do_"+a.Do)
	case a.Do == "set":
		return rw(ctx, "say_set", "list", strings.Join(with, ", "))
	}
	return rw(ctx, "do_"+a.Do) + ": " + strings.Join(with, ", ")
}

func (h ruleHouse) doesAll(ctx context.Context, list []automation.Act) string {
	var out []string
	for _, a := range list {
		out = append(out, h.does(ctx, a))
	}
	return strings.Join(out, " · ")
}

func shortened(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
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

func actionOptions(ctx context.Context) (list []ui.Option) {
	for _, a := range automation.Actions {
		list = append(list, ui.Option{Value: a.Key, Label: rw(ctx, "do_"+a.Key)})
	}
	return list
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

func unitOptions(ctx context.Context) (list []ui.Option) {
	for _, u := range ruleUnits {
		list = append(list, ui.Option{Value: u, Label: rw(ctx, "unit_"+u)})
	}
	return list
}

// paramOptions are what a param is picked from; none: it is typed.
func (h ruleHouse) paramOptions(ctx context.Context, p automation.Param, now string) (list []ui.Option) {
	if p.Choices != nil {
		list = append(list, ui.Option{Label: rw(ctx, "as_is")})
		if !p.May {
			list[0].Label = rw(ctx, "choose")
		}
		for _, v := range p.Choices() {
			list = append(list, ui.Option{Value: v, Label: h.valueName(ctx, p.Name, v)})
		}
		return list
	}
	switch p.Choose {
	case "person":
		list = []ui.Option{{Label: rw(ctx, "choose")}, {Value: "assignee", Label: rw(ctx, "who_assignee")}, {Value: "owner", Label: rw(ctx, "who_owner")}, {Value: "nobody", Label: rw(ctx, "who_nobody")}}
	case "team", "service", "inbox", "conversation_field", "contact_field":
		list = []ui.Option{{Label: rw(ctx, "choose")}}
	default:
		return nil
	}
	return kept(ctx, append(list, h.choices(ctx, p.Choose)...), now)
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
	if slices.ContainsFunc(r.If.Of, func(i automation.If) bool { return i.Field == "" }) {
		return nil
	}
	return r.If.Of
}

// actionIcon is that of the noun it is about.
func actionIcon(do string) string {
	icons := map[string]string{"reply": "reply", "write": "mail", "note": "square-pen", "assign": "user-round", "team": "users-round", "status": "circle-check", "snooze": "alarm-clock", "set": "sliders-horizontal",
		"tag": "tag", "untag": "tag", "field": "list-checks", "follow": "eye", "tell": "bell", "page": "phone-call", "promise": "handshake", "tag_customer": "tags", "untag_customer": "tags",
		"customer_field": "id-card", "customer_stage": "user-cog", "http": "send"}
	if icon := icons[do]; icon != "" {
		return icon
	}
	return "zap"
}

// oneLine says whether an action is told one short thing, which then stands beside it.
func oneLine(a automation.Action) bool {
	return len(a.Params) == 1 && a.Params[0].Choose != "text" && a.Params[0].Choose != "minutes"
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

func withRows(f ui.Field, n int) ui.Field {
	f.Rows = n
	return f
}

// named shows what a field is for in it, where its label is not seen.
func named(f ui.Field) ui.Field {
	f.Placeholder = f.Label
	return f
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

// redraws lets a choice change what stands below it.
func redraws(f ruleForm) templ.Attributes {
	a := arranges(f)
	a["hx-vals"], a["hx-trigger"] = `{"do":"redraw"}`, "change"
	return a
}

// arranges lets a button change the conditions and actions in their place.
func arranges(f ruleForm) templ.Attributes {
	return templ.Attributes{"hx-post": f.path(), "hx-target": "#rule-parts", "hx-select": "#rule-parts", "hx-swap": "outerHTML"}
}

func placeholders() string {
	var out []string
	for _, p := range automation.Placeholders {
		out = append(out, "{"+p+"}")
	}
	return strings.Join(out, " ")
}
