package inbox

import (
	"net/http"

	"baraji/internal/kit/db"
	"baraji/internal/team"
	"baraji/internal/web/desk"
)

// area is what the handlers of the inbox call.
type area struct {
	*desk.Desk
	pictures *http.Client // for pictures that are elsewhere
	watchers *watchers    // who looks at what at this moment
}

// Routes adds the pages of the inbox.
func Routes(rt *desk.Routes) {
	a := &area{Desk: rt.Desk, watchers: &watchers{}}
	if rt.Dial != nil {
		a.pictures = rt.Dial.HTTPClient()
	}
	read := func(pattern string, fn desk.Handler) { rt.Page(pattern, team.ReadConversations, fn) }

	read("GET /inbox", a.list)
	read("GET /inbox/filter", a.filterForm)
	read("GET /inbox/{id}", a.open)
	read("GET /c/{number}", a.number)
	read("GET /inbox/{id}/print", a.print)
	read("GET /search", a.search)
	read("GET /find", a.find)

	rt.Page("GET /inbox/new", team.Reply, a.newForm)
	rt.Page("POST /inbox/new", team.Reply, a.begin)
	rt.Page("POST /inbox/new/macros/{macro}", team.Reply, a.chooseNewMacro)
	read("GET /inbox/macros", a.macros)
	read("POST /inbox/{id}/macros", a.runMacros)
	read("POST /inbox/{id}/macros/{macro}", a.chooseMacro)
	rt.Page("POST /inbox/bulk", team.Handle, a.bulk)
	read("POST /inbox/{id}/say", a.say)
	read("POST /inbox/{id}/draft", a.draft)
	rt.Page("GET /inbox/{id}/suggestions", team.Reply, a.suggest)
	rt.Page("POST /inbox/{id}/use", team.Reply, a.use)
	read("POST /upload", a.upload)
	rt.Page("POST /message/{id}/unsend", team.Reply, a.unsend)
	rt.Page("POST /message/{id}/resend", team.Reply, a.resend)

	rt.Page("GET /inbox/{id}/assign", team.Handle, a.assignForm)
	rt.Page("POST /inbox/{id}/assign", team.Handle, a.assign)
	rt.Page("GET /inbox/{id}/hand-over", team.Handle, a.handOverForm)
	rt.Page("POST /inbox/{id}/hand-over", team.Handle, a.handOver)
	rt.Page("POST /inbox/{id}/status", team.Handle, a.status)
	rt.Page("POST /inbox/{id}/snooze", team.Handle, a.snooze)
	rt.Page("POST /inbox/{id}/change", team.Handle, a.change)
	rt.Page("POST /inbox/{id}/tag", team.Handle, a.tag)
	rt.Page("POST /inbox/{id}/untag", team.Handle, a.untag)
	read("POST /inbox/{id}/follow", a.follow)
	rt.Page("POST /inbox/{id}/claims/{claim}", team.EditContacts, a.claim)
	rt.Page("GET /inbox/{id}/merge", team.Handle, a.mergeForm)
	rt.Page("POST /inbox/{id}/merge", team.Handle, a.merge)
	rt.Page("POST /inbox/{id}/undo", team.Handle, a.undo)
	rt.Page("GET /message/{id}/split", team.Handle, a.splitForm)
	rt.Page("POST /message/{id}/split", team.Handle, a.split)
	rt.Page("GET /inbox/{id}/delete", team.Delete, a.deleteForm)
	rt.Page("POST /inbox/{id}/delete", team.Delete, a.delete)
	rt.Page("GET /inbox/{id}/incident", team.Handle, a.incidentForm)
	rt.Page("GET /inbox/{id}/promise", team.Handle, a.promiseForm)
	rt.Page("POST /inbox/{id}/promise", team.Handle, a.promise)
	rt.Page("GET /inbox/{id}/runbook", team.Handle, a.runbookForm)
	rt.Page("POST /inbox/{id}/runbook", team.Handle, a.startRunbook)
	rt.Page("GET /inbox/{id}/runbook/{run}", team.Handle, a.endForm)
	rt.Page("POST /inbox/{id}/runbook/{run}", team.Handle, a.followRunbook)
	read("POST /inbox/{id}/watch", a.watch)
	rt.Page("POST /inbox/{id}/typing", team.Reply, a.typing)

	read("GET /message/{id}/html", a.html)
	read("GET /message/{id}/source", a.source)
	read("GET /picture", a.picture)
	read("GET /file/{id}", a.file)
}

// do runs a command on the conversation of the address in a transaction.
func (a *area) do(r *http.Request, fn func(tx *db.Tx) error) error {
	return a.DB.Write(r.Context(), fn)
}
