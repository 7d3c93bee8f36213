package runbooks

import (
	"context"
	"net/http"

	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/runbook"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

// area is the pages with the parts of the program that they call.
type area struct{ *desk.Desk }

// Routes adds the pages.
func Routes(rt *desk.Routes) {
	a := area{rt.Desk}
	rt.Page("GET /runbooks", team.ReadArticles, a.list)
	rt.Page("GET /runbooks/new", team.EditArticles, a.newForm)
	rt.Page("POST /runbooks/new", team.EditArticles, a.save)
	rt.Page("GET /runbooks/{id}", team.ReadArticles, a.show)
	rt.Page("GET /runbooks/{id}/edit", team.EditArticles, a.editForm)
	rt.Page("POST /runbooks/{id}/edit", team.EditArticles, a.save)
	rt.Page("POST /runbooks/{id}/archive", team.EditArticles, a.archive)
	rt.Page("POST /runbooks/{id}/restore", team.EditArticles, a.restore)
}

// t is a word of this area.
func t(ctx context.Context, key string, args ...any) string {
	return i18n.T(ctx, "runbook."+key, args...)
}

func runbookID(r *http.Request) (runbook.ID, error) {
	key, err := id.Read[runbook.ID](r.PathValue("id"))
	if err != nil {
		return 0, problem.New(problem.NotFound, "There is no such runbook.")
	}
	return key, nil
}

func path(id runbook.ID) string { return "/runbooks/" + id.String() }

func writes(ctx context.Context) bool { return ui.Of(ctx).Can(string(team.EditArticles)) }
