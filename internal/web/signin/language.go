package signin

import (
	"net/http"
	"net/url"

	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

// language remembers in which language this browser reads until somebody signs in
// who has chosen one. It changes nothing on our side, so a link may do it.
func (d door) language(w http.ResponseWriter, r *http.Request) error {
	l, ok := desk.Language(r.PathValue("language"))
	if !ok {
		desk.NotFound(w, r)
		return nil
	}
	desk.SetLanguage(w, r, l)
	ui.Redirect(w, r, before(r))
	return nil
}

// before is the page that the link was on.
func before(r *http.Request) string {
	u, err := url.Parse(r.Referer())
	if err != nil || u.Path == "" || u.Host != r.Host {
		return "/sign-in"
	}
	return ui.Local(u.RequestURI())
}
