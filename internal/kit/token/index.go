package token

import (
	"iter"
	"strings"
	"unicode/utf8"
)

// Limits of what is stored for one text. A tsvector may have 1 MB, and pages of base64 are not worth finding.
const (
	MaxTokens = 30_000  // different tokens of one text
	MaxBytes  = 400_000 // their bytes together
	maxToken  = 40      // bytes of one token; what is longer is cut, in texts and queries alike
)

const (
	window  = 4 // neighbouring parts of a code that are stored as one
	minJoin = 5 // bytes that make a joined token worth it: 1-2 is not 12
)

// Index gives the different tokens of a text, in order of appearance, at most [MaxTokens] and [MaxBytes].
func Index(text string) []string {
	seen := make(map[string]struct{}, min(len(text)/8+8, 4096))
	list := make([]string, 0, min(len(text)/8+8, 4096))
	size := 0
	for t := range All(text) {
		if _, ok := seen[t]; ok {
			continue
		}
		if len(list) == MaxTokens || size+len(t) > MaxBytes {
			break
		}
		seen[t] = struct{}{}
		list = append(list, t)
		size += len(t)
	}
	return list
}

// All gives every token of a text as often as it occurs, for an index that ranks by frequency. It has no limit.
func All(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		s := fold(text)
		var code []string // the last words of the compound being read, at most window
		runs(s, func(r run) bool {
			if r.class == pairs {
				code = code[:0]
				return indexPairs(s[r.start:r.end], yield)
			}
			if !r.glued {
				code = code[:0]
			}
			if len(code) == window {
				code = append(code[:0], code[1:]...)
			}
			code = append(code, s[r.start:r.end])
			return yield(cut(s[r.start:r.end])) && joined(code, yield)
		})
	}
}

func indexPairs(s string, yield func(string) bool) bool {
	_, first := utf8.DecodeRuneInString(s)
	for start, next := 0, first; next < len(s); {
		_, n := utf8.DecodeRuneInString(s[next:])
		if !yield(s[start : next+n]) {
			return false
		}
		start, next = next, next+n
	}
	_, last := utf8.DecodeLastRuneInString(s)
	return yield(s[len(s)-last:])
}

// joined gives the tokens made of several parts that end in the newest part.
func joined(code []string, yield func(string) bool) bool {
	for n := 2; n <= len(code); n++ {
		if t, ok := join(code[len(code)-n:]); ok && !yield(t) {
			return false
		}
	}
	return true
}

// join makes one token of the parts of a code, if it is one: with a digit, and long enough to mean something.
func join(parts []string) (string, bool) {
	size, digit := 0, false
	for _, p := range parts {
		size += len(p)
		digit = digit || hasDigit(p)
	}
	if size < minJoin || !digit || len(parts) > window {
		return "", false
	}
	return cut(strings.Join(parts, "")), true
}

func hasDigit(s string) bool { return strings.ContainsAny(s, "0123456789") }

func cut(s string) string {
	if len(s) <= maxToken {
		return s
	}
	n := maxToken
	for !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
