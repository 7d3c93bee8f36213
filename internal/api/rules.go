package api

import (
	"context"
	"net/http"
	"time"

	"baraji/internal/automation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/moment"
	"baraji/internal/team"
)

func rules(rt *routes) {
	get(rt, "/rules", "List the rules, in the order in which they are looked through", listRules)
	post(rt, "/rules", "Make a rule, behind the others", makeRule, status(http.StatusCreated))
	get(rt, "/rules/parts", "List what rules can be made of: the fields of conditions and the actions", listRuleParts)
	post(rt, "/rules/try", "Say what a rule would have done", tryRule, about("Each fact of its kind since then is looked at, with the conversation and the customer as they are now; of a time what is coming. Nothing is changed."))
	get(rt, "/rules/{id}", "Read a rule", getRule)
	patch(rt, "/rules/{id}", "Change a rule, switch it on or off, or move it", changeRule)
	remove(rt, "/rules/{id}", "Remove a rule, with the list of what it did", removeRule)
	get(rt, "/rules/{id}/runs", "List what a rule did, the newest first", listRuleRuns)
}

// RuleIf is a condition (field, op, values) or a group of them (mode, of). Empty is always so.
type RuleIf struct {
	Mode   string   `json:"mode,omitempty" enum:",all,any,none" doc:"Of a group"`
	Of     []RuleIf `json:"of,omitempty" maxItems:"60"`
	Field  string   `json:"field,omitempty" maxLength:"120" doc:"Of a condition: see GET /rules/parts"`
	Op     string   `json:"op,omitempty" maxLength:"20"`
	Values []string `json:"values,omitempty" maxItems:"50" doc:"One of them is enough"`
	Expr   string   `json:"expr,omitempty" maxLength:"2000" doc:"Instead of field, op and values: an expression of the same fields, such as conversation.priority == \"urgent\" and not time.working"`
}

// RuleAct is one thing that a rule does.
type RuleAct struct {
	Do   string            `json:"do" maxLength:"40"`
	With map[string]string `json:"with,omitempty"`
}

// Rule is something that happens by itself.
type Rule struct {
	ID        string      `json:"id"`
	Name      string      `json:"name"`
	On        bool        `json:"on"`
	Place     int         `json:"place" doc:"From 0"`
	When      string      `json:"when" doc:"The kind of fact it listens to; moment.came is a time"`
	Moment    *RuleMoment `json:"moment,omitempty" doc:"Which time"`
	If        RuleIf      `json:"if"`
	Then      []RuleAct   `json:"then" nullable:"false"`
	Stop      bool        `json:"stop" doc:"Rules behind it do not hear the same fact"`
	Version   int         `json:"version"`
	OwnerID   ref         `json:"owner_id" doc:"Who is told when it fails"`
	CreatedAt stamp       `json:"created_at"`
	UpdatedAt stamp       `json:"updated_at"`
}

func showIf(i automation.If) RuleIf {
	out := RuleIf{Mode: i.Mode, Field: i.Field, Op: i.Op, Values: i.Values, Expr: i.Expr}
	for _, o := range i.Of {
		out.Of = append(out.Of, showIf(o))
	}
	return out
}

func (i RuleIf) read() automation.If {
	out := automation.If{Mode: i.Mode, Field: i.Field, Op: i.Op, Values: i.Values, Expr: i.Expr}
	for _, o := range i.Of {
		out.Of = append(out.Of, o.read())
	}
	return out
}

func readActs(list []RuleAct) (out []automation.Act) {
	for _, a := range list {
		out = append(out, automation.Act{Do: a.Do, With: a.With})
	}
	return out
}

func showRule(r automation.Rule) Rule {
	out := Rule{ID: r.ID.String(), Name: r.Name, On: r.On, Place: r.Place, When: r.When, Moment: showMoment(r.Moment), If: showIf(r.If), Then: []RuleAct{}, Stop: r.Stop, Version: r.Version,
		OwnerID: refOf(r.Owner), CreatedAt: stamp(r.CreatedAt), UpdatedAt: stamp(r.UpdatedAt)}
	for _, a := range r.Then {
		out.Then = append(out.Then, RuleAct{a.Do, a.With})
	}
	return out
}

func listRules(ctx context.Context, tx *db.Tx, _ *struct{}) (page[Rule], error) {
	list, err := automation.List(ctx, tx)
	return all(list, showRule), err
}

func getRule(ctx context.Context, tx *db.Tx, in *one) (Rule, error) {
	id, err := target[automation.ID](in.ID)
	if err != nil {
		return Rule{}, err
	}
	r, err := automation.Get(ctx, tx, id)
	return showRule(r), err
}

// RuleBody is a rule as it comes. Like all that is embedded it has a name that can be seen from outside.
type RuleBody struct {
	Name    string      `json:"name" minLength:"1" maxLength:"100"`
	On      bool        `json:"on,omitempty" doc:"Off unless said"`
	When    string      `json:"when,omitempty" maxLength:"60" doc:"A kind of fact; with a moment nothing, or moment.came"`
	Moment  *RuleMoment `json:"moment,omitempty" doc:"It waits for a time"`
	If      RuleIf      `json:"if,omitempty"`
	Then    []RuleAct   `json:"then" maxItems:"20"`
	Stop    bool        `json:"stop,omitempty"`
	OwnerID string      `json:"owner_id,omitempty" doc:"Whose token it is unless said"`
}

func (b RuleBody) read() (automation.Rule, error) {
	owner, err := named[team.ID]("owner_id", b.OwnerID)
	at := b.Moment.read(&b.When)
	return automation.Rule{Name: b.Name, On: b.On, When: b.When, Moment: at, If: b.If.read(), Then: readActs(b.Then), Stop: b.Stop, Owner: owner}, err
}

type newRule struct{ Body RuleBody }

func makeRule(ctx context.Context, tx *db.Tx, in *newRule) (Rule, error) {
	r, err := in.Body.read()
	if err != nil {
		return Rule{}, err
	}
	id, err := automation.Make(ctx, tx, r)
	if err != nil {
		return Rule{}, err
	}
	r, err = automation.Get(ctx, tx, id)
	return showRule(r), err
}

// rulePatch changes what it names.
type rulePatch struct {
	ID   string `path:"id"`
	Body struct {
		Name    *string     `json:"name,omitempty" maxLength:"100"`
		On      *bool       `json:"on,omitempty"`
		Place   *int        `json:"place,omitempty" minimum:"0"`
		When    *string     `json:"when,omitempty" maxLength:"60"`
		Moment  *RuleMoment `json:"moment,omitempty"`
		If      *RuleIf     `json:"if,omitempty"`
		Then    *[]RuleAct  `json:"then,omitempty" maxItems:"20"`
		Stop    *bool       `json:"stop,omitempty"`
		OwnerID *string     `json:"owner_id,omitempty"`
	}
}

func changeRule(ctx context.Context, tx *db.Tx, in *rulePatch) (Rule, error) {
	id, err := target[automation.ID](in.ID)
	if err != nil {
		return Rule{}, err
	}
	r, err := automation.Get(ctx, tx, id)
	if err != nil {
		return Rule{}, err
	}
	b := in.Body
	if b.Name != nil {
		r.Name = *b.Name
	}
	if b.When != nil {
		r.When = *b.When
	}
	if b.Moment != nil {
		r.When, r.Moment = moment.Kind, b.Moment.read(nil)
	}
	if b.If != nil {
		r.If = b.If.read()
	}
	if b.Then != nil {
		r.Then = readActs(*b.Then)
	}
	if b.Stop != nil {
		r.Stop = *b.Stop
	}
	if b.OwnerID != nil {
		if r.Owner, err = named[team.ID]("owner_id", *b.OwnerID); err != nil {
			return Rule{}, err
		}
	}
	if err := automation.Change(ctx, tx, r); err != nil {
		return Rule{}, err
	}
	if b.On != nil {
		if err := automation.Switch(ctx, tx, id, *b.On); err != nil {
			return Rule{}, err
		}
	}
	if b.Place != nil {
		if err := automation.Move(ctx, tx, id, *b.Place); err != nil {
			return Rule{}, err
		}
	}
	r, err = automation.Get(ctx, tx, id)
	return showRule(r), err
}

func removeRule(ctx context.Context, tx *db.Tx, in *one) error {
	id, err := target[automation.ID](in.ID)
	if err != nil {
		return err
	}
	return automation.Delete(ctx, tx, id)
}

// RuleRun is what a rule did about a fact.
type RuleRun struct {
	ID      string   `json:"id"`
	Version int      `json:"version" doc:"Of the rule"`
	Event   string   `json:"event" doc:"The fact"`
	Root    string   `json:"root" doc:"The fact with which the chain began"`
	Subject string   `json:"subject" doc:"The conversation or the customer"`
	Outcome string   `json:"outcome" enum:"done,failed,given_up,cut" doc:"failed: it is tried again; cut: the chain was too long"`
	Tries   int      `json:"tries"`
	Did     []string `json:"did" nullable:"false"`
	Why     string   `json:"why" doc:"What went wrong"`
	At      stamp    `json:"at"`
}

// ruleRunQuery is which runs are listed.
type ruleRunQuery struct {
	ID string `path:"id"`
	Span
}

func listRuleRuns(ctx context.Context, tx *db.Tx, in *ruleRunQuery) (page[RuleRun], error) {
	id, err := target[automation.ID](in.ID)
	if err != nil {
		return page[RuleRun]{}, err
	}
	before, err := cursorID[automation.RunID](in.Cursor)
	if err != nil {
		return page[RuleRun]{}, err
	}
	list, err := automation.Runs(ctx, tx, id, before, in.Limit+1)
	return cut(list, in.Limit, func(o automation.Run) string { return o.ID.String() }, func(o automation.Run) RuleRun {
		return RuleRun{o.ID.String(), o.Version, o.Event.String(), o.Root.String(), o.Subject, string(o.Outcome), o.Tries, append([]string{}, o.Did...), o.Why.In(i18n.Of(ctx).Locale), stamp(o.At)}
	}), err
}

type ruleTry struct {
	Body struct {
		RuleBody
		Since time.Time `json:"since,omitempty" doc:"30 days ago unless said"`
	}
}

// RuleWould is what a rule would have done.
type RuleWould struct {
	Looked int             `json:"looked" doc:"Facts of its kind"`
	Ran    int             `json:"ran"`
	More   bool            `json:"more" doc:"There were more facts than are looked at"`
	Since  stamp           `json:"since"`
	Times  []RuleWouldTime `json:"times" nullable:"false" doc:"The newest of those for which it would have run"`
	Coming []RuleComing    `json:"coming,omitempty" doc:"Of a rule that waits for a time: the next ones, or what they are about"`
	Due    int             `json:"due,omitempty" doc:"Of a date: how many are due within thirty days; of a schedule: how many it would be about now"`
}

// RuleWouldTime is a fact for which it would have run.
type RuleWouldTime struct {
	Event   string `json:"event"`
	Subject string `json:"subject"`
	At      stamp  `json:"at"`
}

func tryRule(ctx context.Context, tx *db.Tx, in *ruleTry) (RuleWould, error) {
	r, err := in.Body.read()
	if err != nil {
		return RuleWould{}, err
	}
	since := in.Body.Since
	if since.IsZero() {
		since = tx.Now().AddDate(0, 0, -30)
	}
	if r.Moment != nil {
		a, err := automation.Coming(ctx, tx, r)
		return RuleWould{Since: stamp(since), Times: []RuleWouldTime{}, Coming: showComing(a), Due: a.Count, More: a.More}, err
	}
	w, err := automation.Try(ctx, tx, r, since)
	out := RuleWould{Looked: w.Looked, Ran: w.Ran, More: w.More, Since: stamp(w.Since), Times: []RuleWouldTime{}}
	for _, f := range w.Times {
		out.Times = append(out.Times, RuleWouldTime{f.Event.String(), f.Subject, stamp(f.At)})
	}
	return out, err
}

// RuleParts are what rules can be made of.
type RuleParts struct {
	Fields       []RuleField  `json:"fields" nullable:"false"`
	Actions      []RuleAction `json:"actions" nullable:"false"`
	Placeholders []string     `json:"placeholders" nullable:"false" doc:"In texts, in braces"`
	Dates        []string     `json:"dates" nullable:"false" doc:"What a time can be relative to"`
}

// RuleField is something a rule can look at.
type RuleField struct {
	Key     string   `json:"key" doc:"One that ends with a point is followed by the key of an own field, or the id of a segment"`
	Kind    string   `json:"kind" enum:"word,text,number,moment,flag,many"`
	Ops     []string `json:"ops" nullable:"false"`
	Choices []string `json:"choices,omitempty"`
}

// RuleAction is a sort of thing that a rule can do.
type RuleAction struct {
	Key    string      `json:"key"`
	Params []RuleParam `json:"params" nullable:"false"`
}

// RuleParam is something that an action is told.
type RuleParam struct {
	Name     string   `json:"name"`
	Choose   string   `json:"choose,omitempty" doc:"What it is picked from"`
	Choices  []string `json:"choices,omitempty"`
	Required bool     `json:"required"`
}

func listRuleParts(ctx context.Context, _ *db.Tx, _ *struct{}) (RuleParts, error) {
	out := RuleParts{[]RuleField{}, []RuleAction{}, automation.Placeholders, datesOf()}
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return out, err
	}
	for _, f := range automation.Fields {
		x := RuleField{Key: f.Key, Kind: string(f.Kind), Ops: automation.Ops[f.Kind]}
		if f.Choices != nil {
			x.Choices = f.Choices()
		}
		out.Fields = append(out.Fields, x)
	}
	for _, a := range automation.Actions {
		x := RuleAction{a.Key, []RuleParam{}}
		for _, p := range a.Params {
			y := RuleParam{Name: p.Name, Choose: p.Choose, Required: !p.May}
			if p.Choices != nil {
				y.Choices = p.Choices()
			}
			x.Params = append(x.Params, y)
		}
		out.Actions = append(out.Actions, x)
	}
	return out, nil
}
