package automation

import (
	"testing"
	"time"
)

func TestComparing(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	ago := func(d time.Duration) Value { return Value{At: now.Add(-d)} }
	for _, test := range []struct {
		kind Kind
		is   Value
		op   string
		with []string
		want bool
	}{
		{Word, text("high"), "is", []string{"urgent", "high"}, true},
		{Word, text("high"), "is_not", []string{"urgent", "high"}, false},
		{Word, Value{}, "is_not", []string{"urgent"}, true},
		{Word, Value{}, "empty", nil, true},
		{Word, text("x"), "filled", nil, true},
		{Text, text("Please REFUND me"), "contains", []string{"refund"}, true},
		{Text, text("반품하고 싶어요"), "contains", []string{"환불", "반품"}, true},
		{Text, text("hello"), "contains_not", []string{"refund"}, true},
		{Text, text("Re: lamp"), "begins", []string{"re:"}, true},
		{Text, text("Lamp"), "is", []string{"lamp"}, true},
		{Text, Value{}, "contains", []string{"lamp"}, false},
		{Number, Value{Number: 3}, "at_least", []string{"3"}, true},
		{Number, Value{Number: 2}, "at_least", []string{"3"}, false},
		{Number, Value{Number: 2}, "at_most", []string{"3"}, true},
		{Number, Value{Number: 2}, "equals", []string{"x"}, false},
		{Moment, ago(2 * time.Hour), "longer_ago", []string{"60"}, true},
		{Moment, ago(30 * time.Minute), "longer_ago", []string{"60"}, false},
		{Moment, ago(30 * time.Minute), "within_last", []string{"60"}, true},
		{Moment, ago(-30 * time.Minute), "within_last", []string{"60"}, false},
		{Moment, ago(-30 * time.Minute), "within_next", []string{"60"}, true},
		{Moment, ago(-90 * time.Minute), "later_than", []string{"60"}, true},
		{Moment, Value{}, "longer_ago", []string{"60"}, false},
		{Moment, Value{}, "empty", nil, true},
		{Flag, Value{Yes: true}, "yes", nil, true},
		{Flag, Value{}, "no", nil, true},
		{Many, Value{Texts: []string{"vip", "Loud"}}, "has", []string{"loud"}, true},
		{Many, Value{Texts: []string{"vip"}}, "has_not", []string{"vip"}, false},
		{Many, Value{}, "has_not", []string{"vip"}, true},
	} {
		if got := test.is.compare(test.kind, test.op, test.with, now); got != test.want {
			t.Errorf("%s %+v %s %q: %t", test.kind, test.is, test.op, test.with, got)
		}
	}
	for kind, ops := range Ops {
		for _, op := range ops {
			Value{}.compare(kind, op, []string{"1"}, now) // every one is known: none panics
		}
	}
}

func TestGroups(t *testing.T) {
	yes, no := If{Field: "fact.first", Op: "no"}, If{Field: "fact.first", Op: "yes"} // of a fact that says nothing
	for _, test := range []struct {
		name string
		is   If
		want bool
	}{
		{"nothing", If{}, true},
		{"all of nothing", If{Mode: "all"}, true},
		{"any of nothing", If{Mode: "any"}, true},
		{"all", If{Of: []If{yes, yes}}, true},
		{"not all", If{Of: []If{yes, no}}, false},
		{"any", If{Mode: "any", Of: []If{no, yes}}, true},
		{"not any", If{Mode: "any", Of: []If{no, no}}, false},
		{"none", If{Mode: "none", Of: []If{no, no}}, true},
		{"not none", If{Mode: "none", Of: []If{no, yes}}, false},
		{"deep", If{Of: []If{yes, {Mode: "any", Of: []If{no, {Mode: "none", Of: []If{no}}}}}}, true},
	} {
		c := &Case{}
		if got, err := c.holds(test.is); err != nil || got != test.want {
			t.Errorf("%s: %t, %v", test.name, got, err)
		}
	}
}

// Each field is known by its key, and its kind can be compared.
func TestFields(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range Fields {
		if seen[f.Key] {
			t.Errorf("%s is there twice", f.Key)
		}
		seen[f.Key] = true
		if len(Ops[f.Kind]) == 0 || f.read == nil {
			t.Errorf("%s: kind %q", f.Key, f.Kind)
		}
		if f.Kind == Word && f.Choices == nil {
			t.Errorf("%s has no choices", f.Key)
		}
	}
	if f, own := FieldOf("customer.field.club"); f.Key != "customer.field." || own != "club" {
		t.Errorf("%q %q", f.Key, own)
	}
	if f, _ := FieldOf("customer.field."); f.Key != "customer.field." {
		t.Errorf("%q", f.Key)
	}
	if f, _ := FieldOf("nothing"); f.Key != "" {
		t.Errorf("%q", f.Key)
	}
}
