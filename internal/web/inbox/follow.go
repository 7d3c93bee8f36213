package inbox

import (
	"net/http"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// follow makes whoever asks follow a conversation, or with off no longer.
func (a *area) follow(w http.ResponseWriter, r *http.Request) error {
	id, err := conversationID(r)
	if err != nil {
		return err
	}
	me, off := team.From(r.Context()).Person, r.FormValue("off") != ""
	err = a.do(r, func(tx *db.Tx) error {
		if off {
			return conversation.Unfollow(r.Context(), tx, id, me)
		}
		return conversation.Follow(r.Context(), tx, id, me)
	})
	if err != nil {
		return err
	}
	said := "inbox.said_follow"
	if off {
		said = "inbox.said_unfollow"
	}
	done(w, r, id, ui.Toast{Text: i18n.T(r.Context(), said)})
	return nil
}
