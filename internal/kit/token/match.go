package token

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Hit is a place in a text, in bytes.
type Hit struct{ From, To int }

// Matches tells whether every term of the query stands in the text in one piece.
func (q Query) Matches(text string) bool {
	m := matcher{text: fold(text)}
	for _, t := range q.terms {
		if _, _, ok := m.find(t, 0); !ok {
			return false
		}
	}
	return true
}

const maxHits = 500

// Hits gives the places of all terms in the text, in order and without overlaps, for marking them. A long text has its
// first 500 marked for each term.
func (q Query) Hits(text string) []Hit { return merged(q.places(text)) }

func merged(found []place) []Hit {
	hits := make([]Hit, 0, len(found))
	for _, p := range found {
		if n := len(hits); n > 0 && p.From < hits[n-1].To {
			hits[n-1].To = max(hits[n-1].To, p.To)
			continue
		}
		hits = append(hits, p.Hit)
	}
	return hits
}

type place struct {
	Hit
	term int
}

func (q Query) places(text string) []place {
	f := foldText(text, true)
	m := matcher{text: f.text}
	var out []place
	for i, t := range q.terms {
		for at, n := 0, 0; n < maxHits; n++ {
			start, end, ok := m.find(t, at)
			if !ok {
				break
			}
			out = append(out, place{Hit{int(f.from[start]), int(f.to[end-1])}, i})
			at = end
		}
	}
	slices.SortFunc(out, func(a, b place) int {
		if a.From != b.From {
			return a.From - b.From
		}
		return b.To - a.To
	})
	return out
}

// matcher looks for terms in one folded text. The text without its joining signs is made when a code asks for it.
type matcher struct {
	text   string
	codes  string
	origin []int32 // where in text each byte of codes stands
}

// find gives the first place at or after a position.
func (m *matcher) find(t term, at int) (start, end int, ok bool) {
	start, end, ok = m.plain(t, at)
	if t.code == "" {
		return start, end, ok
	}
	s, e, found := m.code(t, at)
	if found && (!ok || s < start) {
		return s, e, true
	}
	return start, end, ok
}

func (m *matcher) plain(t term, at int) (int, int, bool) {
	for at <= len(m.text) {
		i := strings.Index(m.text[at:], t.text)
		if i < 0 {
			return 0, 0, false
		}
		start, end := at+i, at+i+len(t.text)
		if m.edges(t, start, end) {
			return start, end, true
		}
		at = start + 1
	}
	return 0, 0, false
}

func (m *matcher) code(t term, at int) (int, int, bool) {
	m.squeeze()
	from, _ := slices.BinarySearch(m.origin, int32(at))
	for from < len(m.codes) {
		i := strings.Index(m.codes[from:], t.code)
		if i < 0 {
			return 0, 0, false
		}
		start, end := int(m.origin[from+i]), int(m.origin[from+i+len(t.code)-1])+1
		if end-start-len(t.code) < window && m.edges(t, start, end) {
			return start, end, true
		}
		from += i + 1
	}
	return 0, 0, false
}

// edges tells whether a term that begins or ends in a word really begins and ends a word there: art is not in party. In
// runs of pairs there are no edges.
func (m *matcher) edges(t term, start, end int) bool {
	if first, _ := utf8.DecodeRuneInString(t.text); classOf(first) == word && start > 0 {
		if m.classBefore(start) == word {
			return false
		}
	}
	if t.prefix || end >= len(m.text) || m.classBefore(end) != word {
		return true
	}
	next, _ := utf8.DecodeRuneInString(m.text[end:])
	c := classOf(next)
	return c != word && c != mark
}

// classBefore is the class of the run that ends before i, looking through marks.
func (m *matcher) classBefore(i int) class {
	for i > 0 {
		r, n := utf8.DecodeLastRuneInString(m.text[:i])
		if c := classOf(r); c != mark {
			return c
		}
		i -= n
	}
	return other
}

func (m *matcher) squeeze() {
	if m.origin != nil {
		return
	}
	m.origin = make([]int32, 0, len(m.text)+1)
	buf := make([]byte, 0, len(m.text))
	keep := func(from, to int) {
		for ; from < to; from++ {
			buf = append(buf, m.text[from])
			m.origin = append(m.origin, int32(from))
		}
	}
	done := 0
	runs(m.text, func(r run) bool {
		if !r.glued {
			keep(done, r.start)
		}
		keep(r.start, r.end)
		done = r.end
		return true
	})
	keep(done, len(m.text))
	m.codes = string(buf)
}
