package i18n

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
