package acts

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"baraji/internal/automation"
	"baraji/internal/web/ui"
)

// Form is the rows in which actions are chosen, as a part of a form.
type Form struct {
	Path  string              // where the form is posted; a button that only changes the rows, too
	Part  string              // the id of what is drawn anew then
	At    string              // what is wrong is called by it: then.0.tag
	Can   []automation.Action // those that one can choose
	Acts  []automation.Act
	Focus string // what was just added or taken off
	House House
	Wrong func(name string) string
	Asks  func(context.Context) string // a hint at what is asked of another system; nil: that is not offered
}

// most is how many rows are read.
const most = 20

// Typed reads the rows.
func Typed(r *http.Request) (list []automation.Act) {
	for i := range min(len(r.Form["a"]), most) {
		at := "a" + strconv.Itoa(i) + "."
		act := automation.Act{Do: r.FormValue(at + "do"), With: map[string]string{}}
		how, _ := automation.ActionOf(act.Do)
		for _, p := range how.Params {
			v := strings.TrimSpace(r.FormValue(at + p.Name))
			if p.Choose == "minutes" && v != "" {
				v = InMinutes(v, r.FormValue(at+p.Name+"_unit"))
			}
			act.With[p.Name] = v
		}
		list = append(list, act)
	}
	return list
}

// Arrange does what a button says that only changes the rows, and tells what has the focus then; false is another button.
func Arrange(list *[]automation.Act, part, do, at string) (focus string, ok bool) {
	switch do {
	case "action":
		*list = append(*list, automation.Act{Do: "tag", With: map[string]string{}})
		return part + "." + strconv.Itoa(len(*list)-1), true
	case "drop":
		if i, err := strconv.Atoi(at); err == nil && i >= 0 && i < len(*list) {
			*list = slices.Delete(*list, i, i+1)
		}
		return addButton, true
	}
	return "", false
}

const addButton = "add-action"

// Arranges lets a button change rows in their place.
func Arranges(path, part string) templ.Attributes {
	return templ.Attributes{"hx-post": path, "hx-target": "#" + part, "hx-select": "#" + part, "hx-swap": "outerHTML"}
}

// Redraws lets a choice change what stands below it.
func Redraws(path, part string) templ.Attributes {
	a := Arranges(path, part)
	a["hx-vals"], a["hx-trigger"] = `{"do":"redraw"}`, "change"
	return a
}

func (f Form) arranges() templ.Attributes { return Arranges(f.Path, f.Part) }

func (f Form) redraws() templ.Attributes { return Redraws(f.Path, f.Part) }

// writes says whether an action writes a text, in which placeholders can stand.
func (f Form) writes() bool {
	return slices.ContainsFunc(f.Acts, func(a automation.Act) bool {
		how, _ := automation.ActionOf(a.Do)
		return slices.ContainsFunc(how.Params, func(p automation.Param) bool { return p.Choose == "text" })
	})
}

func (f Form) options(ctx context.Context) (list []ui.Option) {
	for _, a := range f.Can {
		list = append(list, ui.Option{Value: a.Key, Label: word(ctx, "do_"+a.Key)})
	}
	return list
}

// paramOptions are what a param is picked from; none: it is typed.
func (h House) paramOptions(ctx context.Context, p automation.Param, now string) (list []ui.Option) {
	if p.Choices != nil {
		list = append(list, ui.Option{Label: word(ctx, "as_is")})
		if !p.May {
			list[0].Label = word(ctx, "choose")
		}
		for _, v := range p.Choices() {
			list = append(list, ui.Option{Value: v, Label: h.Value(ctx, p.Name, v)})
		}
		return list
	}
	switch p.Choose {
	case "person":
		list = []ui.Option{{Label: word(ctx, "choose")}, {Value: "assignee", Label: word(ctx, "who_assignee")}, {Value: "owner", Label: word(ctx, "who_owner")}, {Value: "nobody", Label: word(ctx, "who_nobody")}}
	case "team", "service", "inbox", "conversation_field", "contact_field":
		list = []ui.Option{{Label: word(ctx, "choose")}}
	case "slack_channel":
		list = append([]ui.Option{{Label: word(ctx, "no_channel")}}, h.rooms(ctx, now)...)
		return Kept(ctx, list, now)
	default:
		return nil
	}
	return Kept(ctx, append(list, h.Choices(ctx, p.Choose)...), now)
}

// mostRooms is how many channels are offered: first those that the app is in.
const mostRooms = 300

func (h House) rooms(ctx context.Context, now string) []ui.Option {
	all := h.Choices(ctx, "slack_channel")
	list := all[:min(len(all), mostRooms)]
	for _, o := range all[len(list):] {
		if o.Value == now {
			list = append(slices.Clone(list), o)
		}
	}
	return list
}

// Kept adds what is chosen and gone since, so that saving a form again changes nothing that nobody touched.
func Kept(ctx context.Context, list []ui.Option, now string) []ui.Option {
	if now == "" || slices.ContainsFunc(list, func(o ui.Option) bool { return o.Value == now }) {
		return list
	}
	return append(list, ui.Option{Value: now, Label: word(ctx, "gone")})
}

// Icon is that of the noun an action is about.
func Icon(do string) string {
	icons := map[string]string{"reply": "reply", "write": "mail", "note": "square-pen", "assign": "user-round", "team": "users-round", "status": "circle-check", "snooze": "alarm-clock", "set": "sliders-horizontal",
		"tag": "tag", "untag": "tag", "field": "list-checks", "follow": "eye", "tell": "bell", "slack": "hash", "page": "phone-call", "promise": "handshake", "tag_customer": "tags", "untag_customer": "tags",
		"customer_field": "id-card", "customer_stage": "user-cog", "http": "send"}
	if name := icons[do]; name != "" {
		return name
	}
	return "zap"
}

// oneLine says whether an action is told one short thing, which then stands beside it.
func oneLine(a automation.Action) bool {
	return len(a.Params) == 1 && a.Params[0].Choose != "text" && a.Params[0].Choose != "minutes"
}

// Placeholders are what can stand in a text.
func Placeholders() string {
	return "{" + strings.Join(automation.Placeholders, "} {") + "}"
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
