package db

import (
	"strconv"
	"strings"
)

// Args collects the arguments of a query that is put together from parts.
//
//	var a db.Args
//	q := `SELECT … WHERE team_id IN ` + db.In(&a, teams) + ` AND status = ` + a.Add(status)
//	db.All(ctx, tx, scan, q, a.List()...)
type Args struct{ list []any }

// Add notes an argument and returns its placeholder.
func (a *Args) Add(v any) string {
	a.list = append(a.list, v)
	return "$" + strconv.Itoa(len(a.list))
}

// List is every argument noted so far.
func (a *Args) List() []any { return a.list }

// In notes every value and returns the list of their placeholders in brackets.
// An empty list gives one that matches nothing.
func In[T any](a *Args, values []T) string {
	if len(values) == 0 {
		return "(NULL)"
	}
	marks := make([]string, len(values))
	for i, v := range values {
		marks[i] = a.Add(v)
	}
	return "(" + strings.Join(marks, ", ") + ")"
}

// Like escapes what a person typed for a LIKE pattern with ESCAPE '\'.
func Like(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}
