package settings

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"baraji/internal/automation"
	"baraji/internal/kit/i18n"
	"baraji/internal/sequence"
	"baraji/internal/team"
	"baraji/internal/web/acts"
	"baraji/internal/web/ui"
)

// fw is a word of the flows' pages.
func fw(ctx context.Context, word string, args ...any) string {
	return i18n.T(ctx, "flows."+word, args...)
}

func stepIcon(kind string) string {
	return map[string]string{"act": "square-check", "wait": "hourglass", "branch": "split", "ask": "circle-question-mark", "hand": "user-round"}[kind]
}

// span is a number of minutes, as people say it.
func span(ctx context.Context, minutes int) string {
	n, unit := acts.InUnits(strconv.Itoa(minutes))
	return fw(ctx, "span_"+unit, "n", n)
}

// stepName is what a step is called in a list.
func (h ruleHouse) stepName(ctx context.Context, f sequence.Flow, s sequence.Step) string {
	return f.Number(s.Key) + ". " + acts.Short(h.stepSays(ctx, s), 70)
}

// stepSays is a step as a sentence.
func (h ruleHouse) stepSays(ctx context.Context, s sequence.Step) string {
	switch s.Do {
	case "act":
		return h.DoesAll(ctx, s.Acts)
	case "wait":
		return h.waitSays(ctx, s.Wait)
	case "branch":
		if s.If.Always() {
			return fw(ctx, "say_branch_open")
		}
		return fw(ctx, "say_branch", "if", h.says(ctx, s.If))
	case "ask":
		return fw(ctx, "say_ask", "who", h.whoSays(ctx, s.Who), "text", acts.Short(s.Who.Text, 120))
	case "hand":
		return fw(ctx, "say_hand", "who", h.whoSays(ctx, s.Who))
	}
	return ""
}

func (h ruleHouse) waitSays(ctx context.Context, w sequence.Wait) string {
	switch w.For {
	case "work":
		if w.Minutes == 0 {
			return fw(ctx, "say_wait_open")
		}
		return fw(ctx, "say_wait_work", "time", span(ctx, w.Minutes))
	case "date":
		field := w.Field
		for _, o := range h.Fields(ctx, "contact_field") {
			if o.Value == w.Field {
				field = o.Label
			}
		}
		word, days := "say_wait_on", w.Days
		if days > 0 {
			word = "say_wait_after"
		} else if days < 0 {
			word, days = "say_wait_before", -days
		}
		return fw(ctx, word, "field", field, "n", days, "at", clockOf(w.At))
	case "fact":
		what := factWord(ctx, w.When)
		if !w.If.Always() {
			what += " (" + h.says(ctx, w.If) + ")"
		}
		return fw(ctx, "say_wait_fact", "what", what, "time", span(ctx, w.Minutes))
	}
	return fw(ctx, "say_wait_time", "time", span(ctx, w.Minutes))
}

func (h ruleHouse) whoSays(ctx context.Context, w sequence.Who) string {
	var list []string
	switch w.Person {
	case "":
	case "assignee", "owner":
		list = append(list, rw(ctx, "who_"+w.Person))
	default:
		list = append(list, h.Value(ctx, "person", w.Person))
	}
	for _, t := range h.Teams {
		if t.ID == w.Team && w.Team != 0 {
			list = append(list, t.Name)
		}
	}
	if len(list) == 0 {
		return fw(ctx, "nobody_yet")
	}
	return strings.Join(list, ", ")
}

// ways are what the two ways behind a step are called.
func ways(ctx context.Context, s sequence.Step) (yes, no string) {
	switch s.Do {
	case "ask":
		return fw(ctx, "way_approved"), fw(ctx, "way_declined")
	case "wait":
		return fw(ctx, "way_happened"), fw(ctx, "way_late")
	}
	return fw(ctx, "way_yes"), fw(ctx, "way_no")
}

func splits(s sequence.Step) bool {
	return s.Do == "branch" || s.Do == "ask" || s.Do == "wait" && s.Wait.For == "fact"
}

// beginSays is how customers come in.
func (h ruleHouse) beginSays(ctx context.Context, f sequence.Flow) string {
	if f.Start.When == "" {
		return fw(ctx, "by_hand")
	}
	out := h.beginsAt(ctx, f.Start.When, f.Start.Moment)
	if !f.Start.If.Always() {
		out += " · " + h.says(ctx, f.Start.If)
	}
	return out
}

func (h ruleHouse) leaveSays(ctx context.Context, l sequence.Leave) string {
	out := factWord(ctx, l.When)
	if !l.If.Always() {
		out += " · " + h.says(ctx, l.If)
	}
	return out
}

func pathTone(s sequence.State) string {
	switch s {
	case sequence.Done:
		return "good"
	case sequence.Stuck:
		return "bad"
	case sequence.Asking, sequence.Paused:
		return "warn"
	case sequence.Going, sequence.Waiting:
		return "moon"
	}
	return ""
}

// inIt counts those who are in a flow now.
func inIt(f sequence.Figures) (n int) {
	for s, k := range f.States {
		if !s.Ended() {
			n += k
		}
	}
	return n
}

// wrongAt is what is wrong with a step itself, by its place.
func (p flowBoard) wrongAt(at string) string {
	for _, e := range p.Trouble.Errors {
		if rest, ok := strings.CutPrefix(e.Name, at+"."); ok && !strings.HasPrefix(rest, "yes.") && !strings.HasPrefix(rest, "no.") {
			return e.Text
		}
	}
	return ""
}

func stateTabs(ctx context.Context, p flowBoard) (list []ui.Link) {
	all := 0
	for _, n := range p.Figures.States {
		all += n
	}
	list = append(list, ui.Link{Label: fw(ctx, "all"), URL: flowPath(p.ID), Current: p.State == "", Count: all})
	for _, s := range sequence.States {
		if n := p.Figures.States[s]; n > 0 || p.State == s {
			list = append(list, ui.Link{Label: fw(ctx, "state_"+string(s)), URL: flowPath(p.ID) + "?state=" + string(s), Current: p.State == s, Count: n})
		}
	}
	return list
}

func askedOptions(ctx context.Context, h ruleHouse) []ui.Option {
	list := []ui.Option{{Label: fw(ctx, "nobody")}, {Value: "assignee", Label: rw(ctx, "who_assignee")}, {Value: "owner", Label: rw(ctx, "who_owner")}}
	for _, p := range h.People {
		list = append(list, ui.Option{Value: p.ID.String(), Label: p.Name})
	}
	return list
}

func dateOptions(ctx context.Context, h ruleHouse) (list []ui.Option) {
	for _, f := range h.Contacts {
		if string(f.Type) != "date" {
			continue
		}
		for _, o := range h.Fields(ctx, "contact_field") {
			if o.Value == f.Key {
				list = append(list, o)
			}
		}
	}
	return list
}

func waitOptions(ctx context.Context) (list []ui.Option) {
	for _, w := range sequence.Waits {
		list = append(list, ui.Option{Value: w, Label: fw(ctx, "wait_"+w)})
	}
	return list
}

// traceSays is one thing that happened on the way.
func (p pathSight) traceSays(ctx context.Context, t sequence.Trace) string {
	out := fw(ctx, "trace_"+string(t.What))
	switch {
	case len(t.Body.Did) > 0:
		out += ": " + did(ctx, t.Body.Did)
	case !t.Body.Until.IsZero():
		out += " · " + fw(ctx, "until", "when", i18n.Moment(ctx, t.Body.Until))
	case t.Body.Fact != "":
		out += ": " + factWord(ctx, t.Body.Fact)
	case t.What == sequence.WasMoved:
		out += ": " + p.Plan.Number(t.Body.To)
	}
	return out
}

func (p pathSight) person(who team.ID) string { return p.House.person(who) }

func moveOptions(ctx context.Context, p pathSight) (list []ui.Option) {
	var walk func(steps []sequence.Step)
	walk = func(steps []sequence.Step) {
		for _, s := range steps {
			list = append(list, ui.Option{Value: strconv.Itoa(s.Key), Label: p.House.stepName(ctx, p.Plan, s)})
			walk(s.Yes)
			walk(s.No)
		}
	}
	walk(p.Plan.Steps)
	return list
}

// heardToo is what flows can begin with: what is heard, or nothing.
func heardToo(ctx context.Context) []ui.Option {
	return append([]ui.Option{{Label: fw(ctx, "by_hand")}}, begins(ctx)...)
}

func partTitle(ctx context.Context, f partForm) string {
	switch f.Part {
	case "begin":
		return fw(ctx, "begins")
	case "leave":
		return fw(ctx, "leaves")
	}
	if f.Ends != "" {
		return fw(ctx, "leaves")
	}
	return fw(ctx, "kind_"+f.Step.Do)
}

// timeWord is a number of minutes as it is typed; none is nothing.
func timeWord(minutes int) string {
	if minutes <= 0 {
		return ""
	}
	return strconv.Itoa(minutes)
}

// leaveIf are the conditions of a fact that ends a flow, as a sentence.
func (f partForm) leaveIf(ctx context.Context, l leaveRow) string {
	var i automation.If
	if json.Unmarshal([]byte(l.Kept), &i) != nil || i.Always() {
		return ""
	}
	return f.Rule.House.says(ctx, i)
}
