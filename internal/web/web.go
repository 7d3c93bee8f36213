// Package web is the pages: one folder for each area of the screen. It puts the
// areas together behind the middleware that all of them share.
package web

import (
	"net/http"

	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

// areas lists the areas, each of which adds its routes.
var areas = []func(*desk.Routes){}

// New makes the handler of all pages, and lists their routes.
func New(d *desk.Desk) (http.Handler, []desk.Route) {
	mux := http.NewServeMux()
	rt := desk.NewRoutes(d, mux)
	for _, add := range areas {
		add(rt)
	}
	rt.Page("GET /live", "", func(w http.ResponseWriter, r *http.Request) error { d.Live(w, r); return nil })
	rt.Public("GET /{$}", func(w http.ResponseWriter, r *http.Request) error {
		http.Redirect(w, r, "/inbox", http.StatusSeeOther)
		return nil
	})
	mux.HandleFunc("/", desk.NotFound)
	pages := ui.Secure(ui.Compress(d.Recognise(ui.CSRF(mux))))

	all := http.NewServeMux()
	all.Handle("/static/", ui.Assets())
	all.Handle("/", pages)
	return all, rt.All()
}

