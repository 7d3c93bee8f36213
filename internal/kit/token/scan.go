package token

import (
	"unicode"
	"unicode/utf8"
)

type class uint8

const (
	other class = iota // parts tokens
	word               // scripts with spaces, digits
	pairs              // Hangul, Han, Kana
	mark               // belongs to whatever stands before it
)

func classOf(r rune) class {
	switch {
	case r < utf8.RuneSelf:
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' {
			return word
		}
		return other
	case r >= '가' && r <= '힣' || r >= 0x4E00 && r <= 0x9FFF || r == 'ー' || r == '々':
		return pairs
	case unicode.In(r, unicode.Hangul, unicode.Han, unicode.Hiragana, unicode.Katakana):
		if unicode.IsLetter(r) {
			return pairs
		}
	case unicode.IsLetter(r) || unicode.IsNumber(r):
		return word
	case unicode.IsMark(r):
		return mark
	}
	return other
}

// joins tells whether a sign between two words may hold a code, a number or an address together.
func joins(c byte) bool {
	switch c {
	case '-', '.', '_', '/', '@', ':', '+', '#', ',', '\'', '&', '=':
		return true
	}
	return false
}

// run is a piece of folded text of one class. glued: only one joining sign stands between it and the word before.
type run struct {
	class      class
	glued      bool
	start, end int
}

// runs calls yield for each word and each run of pairs, until it answers false.
func runs(s string, yield func(run) bool) {
	lastWord := -1 // where the last word ended
	for i := 0; i < len(s); {
		r, n := decode(s, i)
		c := classOf(r)
		if c != word && c != pairs {
			i += n
			continue
		}
		end := runEnd(s, i+n, c)
		piece := run{class: c, start: i, end: end}
		piece.glued = c == word && lastWord >= 0 && lastWord == i-1 && joins(s[i-1])
		if c == word {
			lastWord = end
		}
		if !yield(piece) {
			return
		}
		i = end
	}
}

func runEnd(s string, i int, c class) int {
	for i < len(s) {
		r, n := decode(s, i)
		if next := classOf(r); next != c && next != mark {
			return i
		}
		i += n
	}
	return i
}

func decode(s string, i int) (rune, int) {
	if s[i] < utf8.RuneSelf {
		return rune(s[i]), 1
	}
	return utf8.DecodeRuneInString(s[i:])
}
