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
		harmless(w, "text/plain; charset=utf-8")
	} else {
		harmless(w, "message/rfc822")
		w.Header().Set("Content-Disposition", disposition("attachment", strconv.FormatInt(c.Number, 10)+".eml"))
	}
	_, err = w.Write(raw)
	return err
}

// print is a conversation on paper: without notes, unless ?notes=1.
func (a *area) print(w http.ResponseWriter, r *http.Request) error {
	id, err := conversationID(r)
	if err != nil {
		return err
	}
	var t *talk
	err = a.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		t, err = a.readTalk(r.Context(), tx, id, view{Name: "mine"}, 0)
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, printPage(*t, r.URL.Query().Get("notes") != ""))
	return nil
}
