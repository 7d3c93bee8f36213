package automation

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"baraji/internal/kit/problem"
)

// If is a condition, or a group of them. The zero value is always so.
type If struct {
	Mode string `json:"mode,omitempty"` // of a group: all (the usual), any, none
	Of   []If   `json:"of,omitempty"`

	Field  string   `json:"field,omitempty"` // of a condition: which of Fields
	Op     string   `json:"op,omitempty"`
	Values []string `json:"values,omitempty"` // one of them is enough

	Expr     string `json:"expr,omitempty"` // an expression, instead of field, op and values
	compiled *expression
}

// Always says that it asks for nothing.
func (i If) Always() bool { return i.Field == "" && i.Expr == "" && len(i.Of) == 0 }

// IsZero is for JSON.
func (i If) IsZero() bool { return i.Always() && i.Mode == "" }

// Kind is what sort of value a field has, and so how it can be compared.
type Kind string

// The kinds.
const (
	Word   Kind = "word"   // one of a few
	Text   Kind = "text"   // as people write it
	Number Kind = "number" // whole or broken
	Moment Kind = "moment" // compared with now, in minutes
	Flag   Kind = "flag"   // yes or no
	Many   Kind = "many"   // several words
)

// Ops are the ways in which each kind can be compared.
var Ops = map[Kind][]string{
	Word:   {"is", "is_not", "empty", "filled"},
	Text:   {"contains", "contains_not", "is", "begins", "empty", "filled"},
	Number: {"at_least", "at_most", "equals"},
	Moment: {"longer_ago", "within_last", "within_next", "later_than", "empty", "filled"},
	Flag:   {"yes", "no"},
	Many:   {"has", "has_not", "empty", "filled"},
}

// bare are the ops that need no value.
var bare = []string{"empty", "filled", "yes", "no"}

// Value is what a field is.
type Value struct {
	Texts  []string // of a word or a text the only one
	Number float64
	At     time.Time
	Yes    bool
}

func text(s string) Value {
	if s == "" {
		return Value{}
	}
	return Value{Texts: []string{s}}
}

// holds says whether a condition is so.
func (c *Case) holds(i If) (bool, error) {
	if i.Field != "" {
		return c.is(i)
	}
	if i.Expr != "" {
		return c.expressed(i)
	}
	for _, one := range i.Of {
		so, err := c.holds(one)
		if err != nil {
			return false, err
		}
		switch {
		case i.Mode == "any" && so:
			return true, nil
		case i.Mode == "none" && so, i.Mode != "any" && i.Mode != "none" && !so:
			return false, nil
		}
	}
	return i.Mode != "any" || len(i.Of) == 0, nil
}

func (c *Case) is(i If) (bool, error) {
	f, own := FieldOf(i.Field)
	if f.Key == "" {
		return false, problem.New(problem.Invalid, "There is no field “%s”.", i.Field)
	}
	v, err := f.read(c, own)
	if err != nil {
		return false, fmt.Errorf("read %s: %w", i.Field, err)
	}
	return v.compare(f.Kind, i.Op, i.Values, c.now()), nil
}

func (v Value) compare(kind Kind, op string, with []string, now time.Time) bool {
	switch op {
	case "empty":
		return v.none(kind)
	case "filled":
		return !v.none(kind)
	case "yes":
		return v.Yes
	case "no":
		return !v.Yes
	}
	any := func(so func(w string) bool) bool { return slices.ContainsFunc(with, so) }
	switch kind {
	case Number:
		return any(func(w string) bool { return v.counts(op, w) })
	case Moment:
		return any(func(w string) bool { return v.lies(op, w, now) })
	}
	switch op {
	case "is", "has":
		return any(v.has)
	case "is_not", "has_not":
		return !any(v.has)
	}
	is := ""
	if len(v.Texts) > 0 {
		is = strings.ToLower(v.Texts[0])
	}
	switch op {
	case "contains":
		return any(func(w string) bool { return strings.Contains(is, strings.ToLower(w)) })
	case "contains_not":
		return !any(func(w string) bool { return strings.Contains(is, strings.ToLower(w)) })
	case "begins":
		return any(func(w string) bool { return strings.HasPrefix(is, strings.ToLower(w)) })
	}
	return false
}

func (v Value) none(kind Kind) bool {
	if kind == Moment {
		return v.At.IsZero()
	}
	return len(v.Texts) == 0
}

func (v Value) has(w string) bool {
	return slices.ContainsFunc(v.Texts, func(t string) bool { return strings.EqualFold(t, w) })
}

func (v Value) counts(op, with string) bool {
	n, err := strconv.ParseFloat(with, 64)
	switch {
	case err != nil:
		return false
	case op == "at_least":
		return v.Number >= n
	case op == "at_most":
		return v.Number <= n
	}
	return v.Number == n
}

// lies compares with now; minutes is how many.
func (v Value) lies(op, minutes string, now time.Time) bool {
	n, err := strconv.Atoi(minutes)
	if err != nil || v.At.IsZero() {
		return false
	}
	since, d := now.Sub(v.At), time.Duration(n)*time.Minute
	switch op {
	case "longer_ago":
		return since > d
	case "within_last":
		return since >= 0 && since <= d
	case "within_next":
		return since <= 0 && -since <= d
	}
	return -since > d // later_than
}

func (i *If) check(c *problem.Check, at string, depth int, nodes *int) {
	*nodes++
	if *nodes > mostNodes {
		return
	}
	c.That(depth <= mostDepth, at, "Groups lie at most %d deep.", mostDepth)
	if i.Expr = strings.TrimSpace(i.Expr); i.Field == "" && i.Expr != "" {
		*i = If{Expr: i.Expr}
		if _, err := compile(i.Expr); err != nil {
			said, _ := problem.As(err)
			c.That(false, at+".expr", said.Format, said.Args...)
		}
		return
	}
	i.Expr = ""
	if i.Field == "" {
		c.That(slices.Contains([]string{"", "all", "any", "none"}, i.Mode), at+".mode", "Choose all, any or none.")
		i.Op, i.Values = "", nil
		for n := range i.Of {
			i.Of[n].check(c, at+"."+strconv.Itoa(n), depth+1, nodes)
		}
		return
	}
	i.Mode, i.Of = "", nil
	i.checkOne(c, at)
}

func (i *If) checkOne(c *problem.Check, at string) {
	f, _ := FieldOf(i.Field)
	c.That(f.Key != "", at+".field", "There is no field “%s”.", i.Field)
	if f.Key == "" {
		return
	}
	c.That(slices.Contains(Ops[f.Kind], i.Op), at+".op", "“%s” cannot be compared so.", i.Field)
	if slices.Contains(bare, i.Op) {
		i.Values = nil
		return
	}
	i.Values = tidy(i.Values)
	c.That(len(i.Values) > 0, at+".value", "Enter what it is compared with.")
	c.That(len(i.Values) <= mostValues, at+".value", "At most %d of each.", mostValues)
	for _, v := range i.Values {
		c.That(len([]rune(v)) <= 200, at+".value", "At most %d characters.", 200)
		switch f.Kind {
		case Number:
			n, err := strconv.ParseFloat(v, 64)
			c.That(err == nil && n == n, at+".value", "Enter a number.")
		case Moment:
			n, err := strconv.Atoi(v)
			c.That(err == nil && n >= 0 && n <= 10*366*24*60, at+".value", "Enter a number of minutes.")
		case Word:
			all := f.Choices()
			c.That(len(all) == 0 || slices.Contains(all, v), at+".value", "“%s” is none of the choices.", v)
		}
	}
}

// tidy drops what is empty or repeated.
func tidy(list []string) (out []string) {
	for _, v := range list {
		if v = strings.TrimSpace(v); v != "" && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}
