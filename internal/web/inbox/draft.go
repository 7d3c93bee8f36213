package inbox

import (
	"net/http"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
)

// draft keeps what is being written, for whoever writes it.
func (a *area) draft(w http.ResponseWriter, r *http.Request) error {
	id, err := conversationID(r)
	if err != nil {
		return err
	}
	kind := conversation.FromAgent
	if r.FormValue("kind") == "note" {
		kind = conversation.Note
	}
	err = a.do(r, func(tx *db.Tx) error { return conversation.SaveDraft(r.Context(), tx, id, kind, r.FormValue("body")) })
	if err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
