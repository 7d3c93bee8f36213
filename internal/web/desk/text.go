package desk

import (
	"net/http"
	"strings"

	"baraji/internal/kit/i18n"
)

// Text reads what a form holds in each language: name.ko, name.en.
func Text(r *http.Request, name string) i18n.Text {
	t := i18n.Text{}
	for _, l := range i18n.Locales() {
		if s := strings.TrimSpace(strings.ReplaceAll(r.FormValue(name+"."+string(l)), "\r\n", "\n")); s != "" {
			t[l] = s
		}
	}
	return t
}
