package i18n

import "context"

// Text is something that a firm wrote in the languages of its customers.
type Text map[Locale]string

// In is the text in a language, or in the other one where it was not written.
func (t Text) In(l Locale) string {
	if s := t[l]; s != "" {
		return s
	}
	for _, other := range Locales() {
		if s := t[other]; s != "" {
			return s
		}
	}
	return ""
}

// Fits says whether it has at most n letters in each language.
func (t Text) Fits(n int) bool {
	for _, s := range t {
		if len([]rune(s)) > n {
			return false
		}
	}
	return true
}

// Every is what the catalogue says under a key, in all languages: for what is made for a firm and is its own from then on.
func Every(key string) Text {
	t := Text{}
	for _, l := range Locales() {
		t[l] = T(With(context.Background(), Reader{Locale: l}), key)
	}
	return t
}
