package inbox

import (
	"net/http"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/web/ui"
)

func badForm(field string) error {
	return problem.For(field, "This form is broken. Load the page again.")
}

// status says whose turn it is.
func (a *area) status(w http.ResponseWriter, r *http.Request) error {
	id, err := conversationID(r)
	if err != nil {
		return err
	}
	to := conversation.Status(r.FormValue("to"))
	var was conversation.Conversation
	err = a.do(r, func(tx *db.Tx) (err error) {
		if was, err = conversation.Get(r.Context(), tx, id); err != nil {
			return err
		}
		return conversation.SetStatus(r.Context(), tx, id, to)
	})
	if err != nil {
		return err
	}
	done(w, r, id, ui.Toast{Text: i18n.T(r.Context(), "inbox.said_"+string(to)), Undo: undoStatus(was)})
	return nil
}

// undoStatus is where a POST makes the status what it was.
func undoStatus(was conversation.Conversation) string {
	at := "/inbox/" + was.ID.String()
	if was.Status == conversation.Snoozed {
		return at + "/snooze?at=" + stamp(was.SnoozedUntil)
	}
	return at + "/status?to=" + string(was.Status)
}
