package inbox

import (
	"net/http"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/web/ui"
)

// deleteForm asks first: it cannot be undone.
func (a *area) deleteForm(w http.ResponseWriter, r *http.Request) error {
	id, err := conversationID(r)
	if err != nil {
		return err
	}
	var c conversation.Conversation
	err = a.DB.Read(r.Context(), func(tx *db.Tx) (err error) { c, err = conversation.Get(r.Context(), tx, id); return err })
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, deleteDialog(c))
	return nil
}

// delete takes a conversation away for good, with the mail that it is made of.
func (a *area) delete(w http.ResponseWriter, r *http.Request) error {
	id, err := conversationID(r)
	if err != nil {
		return err
	}
	err = a.do(r, func(tx *db.Tx) error {
		if _, err := conversation.Get(r.Context(), tx, id); err != nil {
			return err
		}
		if err := a.Mail.Bury(r.Context(), tx, id); err != nil {
			return err
		}
		return conversation.Delete(r.Context(), tx, id)
	})
	if err != nil {
		return err
	}
	ui.SayThere(w, r, ui.Toast{Text: i18n.T(r.Context(), "inbox.said_deleted")}, "/inbox")
	return nil
}
