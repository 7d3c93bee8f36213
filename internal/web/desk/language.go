package desk

import (
	"net/http"

	"baraji/internal/kit/i18n"
)

const languageCookie = "baraji_language"

// Language reads the name of a language that we speak.
func Language(name string) (i18n.Locale, bool) {
	for _, l := range i18n.Locales() {
		if string(l) == name {
			return l, true
		}
	}
	return "", false
}

// SetLanguage remembers in which language a browser reads while nobody is signed in.
func SetLanguage(w http.ResponseWriter, r *http.Request, l i18n.Locale) {
	http.SetCookie(w, &http.Cookie{Name: languageCookie, Value: string(l), Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true,
		Secure: OverTLS(r), SameSite: http.SameSiteLaxMode})
}

// HasLanguage says whether somebody chose a language in this browser.
func HasLanguage(r *http.Request) bool { return cookieLanguage(r) != "" }

func cookieLanguage(r *http.Request) i18n.Locale {
	c, err := r.Cookie(languageCookie)
	if err != nil {
		return ""
	}
	l, _ := Language(c.Value)
	return l
}
