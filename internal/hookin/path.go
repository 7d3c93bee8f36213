package hookin

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
)

// step is one step into JSON: a key, a place in a list, or all places of it.
type step struct {
	key   string
	index int
	kind  stepKind
}

type stepKind int

const (
	intoKey stepKind = iota
	intoPlace
	intoAll
)

var errPath = errors.New("no path")

const longestPath = 300

// readPath reads a path such as customer.email, items[0].sku, items[].sku or data["odd key"].
func readPath(s string) (steps []step, err error) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > longestPath {
		return nil, errPath
	}
	for first := true; s != ""; first = false {
		var st step
		switch {
		case s[0] == '[':
			if st, s, err = bracket(s); err != nil {
				return nil, err
			}
		case s[0] == '.' && !first:
			s = s[1:]
			fallthrough
		case first:
			end := strings.IndexAny(s, ".[]{}\"")
			if end < 0 {
				end = len(s)
			}
			st, s = step{key: strings.TrimSpace(s[:end])}, s[end:]
			if st.key == "" {
				return nil, errPath
			}
		default:
			return nil, errPath
		}
		steps = append(steps, st)
	}
	return steps, nil
}

// bracket reads [0], [] or ["key"].
func bracket(s string) (step, string, error) {
	if strings.HasPrefix(s, `["`) {
		quoted, err := strconv.QuotedPrefix(s[1:])
		if err != nil || !strings.HasPrefix(s[1+len(quoted):], "]") {
			return step{}, "", errPath
		}
		key, err := strconv.Unquote(quoted)
		return step{key: key}, s[len(quoted)+2:], err
	}
	inside, rest, ok := strings.Cut(s[1:], "]")
	if !ok {
		return step{}, "", errPath
	}
	if inside == "" {
		return step{kind: intoAll}, rest, nil
	}
	n, err := strconv.Atoi(inside)
	if err != nil || n < 0 || n > 100_000 || strconv.Itoa(n) != inside {
		return step{}, "", errPath
	}
	return step{kind: intoPlace, index: n}, rest, nil
}

// write is a path as readPath reads it.
func write(steps []step) string {
	var b strings.Builder
	for i, s := range steps {
		switch {
		case s.kind == intoPlace:
			b.WriteString("[" + strconv.Itoa(s.index) + "]")
		case s.kind == intoAll:
			b.WriteString("[]")
		case s.key == "" || strings.ContainsAny(s.key, ".[]{}\"\\") || strings.TrimSpace(s.key) != s.key:
			b.WriteString("[" + strconv.Quote(s.key) + "]")
		case i == 0:
			b.WriteString(s.key)
		default:
			b.WriteString("." + s.key)
		}
	}
	return b.String()
}

// look follows a path. Several values stand with commas between them; what is not there is "".
func look(doc any, steps []step) string {
	if len(steps) == 0 {
		return plain(doc)
	}
	s, rest := steps[0], steps[1:]
	switch v := doc.(type) {
	case map[string]any:
		if s.kind == intoKey {
			return look(v[s.key], rest)
		}
	case []any:
		if s.kind == intoPlace && s.index < len(v) {
			return look(v[s.index], rest)
		}
		if s.kind == intoAll {
			var all []string
			for _, one := range v {
				if text := look(one, rest); text != "" {
					all = append(all, text)
				}
			}
			return strings.Join(all, ", ")
		}
	}
	return ""
}

// plain is a value as text.
func plain(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	}
	b, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(b)
}

// Leaf is one value of a sample, and the way to it.
type Leaf struct{ Path, Value string }

const (
	mostLeaves  = 200
	deepest     = 12
	longestLeaf = 120
)

// Leaves lists the values of a sample, in the order of their keys.
func Leaves(doc any) (out []Leaf) {
	var walk func(v any, at []step)
	walk = func(v any, at []step) {
		if len(out) >= mostLeaves || len(at) > deepest {
			return
		}
		switch v := v.(type) {
		case map[string]any:
			keys := make([]string, 0, len(v))
			for k := range v {
				keys = append(keys, k)
			}
			slices.Sort(keys)
			for _, k := range keys {
				walk(v[k], append(slices.Clone(at), step{key: k}))
			}
		case []any:
			for i, one := range v {
				if i < 3 {
					walk(one, append(slices.Clone(at), step{kind: intoPlace, index: i}))
				}
			}
		default:
			text := []rune(plain(v))
			if path := write(at); len(path) <= longestPath && path != "" {
				out = append(out, Leaf{path, string(text[:min(len(text), longestLeaf)])})
			}
		}
	}
	walk(doc, nil)
	return out
}
