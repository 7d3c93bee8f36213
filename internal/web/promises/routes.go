package promises

import (
	"context"
	"net/http"

	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/promise"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

// area is the pages with the parts of the program that they call.
type area struct{ *desk.Desk }

// Routes adds the pages.
func Routes(rt *desk.Routes) {
	a := area{rt.Desk}
	rt.Page("GET /promises", team.ReadConversations, a.list)
	rt.Page("POST /promises/lead", team.Handle, a.lead)
	rt.Page("GET /promises/new", team.Handle, a.newForm)
	rt.Page("POST /promises/new", team.Handle, a.create)
	rt.Page("GET /promises/{id}", team.ReadConversations, a.show)
	rt.Page("POST /promises/{id}", team.Handle, a.save)
	rt.Page("POST /promises/{id}/close", team.Handle, a.close)
	rt.Page("POST /promises/{id}/reopen", team.Handle, a.reopen)
	rt.Page("POST /promises/{id}/move", team.Handle, a.move)
	rt.Page("POST /promises/{id}/remove", team.Handle, a.remove)
}

// t is a word of this area.
func t(ctx context.Context, key string, args ...any) string {
	return i18n.T(ctx, "promise."+key, args...)
}

func promiseID(r *http.Request) (promise.ID, error) {
	key, err := id.Read[promise.ID](r.PathValue("id"))
	if err != nil {
		return 0, problem.New(problem.NotFound, "There is no such promise.")
	}
	return key, nil
}

func path(id promise.ID) string { return "/promises/" + id.String() }

// done says what was done on the page that comes next, or where one is.
func done(w http.ResponseWriter, r *http.Request, to string, toast ui.Toast) error {
	if r.Header.Get("HX-Request") == "true" && r.FormValue("stay") != "" {
		ui.Say(w, r, toast)
		ui.Trigger(w, "refresh", map[string]string{})
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	ui.SayThere(w, r, toast, to)
	return nil
}
