package incidents

import (
	"context"
	"net/http"

	"baraji/internal/incident"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

// area is the pages with the parts of the program that they call.
type area struct{ *desk.Desk }

// Routes adds the pages.
func Routes(rt *desk.Routes) {
	a := area{rt.Desk}
	rt.Page("GET /incidents", team.ReadConversations, a.list)
	rt.Page("GET /incidents/new", team.RunIncidents, a.newForm)
	rt.Page("POST /incidents/new", team.RunIncidents, a.open)
	rt.Page("POST /incidents/link", team.Handle, a.linkMany)
	rt.Page("GET /incidents/causes", team.ReadConversations, a.causes)
	rt.Page("GET /incidents/page", team.ManageSettings, a.arrange)
	rt.Page("POST /incidents/page", team.ManageSettings, a.saveArranged)
	rt.Page("GET /incidents/{id}", team.ReadConversations, a.show)
	rt.Page("GET /incidents/{id}/edit", team.RunIncidents, a.editForm)
	rt.Page("POST /incidents/{id}/edit", team.RunIncidents, a.edit)
	rt.Page("GET /incidents/{id}/update", team.RunIncidents, a.updateForm)
	rt.Page("POST /incidents/{id}/update", team.RunIncidents, a.update)
	rt.Page("POST /incidents/{id}/notes", team.Note, a.note)
	rt.Page("POST /incidents/{id}/roles", team.RunIncidents, a.roles)
	rt.Page("POST /incidents/{id}/reach", team.RunIncidents, a.reach)
	rt.Page("POST /incidents/{id}/links", team.Handle, a.link)
	rt.Page("POST /incidents/{id}/unlink", team.Handle, a.unlink)
	rt.Page("GET /incidents/{id}/review", team.ReadConversations, a.review)
	rt.Page("POST /incidents/{id}/review", team.RunIncidents, a.saveReview)
	rt.Page("POST /incidents/{id}/actions", team.RunIncidents, a.addAction)
	rt.Page("POST /incidents/{id}/actions/{action}", team.Handle, a.doAction)
	rt.Page("GET /maintenance", team.ReadConversations, a.maintenances)
	rt.Page("GET /maintenance/new", team.RunIncidents, a.maintenance)
	rt.Page("POST /maintenance/new", team.RunIncidents, a.plan)
	rt.Page("GET /maintenance/{id}", team.RunIncidents, a.maintenance)
	rt.Page("POST /maintenance/{id}", team.RunIncidents, a.plan)
	rt.Page("POST /maintenance/{id}/cancel", team.RunIncidents, a.cancel)
}

// t is a word of this area.
func t(ctx context.Context, key string, args ...any) string {
	return i18n.T(ctx, "incident."+key, args...)
}

func incidentID(r *http.Request) (incident.ID, error) {
	key, err := id.Read[incident.ID](r.PathValue("id"))
	if err != nil {
		return 0, problem.New(problem.NotFound, "There is no such incident.")
	}
	return key, nil
}

func path(id incident.ID) string { return "/incidents/" + id.String() }

// done says what was done on the page that comes next.
func done(w http.ResponseWriter, r *http.Request, to, word string, args ...any) error {
	ui.SayThere(w, r, ui.Toast{Text: t(r.Context(), word, args...)}, to)
	return nil
}

func may(ctx context.Context, right team.Right) bool { return ui.Of(ctx).Can(string(right)) }
