package desk

import (
	"net/http"
	"strings"

	"baraji/internal/kit/problem"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// Handler is a page or an action that may fail.
type Handler func(http.ResponseWriter, *http.Request) error

// Route is one way into the program, as the list that tests walk.
type Route struct {
	Method, Path string
	Public       bool       // for strangers too
	Right        team.Right // needed; "" is signed in only
}

// Routes collects the ways into the program. There is no other way to add one,
// so the list is whole.
type Routes struct {
	*Desk
	mux  *http.ServeMux
	list []Route
}

// NewRoutes makes an empty list for mux.
func NewRoutes(d *Desk, mux *http.ServeMux) *Routes { return &Routes{Desk: d, mux: mux} }

// All lists the routes.
func (rt *Routes) All() []Route { return rt.list }

// Public adds a page for everybody. pattern is "METHOD /path" of http.ServeMux.
func (rt *Routes) Public(pattern string, fn Handler) {
	rt.add(pattern, true, "")
	rt.mux.Handle(pattern, rt.Handle(fn))
}

// Page adds a page for people who are signed in and have the right ("": any).
func (rt *Routes) Page(pattern string, right team.Right, fn Handler) {
	rt.add(pattern, false, right)
	rt.mux.Handle(pattern, rt.SignedIn(rt.Handle(func(w http.ResponseWriter, r *http.Request) error {
		if right != "" {
			if err := team.Allow(r.Context(), right); err != nil {
				return err
			}
		}
		return fn(w, r)
	})))
}

func (rt *Routes) add(pattern string, public bool, right team.Right) {
	method, path, ok := strings.Cut(pattern, " ")
	if !ok {
		panic("a route without a method: " + pattern)
	}
	rt.list = append(rt.list, Route{method, path, public, right})
}

// NotFound answers what is not there.
func NotFound(w http.ResponseWriter, r *http.Request) {
	ui.Problem(w, r, problem.New(problem.NotFound, "This page is not here."))
}
