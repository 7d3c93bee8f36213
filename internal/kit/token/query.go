package token

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits of a query. What is beyond them is left out: nobody searches like that.
const (
	maxQuery = 400 // bytes
	maxTerms = 12
)

// Query is what somebody asked for: every term must be there, in any order. All and Prefix are for the index, joined
// by AND; Matches then checks the stored text.
type Query struct {
	All    []string // tokens that must be there
	Prefix []string // beginnings of tokens that must be there
	terms  []term
}

// term is one word, code or quoted phrase of the query, folded.
type term struct {
	text   string
	prefix bool   // deliv*
	code   string // the term without its joining signs, where codes are compared so
}

// Parse reads a query: terms parted by spaces, "a phrase" in quotes, and deliv* for a beginning of a word. It never
// fails; a query without a letter or digit is [Query.Empty].
func Parse(q string) Query {
	var out Query
	for _, t := range split(fold(clip(q))) {
		if len(out.terms) == maxTerms {
			break
		}
		out.add(t)
	}
	out.All, out.Prefix = unique(out.All), unique(out.Prefix)
	return out
}

// Empty tells whether nothing was asked.
func (q Query) Empty() bool { return len(q.terms) == 0 }

func (q *Query) add(text string) {
	t := term{text: strings.Trim(text, " "), prefix: strings.HasSuffix(text, "*")}
	t.text = trim(t.text)
	if t.text == "" {
		return
	}
	var code []string
	var all []run
	flush := func(last bool) {
		q.addCode(code, last && t.prefix)
		code = nil
	}
	runs(t.text, func(r run) bool {
		all = append(all, r)
		if !r.glued {
			flush(false)
		}
		if r.class == pairs {
			q.addPairs(t.text[r.start:r.end])
			return true
		}
		code = append(code, t.text[r.start:r.end])
		return true
	})
	flush(true)
	t.code = codeOf(t.text, all)
	q.terms = append(q.terms, t)
}

func (q *Query) addCode(parts []string, prefix bool) {
	if len(parts) == 0 {
		return
	}
	if t, ok := join(parts); ok && len(parts) > 1 {
		parts = []string{t}
	}
	for i, p := range parts {
		if prefix && i == len(parts)-1 {
			q.Prefix = append(q.Prefix, cut(p))
			continue
		}
		q.All = append(q.All, cut(p))
	}
}

func (q *Query) addPairs(s string) {
	if utf8.RuneCountInString(s) == 1 {
		q.Prefix = append(q.Prefix, s)
		return
	}
	indexPairs(s, func(t string) bool {
		if utf8.RuneCountInString(t) == 2 {
			q.All = append(q.All, t)
		}
		return true
	})
}

// codeOf gives the term without joining signs if it is one code and nothing else, else nothing.
func codeOf(s string, all []run) string {
	parts := make([]string, len(all))
	for i, r := range all {
		if r.class != word || i > 0 && !r.glued {
			return ""
		}
		parts[i] = s[r.start:r.end]
	}
	if _, ok := join(parts); !ok {
		return ""
	}
	return strings.Join(parts, "")
}

// split parts a folded query at its spaces, but not inside quotes.
func split(s string) []string {
	s = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`).Replace(s)
	var out []string
	for i, part := range strings.Split(s, `"`) {
		if i%2 == 1 {
			out = append(out, part)
			continue
		}
		out = append(out, strings.Fields(part)...)
	}
	return out
}

// trim takes off what stands around the words: a question mark is not part of what is looked for.
func trim(s string) string {
	start, end := -1, 0
	runs(s, func(r run) bool {
		if start < 0 {
			start = r.start
		}
		end = r.end
		return true
	})
	if start < 0 {
		return ""
	}
	return s[start:end]
}

func clip(s string) string {
	if len(s) <= maxQuery {
		return s
	}
	n := maxQuery
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

func unique(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}
