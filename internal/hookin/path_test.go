package hookin

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestPathsIntoJSON(t *testing.T) {
	doc, err := readJSON([]byte(`{"customer": {"email": "a@x.example", "tags": ["a", "b", null, 3]}, "items": [{"sku": "L-1", "n": 2}, {"sku": "L-2"}], "odd key": {"a.b": true}, "": "nothing", "big": 12345678901234567890, "한글": "값"}`))
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"customer.email": "a@x.example", "items[0].sku": "L-1", "items[].sku": "L-1, L-2", "items[7].sku": "", "customer.tags[]": "a, b, 3", "customer.tags": `["a","b",null,3]`,
		`["odd key"]["a.b"]`: "true", `["odd key"].x`: "", "odd key": `{"a.b":true}`, "big": "12345678901234567890", "한글": "값", "customer.email.x": "", `[""]`: "nothing", "customer[0]": ""} {
		steps, err := readPath(path)
		if got := look(doc, steps); err != nil || got != want {
			t.Errorf("%s: %q, %v", path, got, err)
		}
	}
	for _, bad := range []string{"", ".", "a.", ".a", "a..b", "a[", "a[x]", "a[-1]", "a[1", `a["x]`, "a{b}", "a]b", `a"b`, "a[01]", strings.Repeat("a", 400)} {
		if steps, err := readPath(bad); err == nil {
			t.Errorf("%q is a path: %+v", bad, steps)
		}
	}
	for _, l := range Leaves(doc) {
		steps, err := readPath(l.Path)
		if err != nil || look(doc, steps) != l.Value {
			t.Errorf("%s: %q, %v", l.Path, l.Value, err)
		}
	}
}

func TestRowsAreFilled(t *testing.T) {
	doc, _ := readJSON([]byte(`{"a": "1", "b": {"c": "{a}"}}`))
	for from, want := range map[string]string{"a": "1", `"fixed {a}"`: "fixed {a}", "“고정”": "고정", "x {a} y {b.c}": "x 1 y {a}", "{nothing}": "", "{a}{a}": "11"} {
		if got := (Row{"customer.name", from}).Of(doc); got != want {
			t.Errorf("%s: %q", from, got)
		}
	}
}

// Whatever somebody types as a path, and whatever comes, is read without a fault; what is written is what was read.
func FuzzPath(f *testing.F) {
	for _, s := range []string{"a.b[0].c[]", `["x\"y"].z`, "[]", "a[0", "{a}", "한글.값", `["\u0000"]`} {
		f.Add(s, `{"a": {"b": [{"c": [1, 2]}]}}`)
	}
	f.Fuzz(func(t *testing.T, s, body string) {
		doc, bad := read(body, false)
		_, _ = readSource(s)
		steps, err := readPath(s)
		if err != nil {
			return
		}
		if bad == nil {
			look(doc, steps)
			for _, l := range Leaves(doc) {
				if _, err := readPath(l.Path); err != nil {
					t.Fatalf("a leaf's path %q cannot be read", l.Path)
				}
			}
		}
		again, err := readPath(write(steps))
		if len(write(steps)) > longestPath {
			return
		}
		one, _ := json.Marshal(write(steps))
		two, _ := json.Marshal(write(again))
		if err != nil || string(one) != string(two) {
			t.Fatalf("%q: %s, %s, %v", s, one, two, err)
		}
	})
}
