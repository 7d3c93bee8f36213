package settings

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"baraji/internal/automation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/sequence"
	"baraji/internal/team"
	"baraji/internal/web/acts"
	"baraji/internal/web/ui"
)

// partForm is one part of a flow as it is typed: how it begins, what ends it early, or a step.
type partForm struct {
	Flow  sequence.ID
	Part  string // "begin", "leave", "leave.0" (the conditions of one that ends it), or the key of a step
	Of    string // what the flow is called
	Name  string // of begin
	Again bool
	Owner string
	Leave []leaveRow
	Ends  string        // of the conditions of one that ends it: the fact
	Step  sequence.Step // of a step, without its conditions and actions
	Days  string        // of waiting for a day
	Side  string        // "before" or "after"
	Clock string
	Rule  ruleForm // the conditions and actions of it
}

// leaveRow is a fact that ends a flow early. Its conditions have a form of their own.
type leaveRow struct{ When, Kept string }

func (f partForm) path() string { return flowPath(f.Flow) + "/edit/" + f.Part }

// up is where one comes from: the flow, or what ends it.
func (f partForm) up() string {
	if _, one := f.leave(); one {
		return flowPath(f.Flow) + "/edit/leave"
	}
	return flowPath(f.Flow) + "/edit#step-" + f.Part
}

// leave says that it is about the conditions of one that ends it, and which.
func (f partForm) leave() (n int, one bool) {
	at, one := strings.CutPrefix(f.Part, "leave.")
	n, err := strconv.Atoi(at)
	return n, one && err == nil
}

func (a area) flowPart(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), partForm{Part: r.PathValue("part")}
	key, err := flowID(r)
	if err != nil {
		return err
	}
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		flow, _, err := sequence.Draft(ctx, tx, key)
		if err != nil {
			return err
		}
		return f.fill(flow)
	})
	if err != nil {
		return err
	}
	return a.showPart(w, r, http.StatusOK, f)
}

func (a area) showPart(w http.ResponseWriter, r *http.Request, status int, f partForm) error {
	if err := a.DB.Read(r.Context(), func(tx *db.Tx) error { return f.Rule.House.Read(r.Context(), tx) }); err != nil {
		return err
	}
	f.Rule.At = f.path()
	ui.Render(w, r, status, flowPartPage(f))
	return nil
}

// fill shows a part as it is.
func (f *partForm) fill(flow sequence.Flow) error {
	f.Flow, f.Of = flow.ID, flow.Name
	switch f.Part {
	case "begin":
		f.Name, f.Again, f.Owner = flow.Name, flow.Again, flow.Owner.String()
		f.Rule = formOf(automation.Rule{When: flow.Start.When, Moment: flow.Start.Moment, If: flow.Start.If})
		return nil
	case "leave":
		for _, l := range flow.Leave {
			b, _ := json.Marshal(l.If) // plain strings
			f.Leave = append(f.Leave, leaveRow{l.When, string(b)})
		}
		return nil
	}
	if n, one := f.leave(); one {
		if n < 0 || n >= len(flow.Leave) {
			return problem.New(problem.NotFound, "There is no such step.")
		}
		f.Rule = formOf(automation.Rule{When: flow.Leave[n].When, If: flow.Leave[n].If})
		f.Ends = flow.Leave[n].When
		return nil
	}
	n, _ := strconv.Atoi(f.Part)
	s := flow.Step(n)
	if s == nil {
		return problem.New(problem.NotFound, "There is no such step.")
	}
	f.Step = *s
	cond := s.If
	if s.Do == "wait" {
		cond = s.Wait.If
	}
	f.Rule = formOf(automation.Rule{When: s.Wait.When, If: cond, Then: s.Acts})
	days := s.Wait.Days
	if f.Side = "after"; days < 0 {
		days, f.Side = -days, "before"
	}
	f.Days, f.Clock = strconv.Itoa(days), clockOf(s.Wait.At)
	return nil
}

func clockOf(minute int) string {
	if minute == 0 {
		minute = 9 * 60
	}
	return twoDigits(minute/60) + ":" + twoDigits(minute%60)
}

func twoDigits(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// typedPart reads the form over a part as it is.
func (f *partForm) typed(r *http.Request) {
	f.Rule = typedRule(r)
	f.Name, f.Again, f.Owner = r.FormValue("name"), r.FormValue("again") != "", r.FormValue("owner")
	f.Leave = nil
	for i := range min(len(r.Form["l"]), 20) {
		at := "l" + strconv.Itoa(i) + "."
		row := leaveRow{r.FormValue(at + "when"), r.FormValue(at + "kept")}
		if r.FormValue(at+"was") != row.When {
			row.Kept = "" // conditions on another fact
		}
		f.Leave = append(f.Leave, row)
	}
	f.Days, f.Side, f.Clock = r.FormValue("days"), r.FormValue("side"), r.FormValue("clock")
	if s := &f.Step; s.Do == "wait" {
		s.Wait = sequence.Wait{For: r.FormValue("for"), When: r.FormValue("when"), Field: r.FormValue("field")}
		s.Wait.Minutes = typedMinutes(r, "minutes")
	}
	if s := &f.Step; s.Do == "ask" || s.Do == "hand" {
		s.Who = sequence.Who{Person: r.FormValue("person"), Text: strings.TrimSpace(r.FormValue("text")), Minutes: typedMinutes(r, "minutes")}
		s.Who.Team, _ = id.Read[team.TeamID](r.FormValue("team"))
	}
}

// typedMinutes is a time as typed; -1 is none that one can read.
func typedMinutes(r *http.Request, name string) int {
	v := strings.TrimSpace(r.FormValue(name))
	if v == "" {
		return 0
	}
	n, err := strconv.Atoi(acts.InMinutes(v, r.FormValue(name+"_unit")))
	if err != nil {
		return -1
	}
	return n
}

// put makes the draft what the form says.
func (f partForm) put(ctx context.Context, tx *db.Tx, flow *sequence.Flow) error {
	rule, err := f.Rule.rule()
	if err != nil {
		return err
	}
	switch f.Part {
	case "begin":
		var c problem.Check
		flow.Name = strings.Join(strings.Fields(f.Name), " ")
		c.That(flow.Name != "", "name", "Give it a name.")
		flow.Again, flow.Start = f.Again, sequence.Start{When: rule.When, Moment: rule.Moment, If: rule.If}
		if err := flow.Start.Check(ctx, tx, &c, ""); err != nil {
			return err
		}
		flow.Owner, _ = id.Read[team.ID](f.Owner)
		return c.Err()
	case "leave":
		flow.Leave = nil
		for _, row := range f.Leave {
			l := sequence.Leave{When: row.When}
			if row.Kept != "" && json.Unmarshal([]byte(row.Kept), &l.If) != nil {
				return problem.New(problem.Invalid, "This form is not the one that was sent.")
			}
			flow.Leave = append(flow.Leave, l)
		}
		return nil
	}
	if n, one := f.leave(); one {
		if n >= len(flow.Leave) || flow.Leave[n].When != f.Ends {
			return problem.New(problem.Conflict, "Somebody has changed the flow meanwhile.")
		}
		var c problem.Check
		rule.If.Check(&c, "if")
		flow.Leave[n].If = rule.If
		return c.Err()
	}
	s := flow.Step(f.Step.Key)
	if s == nil {
		return problem.New(problem.NotFound, "There is no such step.")
	}
	s.Acts, s.If, s.Wait, s.Who = rule.Then, rule.If, f.Step.Wait, f.Step.Who
	if s.Wait.If = rule.If; s.Wait.For == "date" {
		s.Wait.Days, s.Wait.At = f.day()
	}
	return sequence.CheckStep(ctx, tx, s)
}

// day is so many days before or after, and the minute of the day; what cannot be read is out of range.
func (f partForm) day() (days, at int) {
	days, err := strconv.Atoi(strings.TrimSpace(f.Days))
	if err != nil || days < 0 {
		days = 1 << 20
	}
	if f.Side == "before" {
		days = -days
	}
	at = -1
	if h, m, ok := strings.Cut(f.Clock, ":"); ok {
		hour, err1 := strconv.Atoi(h)
		minute, err2 := strconv.Atoi(m)
		if err1 == nil && err2 == nil && hour >= 0 && hour < 24 && minute >= 0 && minute < 60 {
			at = hour*60 + minute
		}
	}
	return days, at
}

// saveFlowPart is POST of the form: a row more or less, or all of it into the draft.
func (a area) saveFlowPart(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), partForm{Part: r.PathValue("part")}
	key, err := flowID(r)
	if err != nil {
		return err
	}
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		flow, _, err := sequence.Draft(ctx, tx, key)
		if err != nil {
			return err
		}
		return f.fill(flow)
	})
	if err != nil {
		return err
	}
	f.typed(r)
	do, at, _ := strings.Cut(r.FormValue("do"), " ")
	if f.arrange(do, at) {
		return a.showPart(w, r, http.StatusOK, f)
	}
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		return sequence.Sketch(ctx, tx, key, func(flow *sequence.Flow) error { return f.put(ctx, tx, flow) })
	})
	if err == nil && do == "conditions" {
		ui.Redirect(w, r, f.path()+"."+at)
		return nil
	}
	if err == nil {
		ui.Redirect(w, r, f.up())
		return nil
	}
	if f.Rule.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	for i, e := range f.Rule.Trouble.Errors {
		f.Rule.Trouble.Errors[i].Name = strings.TrimPrefix(e.Name, "step.")
	}
	return a.showPart(w, r, f.Rule.Trouble.Status, f)
}

func (f *partForm) arrange(do, at string) bool {
	i, _ := strconv.Atoi(at)
	switch do {
	case "leave":
		f.Leave = append(f.Leave, leaveRow{When: "conversation.received"})
	case "unleave":
		if i >= 0 && i < len(f.Leave) {
			f.Leave = slices.Delete(f.Leave, i, i+1)
		}
	default:
		return f.Rule.arrange(do, at)
	}
	return true
}
