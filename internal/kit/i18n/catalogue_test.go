package i18n

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var placeholders = regexp.MustCompile(`\{([a-z_]+)[|}]`)

// names lists the placeholders of a word, each once, sorted.
func (w word) names() []string {
	seen := map[string]bool{}
	for _, m := range placeholders.FindAllStringSubmatch(w.one+" "+w.other, -1) {
		seen[m[1]] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

func TestBothLanguagesHaveTheSameWords(t *testing.T) {
	en, ko := catalogues()[English].words, catalogues()[Korean].words
	for key, e := range en {
		k, ok := ko[key]
		if !ok {
			t.Errorf("%s is missing in Korean", key)
			continue
		}
		if !slices.Equal(e.names(), k.names()) {
			t.Errorf("%s: English has %v, Korean %v", key, e.names(), k.names())
		}
	}
	for key := range ko {
		if _, ok := en[key]; !ok {
			t.Errorf("%s is missing in English", key)
		}
	}
}

var (
	wrongLetters = regexp.MustCompile(`[!…]$|\.\.\.|고객님|[가-힣]\([가이은는을를]\)`)
	formatVerbs  = regexp.MustCompile(`%(?:\[\d+\])?[a-z]`)
)

// The voice of look.md, as far as a machine can hear it.
func TestTheVoice(t *testing.T) {
	for l, c := range catalogues() {
		for key, w := range c.words {
			for _, s := range []string{w.one, w.other} {
				if wrongLetters.MatchString(s) {
					t.Errorf("%s %s: %q: no exclamation mark, no dots for waiting, no 이(가), the customer by name", l, key, s)
				}
				if strings.TrimSpace(s) != s {
					t.Errorf("%s %s: %q has spaces at its ends", l, key, s)
				}
			}
		}
	}
}

func TestTranslatedProblemsTakeTheSameArguments(t *testing.T) {
	for format, s := range catalogues()[Korean].sentences {
		if got, want := len(formatVerbs.FindAllString(s, -1)), len(formatVerbs.FindAllString(format, -1)); got != want {
			t.Errorf("%q takes %d arguments, its translation %d", format, want, got)
		}
	}
}
