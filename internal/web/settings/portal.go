package settings

import (
	"net/http"

	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

func (a area) portalRoutes(rt *desk.Routes) {
	rt.Page("GET /settings/portal", team.ManageInboxes, a.portal)
}

// portal is how customers come to their own conversations.
func (a area) portal(w http.ResponseWriter, r *http.Request) error {
	ui.Render(w, r, http.StatusOK, portalPage(a.Base(r)+"/portal"))
	return nil
}
