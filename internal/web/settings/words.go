package settings

import "strings"

// orWord is s, or a word that says that there is none.
func orWord(s, none string) string {
	if strings.TrimSpace(s) == "" {
		return none
	}
	return s
}

// dotless is a kind of fact or work as a key of the catalogue.
func dotless(kind string) string {
	return strings.NewReplacer(".", "_", " ", "_", "-", "_", "/", "_").Replace(kind)
}
