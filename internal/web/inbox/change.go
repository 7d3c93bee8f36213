package inbox

import (
	"net/http"
	"strings"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// change changes what stands in a conversation's head: only the fields that the
// form holds.
func (a *area) change(w http.ResponseWriter, r *http.Request) error {
	id, err := conversationID(r)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return badForm("form")
	}
	var ch conversation.Change
	for name, to := range map[string]**string{"subject": &ch.Subject, "type": &ch.Type, "priority": &ch.Priority, "severity": &ch.Severity} {
		if r.Form.Has(name) {
			v := strings.TrimSpace(r.Form.Get(name))
			*to = &v
		}
	}
	if r.Form.Has("stage") {
		s := conversation.Stage(r.Form.Get("stage"))
		ch.Stage = &s
	}
	err = a.do(r, func(tx *db.Tx) error {
		if r.Form.Has("team") {
			var to team.TeamID
			if err := to.UnmarshalText([]byte(r.Form.Get("team"))); err != nil {
				return badForm("team")
			}
			if err := conversation.SetTeam(r.Context(), tx, id, to); err != nil {
				return err
			}
		}
		return conversation.Update(r.Context(), tx, id, ch)
	})
	if err != nil {
		return err
	}
	done(w, r, id, ui.Toast{})
	return nil
}
