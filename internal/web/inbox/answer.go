package inbox

import (
	"net/http"

	"baraji/internal/conversation"
	"baraji/internal/web/ui"
)

// done answers an action on a conversation: the page fetches itself again, or
// without script is led back to it.
func done(w http.ResponseWriter, r *http.Request, id conversation.ID, t ui.Toast) {
	back := ui.Local(r.FormValue("back"))
	if back == "/" {
		back = "/inbox/" + id.String()
	}
	if r.Header.Get("HX-Request") != "true" {
		if t.Text != "" {
			ui.SayThere(w, r, t, back)
			return
		}
		ui.Redirect(w, r, back)
		return
	}
	if t.Text != "" {
		ui.Say(w, r, t)
	}
	ui.Trigger(w, "refresh", map[string]string{"conversation": id.String()})
	ui.Trigger(w, "close-dialog", map[string]string{})
	w.WriteHeader(http.StatusNoContent)
}
