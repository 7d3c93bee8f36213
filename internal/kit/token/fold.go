package token

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// folded is text made comparable. from and to say where in the original each of its bytes comes from; they are only
// filled when asked for.
type folded struct {
	text     string
	from, to []int32
}

// Fold makes text comparable as the package says: what is folded alike is the same to search.
func Fold(s string) string { return fold(s) }

func fold(s string) string { return foldText(s, false).text }

// foldText goes from one normalisation boundary to the next: what lies between two of them does not depend on its
// neighbours, so a part of a text folds as it does in the whole.
func foldText(s string, offsets bool) folded {
	f := folder{out: make([]byte, 0, len(s)+8), offsets: offsets}
	if offsets {
		f.from, f.to = make([]int32, 0, len(s)+8), make([]int32, 0, len(s)+8)
	}
	for i := 0; i < len(s); {
		if r, n := plain(s[i:]); n > 0 {
			f.add(r, i, i+n)
			i += n
			continue
		}
		n := norm.NFKC.NextBoundaryInString(s[i:], true)
		if n <= 0 {
			n = 1
		}
		f.buf = norm.NFKC.AppendString(f.buf[:0], s[i:i+n])
		for b := f.buf; len(b) > 0; {
			r, size := utf8.DecodeRune(b)
			f.add(r, i, i+n)
			b = b[size:]
		}
		i += n
	}
	return folded{text: string(f.out), from: f.from, to: f.to}
}

// plain takes the next character if it is ASCII or a Hangul syllable and the one after it cannot combine with it,
// which is nearly always so.
func plain(s string) (rune, int) {
	n := plainSize(s)
	if n == 0 || n < len(s) && plainSize(s[n:]) == 0 {
		return 0, 0
	}
	if n == 1 {
		return rune(s[0]), 1
	}
	r, _ := utf8.DecodeRuneInString(s)
	return r, n
}

func plainSize(s string) int {
	if s[0] < utf8.RuneSelf {
		return 1
	}
	if s[0] < 0xEA || s[0] > 0xED {
		return 0
	}
	r, n := utf8.DecodeRuneInString(s)
	if r < '가' || r > '힣' {
		return 0
	}
	return n
}

type folder struct {
	out, buf []byte
	from, to []int32
	offsets  bool
}

func (f *folder) add(r rune, from, to int) {
	switch {
	case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r >= '가' && r <= '힣':
	case isSpace(r):
		if n := len(f.out); n > 0 && f.out[n-1] == ' ' {
			return
		}
		r = ' '
	case r < utf8.RuneSelf:
		r = unicode.ToLower(r)
	case invisible(r):
		return
	default:
		r = unicode.ToLower(straight(r))
	}
	before := len(f.out)
	f.out = utf8.AppendRune(f.out, r)
	if !f.offsets {
		return
	}
	for range len(f.out) - before {
		f.from = append(f.from, int32(from))
		f.to = append(f.to, int32(to))
	}
}

func isSpace(r rune) bool { return r <= ' ' || r == 0x7F || r > 0x7F && unicode.IsSpace(r) }

// invisible characters come along when text is copied from web pages and would part a word.
func invisible(r rune) bool {
	return r == 0xAD || r == 0xFEFF || r == 0x34F || r >= 0x200B && r <= 0x200F || r >= 0x202A && r <= 0x202E ||
		r >= 0x2060 && r <= 0x2064 || r >= 0xFE00 && r <= 0xFE0F
}

func straight(r rune) rune {
	switch {
	case r == '‘' || r == '’' || r == 'ʼ':
		return '\''
	case r >= '‐' && r <= '―' || r == '−':
		return '-'
	}
	return r
}
