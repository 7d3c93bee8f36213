package token

import (
	"math/bits"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Cutting is a piece of a text for a list of hits, white space collapsed. Before and After tell whether something was
// left out there.
type Cutting struct {
	Text          string
	Hits          []Hit // in Text
	Before, After bool
}

// Excerpt cuts about n characters out of a text, where most of the query's terms stand together; without a hit, its beginning.
func Excerpt(text string, q Query, n int) Cutting {
	n = max(n, 1)
	found := q.places(text)
	start := lead(text, best(found, text, n), n)
	end := ahead(text, start, n)
	out := Cutting{Before: strings.TrimSpace(text[:start]) != "", After: strings.TrimSpace(text[end:]) != ""}
	out.fill(text, start, end, merged(found))
	return out
}

// best is the place after which most different terms stand within n characters; the first of equals.
func best(found []place, text string, n int) int {
	top, where := 0, 0
	for i, p := range found {
		if i > 200 {
			break
		}
		limit := ahead(text, p.From, n*3/4)
		terms := uint(0)
		for _, q := range found[i:min(len(found), i+200)] {
			if q.To > limit {
				break
			}
			terms |= 1 << q.term
		}
		if c := bits.OnesCount(terms); c > top {
			top, where = c, p.From
		}
	}
	return where
}

// lead goes back a quarter of the length, and then to the beginning of a word.
func lead(text string, at, n int) int {
	start := at
	for range n / 4 {
		_, size := utf8.DecodeLastRuneInString(text[:start])
		start -= size
	}
	if start == 0 {
		return 0
	}
	if i := strings.IndexFunc(text[start:at], unicode.IsSpace); i >= 0 {
		return start + i
	}
	return start
}

func ahead(text string, at, n int) int {
	for range n {
		if at >= len(text) {
			return len(text)
		}
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	return at
}

func (c *Cutting) fill(text string, start, end int, hits []Hit) {
	var b strings.Builder
	next := 0
	for next < len(hits) && hits[next].From < start {
		next++
	}
	open := -1
	for i := start; i < end; {
		if open >= 0 && i >= hits[next].To {
			c.Hits = append(c.Hits, Hit{open, b.Len()})
			open, next = -1, next+1
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if open < 0 && next < len(hits) && i == hits[next].From {
			open = b.Len()
		}
		if !isSpace(r) {
			b.WriteString(text[i : i+size])
		} else if s := b.String(); s != "" && s[len(s)-1] != ' ' {
			b.WriteByte(' ')
		}
		i += size
	}
	if open >= 0 {
		c.Hits = append(c.Hits, Hit{open, b.Len()})
	}
	c.Text = strings.TrimRight(b.String(), " ")
}
