package conversation

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Gone stands where the name or the address of an erased person stood.
const Gone = "[…]"

// eraser replaces the names and addresses of a person in what others wrote.
type eraser struct{ found *regexp.Regexp }

// newEraser takes all the addresses, however they are written, with the name that stands before them in
// angle brackets, as in the header of a quotation. A name alone it takes only if it cannot be an ordinary
// word: two words or more, or a Korean name of three syllables and more.
func newEraser(addresses, names []string) eraser {
	names = slices.Clone(names)
	slices.SortFunc(names, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	var before, parts []string
	for _, n := range names {
		n = strings.TrimSpace(n)
		if n == "" || strings.Contains(n, "@") {
			continue
		}
		quoted := regexp.QuoteMeta(n)
		before = append(before, quoted)
		if telling(n) {
			parts = append(parts, bounded(n, quoted))
		}
	}
	title := ""
	if len(before) > 0 {
		title = `(?:["'“]?(?:` + strings.Join(before, "|") + `)["'”]?\s*)?`
	}
	for _, a := range addresses {
		if a != "" {
			quoted := regexp.QuoteMeta(a)
			parts = append([]string{title + `(?:<|&lt;)?(?:mailto:)?\b` + quoted + `\b(?:>|&gt;)?`}, parts...)
		}
	}
	if len(parts) == 0 {
		return eraser{}
	}
	return eraser{regexp.MustCompile(`(?i)` + strings.Join(parts, "|"))}
}

func (e eraser) Replace(s string) string {
	if e.found == nil || s == "" {
		return s
	}
	return e.found.ReplaceAllLiteralString(s, Gone)
}

// telling says whether a name is hardly a word of everyday speech.
func telling(name string) bool {
	if len(strings.Fields(name)) > 1 {
		return true
	}
	return utf8.RuneCountInString(name) >= 3 && strings.IndexFunc(name, func(r rune) bool { return !unicode.Is(unicode.Hangul, r) }) < 0
}

// bounded keeps a name in Latin letters from being found within a word. Korean
// names are followed by particles.
func bounded(name, quoted string) string {
	first, _ := utf8.DecodeRuneInString(name)
	last, _ := utf8.DecodeLastRuneInString(name)
	if first < utf8.RuneSelf && unicode.IsLetter(first) {
		quoted = `\b` + quoted
	}
	if last < utf8.RuneSelf && unicode.IsLetter(last) {
		quoted += `\b`
	}
	return quoted
}
