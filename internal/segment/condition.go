package segment

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"baraji/internal/kit/problem"
)

// If is a condition, or a group of them. The zero value is always so.
type If struct {
	Mode string `json:"mode,omitempty"` // of a group: all (the usual), any, none
	Of   []If   `json:"of,omitempty"`

	Field  string   `json:"field,omitempty"` // of a condition: which of Fields
	Op     string   `json:"op,omitempty"`
	Values []string `json:"values,omitempty"` // one of them is enough
}

// Kind is what sort of value a field has, and so how it can be compared.
type Kind string

// The kinds.
const (
	Word   Kind = "word"   // one of a few
	Text   Kind = "text"   // as people write it
	Number Kind = "number" // whole or broken
	Moment Kind = "moment" // a time that lies behind: compared with now, in days
	Date   Kind = "date"   // a day, behind or ahead: compared with today, in days
	Flag   Kind = "flag"   // yes or no
	Many   Kind = "many"   // several words
)

// Ops are the ways in which each kind can be compared.
var Ops = map[Kind][]string{
	Word:   {"is", "is_not", "filled", "empty"},
	Text:   {"contains", "contains_not", "is", "is_not", "begins", "filled", "empty"},
	Number: {"at_least", "at_most", "equals"},
	Moment: {"within_last", "longer_ago", "filled", "empty"},
	Date:   {"within_next", "within_last", "later_than", "longer_ago", "filled", "empty"},
	Flag:   {"yes", "no"},
	Many:   {"has", "has_not", "filled", "empty"},
}

// opposite says which ops are the opposite of another one: so they hold for everybody for whom that does not.
var opposite = map[string]string{"is_not": "is", "contains_not": "contains", "has_not": "has", "empty": "filled", "no": "yes"}

// Bare are the ops that need no value.
var Bare = []string{"filled", "empty", "yes", "no"}

const (
	mostNodes  = 60
	mostDepth  = 4
	mostValues = 50
	mostDays   = 36_600
)

func (i If) looksAtHidden() bool {
	if i.Field != "" {
		f, _ := FieldOf(i.Field)
		return f.Hidden
	}
	return slices.ContainsFunc(i.Of, If.looksAtHidden)
}

func (i *If) check(c *problem.Check, at string, depth int, nodes *int, own own) {
	*nodes++
	if *nodes > mostNodes {
		return
	}
	c.That(depth <= mostDepth, at, "Groups lie at most %d deep.", mostDepth)
	if i.Field == "" {
		c.That(slices.Contains([]string{"", "all", "any", "none"}, i.Mode), at+".mode", "Choose all, any or none.")
		i.Op, i.Values = "", nil
		for n := range i.Of {
			i.Of[n].check(c, at+"."+strconv.Itoa(n), depth+1, nodes, own)
		}
		return
	}
	i.Mode, i.Of = "", nil
	i.checkOne(c, at, own)
}

func (i *If) checkOne(c *problem.Check, at string, own own) {
	f, _ := own.field(i.Field)
	c.That(f.Key != "", at+".field", "There is no field “%s”.", i.Field)
	if f.Key == "" {
		return
	}
	c.That(slices.Contains(f.Ops(), i.Op), at+".op", "“%s” cannot be compared so.", i.Field)
	if slices.Contains(Bare, i.Op) {
		i.Values = nil
		return
	}
	i.Values = tidy(i.Values)
	c.That(len(i.Values) > 0, at+".value", "Enter what it is compared with.")
	c.That(len(i.Values) <= mostValues, at+".value", "At most %d of each.", mostValues)
	for _, v := range i.Values {
		f.checkValue(c, at, v)
	}
}

func (f Field) checkValue(c *problem.Check, at, v string) {
	c.That(len([]rune(v)) <= 200, at+".value", "At most %d characters.", 200)
	switch f.Kind {
	case Number:
		n, err := strconv.ParseFloat(v, 64)
		c.That(err == nil && math.Abs(n) < 1e15, at+".value", "Enter a number.")
	case Moment, Date:
		n, err := strconv.Atoi(v)
		c.That(err == nil && n >= 0 && n <= mostDays, at+".value", "Enter a number of days.")
	case Word:
		if f.Choices != nil {
			c.That(slices.Contains(f.Choices(), v), at+".value", "“%s” is none of the choices.", v)
		}
	}
}

// Ops are the ways in which a field can be compared.
func (f Field) Ops() []string {
	if f.Kind == Number && f.own {
		return append(slices.Clone(Ops[Number]), "filled", "empty")
	}
	return Ops[f.Kind]
}

// tidy drops what is empty or repeated.
func tidy(list []string) (out []string) {
	for _, v := range list {
		if v = line(v); v != "" && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// Empty says that no condition stands in it: then everybody is in the segment.
func (i If) Empty() bool {
	return i.Field == "" && !slices.ContainsFunc(i.Of, func(o If) bool { return !o.Empty() })
}

// Days is a number of days that was typed in.
func days(s string) int {
	n, _ := strconv.Atoi(strings.TrimSpace(s))
	return min(max(n, 0), mostDays)
}
