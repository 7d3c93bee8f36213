package automation

import (
	"errors"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/types"
	"github.com/expr-lang/expr/vm"

	"baraji/internal/kit/hours"
	"baraji/internal/kit/problem"
)

// An expression is a condition as a text, of the same fields as all others. It ends whatever stands in it: it has no loops, no variables, no
// ranges and no way to anything but the fields that it names; what it can cost grows with its length, which is bounded.
type expression struct {
	program *vm.Program
	fields  []string // that it names
}

const (
	longestExpr = 2000
	mostParts   = 200
)

// instant is a time in an expression. It can only be handed to the functions below.
type instant struct{ at time.Time }

// exprCalls are the functions of an expression; each says what it takes and gives.
var exprCalls = map[string]types.Type{
	"minutes_since": types.TypeOf(func(instant) float64 { return 0 }),
	"hours_since":   types.TypeOf(func(instant) float64 { return 0 }),
	"days_since":    types.TypeOf(func(instant) float64 { return 0 }),
	"day":           types.TypeOf(func(string) instant { return instant{} }),
	"number":        types.TypeOf(func(string) float64 { return 0 }),
}

var exprBuiltins = []string{"len", "lower", "trim"}

// ExprNames are the names and functions that an expression can use, in the order of [Fields].
func ExprNames() (names []string) {
	for _, f := range Fields {
		names = append(names, f.Key)
	}
	for _, f := range slices.Sorted(maps.Keys(exprCalls)) {
		names = append(names, f+"()")
	}
	for _, f := range exprBuiltins {
		names = append(names, f+"()")
	}
	return names
}

// exprTypes are what each name is.
func exprTypes() types.Map {
	kinds := map[Kind]types.Type{Word: types.String, Text: types.String, Number: types.Float64, Moment: types.TypeOf(instant{}), Flag: types.Bool, Many: types.TypeOf([]string{})}
	env := types.Map{}
	maps.Copy(env, exprCalls)
	for _, f := range Fields {
		path := strings.Split(strings.TrimSuffix(f.Key, "."), ".")
		group, ok := env[path[0]].(types.Map)
		if !ok {
			group = types.Map{}
			env[path[0]] = group
		}
		switch group[path[1]] = kinds[f.Kind]; {
		case strings.HasSuffix(f.Key, ".") && f.Kind == Flag:
			group[path[1]] = types.TypeOf(map[string]bool{})
		case strings.HasSuffix(f.Key, "."):
			group[path[1]] = types.TypeOf(map[string]string{})
		}
	}
	return env
}

// compile reads an expression. What is wrong with it is a problem that says where.
func compile(text string) (*expression, error) {
	if len([]rune(text)) > longestExpr {
		return nil, problem.New(problem.Invalid, "At most %d characters.", longestExpr)
	}
	tree, err := parser.Parse(text)
	if err != nil {
		return nil, wrongAt(text, err)
	}
	look := &exprLook{}
	ast.Walk(&tree.Node, look)
	if look.parts > mostParts {
		return nil, problem.New(problem.Invalid, "This expression is too long: %d parts are the most.", mostParts)
	}
	if err := look.names(tree.Node); err != nil {
		return nil, err
	}
	options := []expr.Option{expr.Env(exprTypes()), expr.AsBool(), expr.MaxNodes(mostParts), expr.DisableAllBuiltins()}
	for _, b := range exprBuiltins {
		options = append(options, expr.EnableBuiltin(b))
	}
	program, err := expr.Compile(text, options...)
	if err != nil {
		return nil, wrongAt(text, err)
	}
	return &expression{program, look.fields}, nil
}

// wrongAt says where an expression is wrong, and what stands there.
func wrongAt(text string, err error) error {
	if strings.Contains(err.Error(), "expected bool") {
		return problem.New(problem.Invalid, "An expression has to be a yes or a no, such as conversation.priority == \"urgent\".")
	}
	var bad *file.Error
	if !errors.As(err, &bad) {
		return problem.New(problem.Invalid, "This expression cannot be read.")
	}
	here := pieceAt(text, bad.Line, bad.Column)
	if here == "" || strings.Contains(bad.Message, "EOF") {
		return problem.New(problem.Invalid, "Something is missing at the end.")
	}
	if strings.Contains(bad.Message, "mismatched types") || strings.Contains(bad.Message, "cannot use") || strings.Contains(bad.Message, "invalid operation") {
		return problem.New(problem.Invalid, "At “%s” (line %d, character %d): these two are not of one kind. Texts stand in quotes, numbers do not.", here, bad.Line, bad.Column+1)
	}
	return problem.New(problem.Invalid, "This is not understood from “%s” on (line %d, character %d).", here, bad.Line, bad.Column+1)
}

// pieceAt is the beginning of what stands at a place.
func pieceAt(text string, line, column int) string {
	lines := strings.Split(text, "\n")
	if line < 1 || line > len(lines) {
		return ""
	}
	rest := []rune(lines[line-1])
	if column < 0 || column >= len(rest) {
		return ""
	}
	return strings.TrimSpace(string(rest[column:min(len(rest), column+20)]))
}

// runs says whether an expression is so for a case.
func (x *expression) runs(c *Case) (bool, error) {
	env := x.calls(c.now())
	for _, key := range x.fields {
		f, own := FieldOf(key)
		v, err := f.read(c, own)
		if err != nil {
			return false, err
		}
		path := strings.SplitN(key, ".", 3)
		group, ok := env[path[0]].(map[string]any)
		if !ok {
			group = map[string]any{}
			env[path[0]] = group
		}
		if own == "" {
			group[path[1]] = v.plain(f.Kind)
			continue
		}
		if f.Kind == Flag {
			owned[bool](group, path[1])[own] = v.Yes
			continue
		}
		owned[string](group, path[1])[own], _ = v.plain(Text).(string)
	}
	out, err := vm.Run(x.program, env)
	so, _ := out.(bool)
	return so, err
}

// owned are the own ones among a group's values.
func owned[T any](group map[string]any, name string) map[string]T {
	mine, ok := group[name].(map[string]T)
	if !ok {
		mine = map[string]T{}
		group[name] = mine
	}
	return mine
}

// plain is a value as an expression has it.
func (v Value) plain(kind Kind) any {
	switch kind {
	case Number:
		return v.Number
	case Moment:
		return instant{v.At}
	case Flag:
		return v.Yes
	case Many:
		return v.Texts
	}
	if len(v.Texts) == 0 {
		return ""
	}
	return v.Texts[0]
}

// calls are the functions, at a time. Of what is not known comes no number: nothing is so of it.
func (x *expression) calls(now time.Time) map[string]any {
	since := func(unit time.Duration) func(instant) float64 {
		return func(i instant) float64 {
			if i.at.IsZero() {
				return math.NaN()
			}
			return float64(now.Sub(i.at)) / float64(unit)
		}
	}
	return map[string]any{"minutes_since": since(time.Minute), "hours_since": since(time.Hour), "days_since": since(24 * time.Hour),
		"day": func(s string) instant {
			d, err := hours.ParseDate(s)
			if err != nil {
				return instant{}
			}
			return instant{time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)}
		},
		"number": func(s string) float64 {
			n, err := strconv.ParseFloat(s, 64)
			if err != nil {
				return math.NaN()
			}
			return n
		}}
}

// ready compiles what is an expression in a condition, so that it is done once for each version.
func (i *If) ready() {
	if i.Expr != "" {
		i.compiled, _ = compile(i.Expr)
	}
	for n := range i.Of {
		i.Of[n].ready()
	}
}

// Ready makes a condition that was read from a row quick.
func (i *If) Ready() { i.ready() }

func (c *Case) expressed(i If) (bool, error) {
	x := i.compiled
	if x == nil {
		var err error
		if x, err = compile(i.Expr); err != nil {
			return false, err
		}
	}
	return x.runs(c)
}
