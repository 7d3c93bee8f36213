package inbox

import (
	"net/http"
	"strings"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/web/ui"
)

// splitForm asks how a message shall be split off.
func (a *area) splitForm(w http.ResponseWriter, r *http.Request) error {
	id, err := messageID(r)
	if err != nil {
		return err
	}
	var m conversation.Message
	err = a.DB.Read(r.Context(), func(tx *db.Tx) (err error) { m, err = conversation.GetMessage(r.Context(), tx, id); return err })
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, splitDialog(m))
	return nil
}

// split makes a conversation of its own out of a message, or of it and all that
// follows.
func (a *area) split(w http.ResponseWriter, r *http.Request) error {
	id, err := messageID(r)
	if err != nil {
		return err
	}
	var fresh conversation.Conversation
	err = a.do(r, func(tx *db.Tx) (err error) {
		m, err := conversation.GetMessage(r.Context(), tx, id)
		if err != nil {
			return err
		}
		fresh, err = conversation.SplitOff(r.Context(), tx, m.Conversation, id, r.FormValue("rest") != "", strings.TrimSpace(r.FormValue("subject")))
		return err
	})
	if err != nil {
		return err
	}
	ui.SayThere(w, r, ui.Toast{Text: i18n.T(r.Context(), "inbox.said_split"), Undo: "/inbox/" + fresh.ID.String() + "/undo"}, "/inbox/"+fresh.ID.String()+"?view=all")
	return nil
}
