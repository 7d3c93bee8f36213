package inbox

import (
	"errors"
	"net/http"
	"strconv"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// source is the original of a mail, byte for byte: as a download, or with ?raw=1
// as text to look at.
func (a *area) source(w http.ResponseWriter, r *http.Request) error {
	id, err := messageID(r)
	if err != nil {
		return err
	}
	var m conversation.Message
	var c conversation.Conversation
	err = a.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		if m, err = conversation.GetMessage(r.Context(), tx, id); err != nil {
			return err
		}
		c, err = conversation.Get(r.Context(), tx, m.Conversation)
		return err
	})
	if err != nil {
		return err
	}
	if team.From(r.Context()).Masked {
		return problem.New(problem.NotFound, "There is no original of this message.")
	}
	raw, err := a.Mail.RawOfMessage(r.Context(), m.Source)
	if errors.Is(err, db.ErrNoRow) || m.Source == 0 {
		return problem.New(problem.NotFound, "There is no original of this message.")
	}
	if err != nil {
		return err
	}
	if r.URL.Query().Get("raw") != "" {
		ui.Harmless(w, "text/plain; charset=utf-8")
	} else {
		ui.Harmless(w, "message/rfc822")
		w.Header().Set("Content-Disposition", ui.Disposition("attachment", strconv.FormatInt(c.Number, 10)+".eml"))
	}
	_, err = w.Write(raw)
	return err
}
