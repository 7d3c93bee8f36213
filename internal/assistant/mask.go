package assistant

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// masked stands for what was taken out of a text.
const masked = "…"

var (
	addresses = regexp.MustCompile(`[^\s<>()"',;]+@[^\s<>()"',;]+`)
	links     = regexp.MustCompile(`(?i)\b(?:https?://|www\.)\S+`)
	numbers   = regexp.MustCompile(`\+?\d(?:[-. ]?\d){4,}`) // phones, cards, accounts, orders, dates of birth
)

// Mask takes out of a text what may belong to a person: addresses, links, numbers of five digits or more, and the names that are
// given, with the polite endings that Korean puts behind them.
func Mask(text string, names ...string) string {
	text = links.ReplaceAllString(text, masked)
	text = addresses.ReplaceAllString(text, masked)
	text = numbers.ReplaceAllString(text, masked)
	for _, name := range names {
		for _, part := range append([]string{name}, strings.Fields(name)...) {
			if utf8.RuneCountInString(part) >= 2 {
				text = replaceWord(text, part)
			}
		}
	}
	return text
}

// replaceWord takes out a name in any case. A Latin name only where it stands as a word: Al is not in Also.
func replaceWord(text, name string) string {
	pattern := regexp.QuoteMeta(name)
	if r, _ := utf8.DecodeRuneInString(name); r < 0x1100 {
		pattern = `\b` + pattern + `\b`
	}
	re, err := regexp.Compile(`(?i)` + pattern)
	if err != nil {
		return text
	}
	return re.ReplaceAllLiteralString(text, masked)
}
