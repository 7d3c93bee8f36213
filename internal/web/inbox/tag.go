package inbox

import (
	"net/http"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/web/ui"
)

// tag puts a tag on a conversation.
func (a *area) tag(w http.ResponseWriter, r *http.Request) error {
	id, err := conversationID(r)
	if err != nil {
		return err
	}
	name := r.FormValue("tag")
	if err := a.do(r, func(tx *db.Tx) error { return conversation.Tag(r.Context(), tx, id, name) }); err != nil {
		return err
	}
	done(w, r, id, ui.Toast{})
	return nil
}

// untag takes one off.
func (a *area) untag(w http.ResponseWriter, r *http.Request) error {
	id, err := conversationID(r)
	if err != nil {
		return err
	}
	name := r.FormValue("tag")
	if err := a.do(r, func(tx *db.Tx) error { return conversation.Untag(r.Context(), tx, id, name) }); err != nil {
		return err
	}
	done(w, r, id, ui.Toast{Text: i18n.T(r.Context(), "inbox.said_untagged", "tag", name), Undo: "/inbox/" + id.String() + "/tag?" + query("tag", name)})
	return nil
}
