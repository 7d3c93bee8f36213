package coverage

import (
	"context"
	"net/http"

	"baraji/internal/kit/i18n"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

// area is the pages with the parts of the program that they call.
type area struct{ *desk.Desk }

// Routes adds the pages.
func Routes(rt *desk.Routes) {
	a := area{rt.Desk}
	rt.Page("GET /coverage", team.ReadConversations, a.week)
	rt.Page("POST /coverage/goal", team.ManageSettings, a.setGoal)
}

// parts are the pages of the area, for its sub-navigation.
func parts(ctx context.Context, here string) (links []ui.Link) {
	for _, p := range []struct{ name, path string }{
		{"week", "/coverage"},
	} {
		links = append(links, ui.Link{Label: t(ctx, "part_"+p.name), URL: p.path, Current: p.name == here})
	}
	return links
}

// plans says whether whoever looks may plan for all.
func plans(ctx context.Context) bool { return team.From(ctx).Can(team.ManageSettings) }

// t is a word of this area.
func t(ctx context.Context, key string, args ...any) string {
	return i18n.T(ctx, "coverage."+key, args...)
}

// done says what was done on the page that comes next; undo is where a POST takes it back, or "".
func done(w http.ResponseWriter, r *http.Request, to, word, undo string) error {
	ui.SayThere(w, r, ui.Toast{Text: t(r.Context(), word), Undo: undo}, to)
	return nil
}
