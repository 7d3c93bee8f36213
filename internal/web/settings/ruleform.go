package settings

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"baraji/internal/automation"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
	"baraji/internal/web/acts"
	"baraji/internal/web/ui"
)

// ruleForm is a rule as it is typed.
type ruleForm struct {
	ID      automation.ID
	Name    string
	On      bool
	When    string // a kind of fact, onSchedule or onDate
	Time    timeForm
	Mode    string
	Rows    []ruleRow
	Kept    string // JSON of conditions that lie deeper than the form shows; they stay as they are
	Acts    []automation.Act
	Stop    bool
	Owner   string
	House   ruleHouse
	Tried   *automation.Would
	Ahead   *aheadBoard
	Titles  map[conversation.ID]string
	From    string // the template that it began with
	Focus   string // what was just added
	At      string // the address of a form that this is a part of; "" is a rule's own
	Trouble ui.Trouble
}

// ruleRow is one condition: own is the key of an own field.
type ruleRow struct {
	Field, Op string
	Values    []string
}

// settle gives a condition that looks at something else a comparison that this has.
func (r *ruleRow) settle() {
	if r.Field == byExpr {
		r.Op = ""
		return
	}
	f, _ := automation.FieldOf(r.Field)
	if ops := automation.Ops[f.Kind]; len(ops) > 0 && !slices.Contains(ops, r.Op) {
		r.Op, r.Values = ops[0], nil
	}
}

// typed says whether its values are typed, with commas between them.
func (r ruleRow) typed() bool {
	f, _ := automation.FieldOf(r.Field)
	return !bareOp(r.Op) && (f.Kind == automation.Text || f.Kind == automation.Many)
}

func (f ruleForm) path() string {
	if f.At != "" {
		return f.At
	}
	if f.ID == 0 {
		return "/settings/rules/new"
	}
	return rulePath(f.ID) + "/edit"
}

func (f ruleForm) up() string {
	if f.ID == 0 {
		return "/settings/rules"
	}
	return rulePath(f.ID)
}

// formOf shows a rule; conditions that lie deeper than one group are kept as they are.
func formOf(r automation.Rule) ruleForm {
	f := ruleForm{ID: r.ID, Name: r.Name, On: r.On, Mode: r.If.Mode, Stop: r.Stop, Owner: r.Owner.String()}
	f.When, f.Time = chosenTime(r.When, r.Moment)
	list := r.If.Of
	if r.If.Field != "" || r.If.Expr != "" {
		list = []automation.If{r.If}
	}
	if slices.ContainsFunc(list, func(i automation.If) bool { return i.Field == "" && i.Expr == "" }) {
		b, _ := json.Marshal(r.If) // plain strings
		f.Kept, list = string(b), nil
	}
	for _, i := range list {
		f.Rows = append(f.Rows, conditionRow(i))
	}
	f.Acts = r.Then
	return f
}

func (a area) editRule(w http.ResponseWriter, r *http.Request) error {
	key, err := ruleID(r)
	if err != nil {
		return err
	}
	var rule automation.Rule
	err = a.DB.Read(r.Context(), func(tx *db.Tx) (err error) { rule, err = automation.Get(r.Context(), tx, key); return err })
	if err != nil {
		return err
	}
	return a.showRule(w, r, http.StatusOK, formOf(rule))
}

func (a area) showRule(w http.ResponseWriter, r *http.Request, status int, f ruleForm) error {
	err := a.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		if f.Tried != nil {
			var talks []conversation.ID
			for _, t := range f.Tried.Times {
				if key, err := id.Read[conversation.ID](t.Subject); err == nil {
					talks = append(talks, key)
				}
			}
			if f.Titles, err = conversation.Titles(r.Context(), tx, talks); err != nil {
				return err
			}
		}
		return f.House.Read(r.Context(), tx)
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, status, ruleFormPage(f))
	return nil
}

// typedRule reads the form.
func typedRule(r *http.Request) (f ruleForm) {
	f = ruleForm{Name: r.FormValue("name"), When: r.FormValue("when"), Mode: r.FormValue("mode"), Kept: r.FormValue("kept"), Stop: r.FormValue("stop") != "", Owner: r.FormValue("owner")}
	f.Time = typedTime(r)
	for i := range min(len(r.Form["c"]), 60) {
		at := "c" + strconv.Itoa(i) + "."
		f.Rows = append(f.Rows, ruleRow{r.FormValue(at + "field"), r.FormValue(at + "op"), typedValues(r, at)})
	}
	f.Acts = acts.Typed(r)
	return f
}

// typedValues are the values of a condition: ticked, or typed with commas between them.
func typedValues(r *http.Request, at string) (out []string) {
	if r.FormValue(at+"field") == byExpr {
		return []string{strings.ReplaceAll(r.FormValue(at+"v"), "\r\n", "\n")}
	}
	field, _ := automation.FieldOf(r.FormValue(at + "field"))
	switch field.Kind {
	case automation.Moment:
		return []string{acts.InMinutes(r.FormValue(at+"n"), r.FormValue(at+"unit"))}
	case automation.Word:
		out = append(out, r.Form[at+"pick"]...)
	}
	for v := range strings.FieldsFuncSeq(r.FormValue(at+"v"), func(c rune) bool { return c == ',' || c == '\n' }) {
		out = append(out, strings.TrimSpace(v))
	}
	return out
}

// rule is what the form says.
func (f ruleForm) rule() (automation.Rule, error) {
	r := automation.Rule{ID: f.ID, Name: f.Name, On: f.On, Stop: f.Stop, If: automation.If{Mode: f.Mode}}
	r.When, r.Moment = f.Time.when(f.When)
	if f.Kept != "" {
		if err := json.Unmarshal([]byte(f.Kept), &r.If); err != nil {
			return r, problem.New(problem.Invalid, "This form is not the one that was sent.")
		}
	}
	for _, row := range f.Rows {
		r.If.Of = append(r.If.Of, row.condition())
	}
	r.Then = f.Acts
	r.Owner, _ = id.Read[team.ID](f.Owner)
	return r, nil
}

// saveRule is POST of the form: a row more or less, a look at the past, or all of it saved.
func (a area) saveRule(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), typedRule(r)
	if r.PathValue("id") != "" {
		key, err := ruleID(r)
		if err != nil {
			return err
		}
		f.ID = key
	}
	do, at, _ := strings.Cut(r.FormValue("do"), " ")
	if f.arrange(do, at) {
		return a.showRule(w, r, http.StatusOK, f)
	}
	rule, err := f.rule()
	if err != nil {
		return err
	}
	if do == "try" {
		err = a.DB.Read(ctx, func(tx *db.Tx) error {
			if f.ID != 0 {
				if _, err := automation.Get(ctx, tx, f.ID); err != nil {
					return err
				}
			}
			if rule.Moment != nil {
				return f.readAhead(ctx, tx, rule)
			}
			w, err := automation.Try(ctx, tx, rule, tx.Now().AddDate(0, 0, -shownDays))
			f.Tried = &w
			return err
		})
	} else {
		err = a.DB.Write(ctx, func(tx *db.Tx) (err error) {
			if f.ID == 0 {
				f.ID, err = automation.Make(ctx, tx, rule)
				return err
			}
			return automation.Change(ctx, tx, rule)
		})
		if err == nil {
			return done(w, r, rulePath(f.ID), "saved")
		}
	}
	if err == nil {
		return a.showRule(w, r, http.StatusOK, f)
	}
	f.Tried, f.Ahead = nil, nil
	if r.PathValue("id") == "" {
		f.ID = 0
	}
	if f.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	return a.showRule(w, r, f.Trouble.Status, f)
}

// arrange does what a button says that only changes the form; false is another button.
func (f *ruleForm) arrange(do, at string) bool {
	if focus, ok := acts.Arrange(&f.Acts, "then", do, at); ok {
		f.Focus = focus
		return true
	}
	i, _ := strconv.Atoi(at)
	switch do {
	case "name":
		if i >= 0 && i < len(f.Rows) {
			f.Rows[i].named()
			f.Focus = "if." + at
		}
	case "redraw":
		for n := range f.Rows {
			f.Rows[n].settle()
		}
	case "condition":
		f.Rows = append(f.Rows, ruleRow{Field: "message.text", Op: "contains"})
		f.Focus = "if." + strconv.Itoa(len(f.Rows)-1)
	case "off":
		if i >= 0 && i < len(f.Rows) {
			f.Rows = slices.Delete(f.Rows, i, i+1)
		}
		f.Focus = "add-condition"
	case "kept":
		f.Kept = ""
	default:
		return false
	}
	return true
}
