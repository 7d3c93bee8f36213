// Package web is the pages: one folder for each area of the screen. It puts the
// areas together behind the middleware that all of them share.
package web

import (
	"net/http"

	"baraji/internal/kit/db"
	"baraji/internal/team"
	"baraji/internal/web/assistant"
	"baraji/internal/web/campaigns"
	"baraji/internal/web/coverage"
	"baraji/internal/web/customers"
	"baraji/internal/web/desk"
	"baraji/internal/web/forms"
	"baraji/internal/web/helpcenter"
	"baraji/internal/web/inbox"
	"baraji/internal/web/incidents"
	"baraji/internal/web/knowledge"
	"baraji/internal/web/notices"
	"baraji/internal/web/portal"
	"baraji/internal/web/promises"
	"baraji/internal/web/runbooks"
	"baraji/internal/web/settings"
	"baraji/internal/web/signin"
	"baraji/internal/web/status"
	"baraji/internal/web/ui"
)

// areas lists the areas, each of which adds its routes.
var areas = []func(*desk.Routes){
	assistant.Routes,
	campaigns.Routes,
	coverage.Routes,
	customers.Routes,
	forms.Routes,
	helpcenter.Routes,
	inbox.Routes,
	incidents.Routes,
	knowledge.Routes,
	notices.Routes,
	portal.Routes,
	promises.Routes,
	runbooks.Routes,
	settings.Routes,
	signin.Routes,
	status.Routes,
}

// New makes the handler of all pages, and lists their routes.
func New(d *desk.Desk) (http.Handler, []desk.Route) {
	mux := http.NewServeMux()
	rt := desk.NewRoutes(d, mux)
	for _, add := range areas {
		add(rt)
	}
	rt.Page("GET /live", "", func(w http.ResponseWriter, r *http.Request) error { d.Live(w, r); return nil })
	rt.Public("GET /{$}", func(w http.ResponseWriter, r *http.Request) error { return home(d, w, r) })
	mux.HandleFunc("/", desk.NotFound)
	pages := ui.Secure(ui.Compress(d.Recognise(ui.CSRF(mux))))

	all := http.NewServeMux()
	all.Handle("/static/", ui.Assets())
	all.Handle("/", pages)
	return all, rt.All()
}

// home leads to the inbox, or to the set-up of a desk that nobody has set up yet.
func home(d *desk.Desk, w http.ResponseWriter, r *http.Request) error {
	var needed bool
	err := d.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		needed, err = team.SetUpNeeded(r.Context(), tx)
		return err
	})
	if err != nil {
		return err
	}
	to := "/inbox"
	if needed {
		to = "/set-up"
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}
