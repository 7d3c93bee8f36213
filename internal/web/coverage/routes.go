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
	a.onCallRoutes(rt)
	rt.Page("GET /coverage", team.ReadConversations, a.week)
	rt.Page("POST /coverage/goal", team.ManageSettings, a.setGoal)
	rt.Page("GET /coverage/morning", team.ReadConversations, a.morning)
	rt.Page("POST /coverage/morning/{id}", team.Handle, a.lookAt)
	rt.Page("GET /coverage/what-if", team.Handle, a.askWhatIf)
	rt.Page("GET /coverage/rotas", team.ReadConversations, a.rotas)
	rt.Page("GET /coverage/rotas/new", team.ManageSettings, a.editRota)
	rt.Page("POST /coverage/rotas/new", team.ManageSettings, a.saveRota)
	rt.Page("GET /coverage/rotas/{id}/edit", team.ManageSettings, a.editRota)
	rt.Page("POST /coverage/rotas/{id}/edit", team.ManageSettings, a.saveRota)
	rt.Page("GET /coverage/rotas/{id}", team.ReadConversations, a.plan)
	rt.Page("POST /coverage/rotas/{id}/delete", team.ManageSettings, a.deleteRota)
	rt.Page("POST /coverage/rotas/{id}/undo", team.ManageSettings, a.undoRota)
	rt.Page("GET /coverage/rotas/{id}/turn", team.ManageSettings, a.sheet)
	rt.Page("POST /coverage/rotas/{id}/turn", team.ManageSettings, a.saveTurn)
	rt.Page("POST /coverage/rotas/{id}/undo/{change}", team.ManageSettings, a.undoTurn)
	rt.Page("GET /coverage/mine", team.ReadConversations, a.mine)
	rt.Page("GET /coverage/rotas/{id}/ask", team.ReadConversations, a.ask)
	rt.Page("POST /coverage/swaps", team.ReadConversations, a.askSwap)
	rt.Page("POST /coverage/swaps/{id}/{act}", team.ReadConversations, a.swap)
	rt.Page("POST /coverage/leaves", team.ReadConversations, a.takeLeave)
	rt.Page("POST /coverage/leaves/{id}/end", team.ReadConversations, a.endLeave)
	rt.Page("POST /coverage/feeds", team.ReadConversations, a.makeFeed)
	rt.Page("POST /coverage/feeds/{id}/revoke", team.ReadConversations, a.revokeFeed)
	rt.Public("GET /coverage/feed/{file}", a.feed)
	rt.Page("GET /coverage/handover", team.ReadConversations, a.handover)
	rt.Page("POST /coverage/handover", team.Note, a.beginNote)
	rt.Page("POST /coverage/handover/{id}", team.Note, a.writeNote)
	rt.Page("POST /coverage/handover/{id}/read", team.Note, a.readNote)
}

// parts are the pages of the area, for its sub-navigation.
func parts(ctx context.Context, here string) (links []ui.Link) {
	for _, p := range []struct{ name, path string }{
		{"week", "/coverage"},
		{"rotas", "/coverage/rotas"},
		{"mine", "/coverage/mine"},
		{"handover", "/coverage/handover"},
		{"morning", "/coverage/morning"},
		{"whatif", "/coverage/what-if"},
		{"on-call", onCallPath},
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
