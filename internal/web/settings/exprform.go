package settings

import (
	"context"
	"strings"

	"baraji/internal/automation"
	"baraji/internal/kit/db"
	"baraji/internal/moment"
	"baraji/internal/web/ui"
)

// byExpr is what is chosen for an expression, in the place of a field.
const byExpr = "expr"

// conditionRow shows a condition.
func conditionRow(i automation.If) ruleRow {
	if i.Expr != "" {
		return ruleRow{Field: byExpr, Values: []string{i.Expr}}
	}
	return ruleRow{Field: i.Field, Op: i.Op, Values: i.Values}
}

// condition is what a row says. An expression without a word is wrong, not always so.
func (r ruleRow) condition() automation.If {
	if r.Field != byExpr {
		return automation.If{Field: r.Field, Op: r.Op, Values: r.Values}
	}
	if text := strings.TrimSpace(first(r.Values)); text != "" {
		return automation.If{Expr: text}
	}
	return automation.If{Expr: "?"}
}

// named writes the name that was chosen behind the text.
func (r *ruleRow) named() {
	text := first(r.Values)
	if text != "" && !strings.HasSuffix(text, " ") && !strings.HasSuffix(text, "\n") {
		text += " "
	}
	r.Values = []string{text + r.Op}
}

// names are what an expression can use; own fields by their keys.
func (h ruleHouse) names(ctx context.Context) (list []ui.Option) {
	for _, name := range automation.ExprNames() {
		f, _ := automation.FieldOf(name)
		group := rw(ctx, "expr_calls")
		if f.Key != "" {
			group = rw(ctx, "group_"+strings.Split(f.Key, ".")[0])
		}
		if !strings.HasSuffix(name, ".") {
			list = append(list, ui.Option{Value: name, Label: name, Group: group})
			continue
		}
		for _, o := range h.Fields(ctx, f.Choose) {
			list = append(list, ui.Option{Value: name + o.Value, Label: name + o.Value, Group: group})
		}
	}
	return list
}

// readAhead reads what is coming of a rule that is being made.
func (f *ruleForm) readAhead(ctx context.Context, tx *db.Tx, rule automation.Rule) error {
	coming, err := automation.Coming(ctx, tx, rule)
	if err != nil {
		return err
	}
	f.Ahead = &aheadBoard{Ahead: coming, Each: rule.Moment.Each}
	return f.Ahead.read(ctx, tx)
}

// comingOf is what is coming of what is on.
func comingOf(ctx context.Context, tx *db.Tx, owner string, w moment.When, i automation.If) (aheadBoard, error) {
	coming, err := automation.Ahead(ctx, tx, owner, w, i)
	if err != nil {
		return aheadBoard{}, err
	}
	a := aheadBoard{Ahead: coming, Each: w.Each}
	return a, a.read(ctx, tx)
}
