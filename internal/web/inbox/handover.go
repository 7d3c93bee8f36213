package inbox

import (
	"net/http"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// handing is the choice of who takes a conversation on, with what he should know.
type handing struct {
	conversation.Conversation
	Teams []team.Team // but the one that has it
}

// handOverForm asks who takes a conversation on.
func (a *area) handOverForm(w http.ResponseWriter, r *http.Request) error {
	key, err := conversationID(r)
	if err != nil {
		return err
	}
	h := handing{}
	err = a.DB.Read(r.Context(), func(tx *db.Tx) error {
		if h.Conversation, err = conversation.Get(r.Context(), tx, key); err != nil {
			return err
		}
		teams, err := team.Teams(r.Context(), tx)
		h.Teams = nil
		for _, t := range teams {
			if t.ID != h.Team {
				h.Teams = append(h.Teams, t)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, handOverDialog(h))
	return nil
}

// handOver gives a conversation to another team, with a note.
func (a *area) handOver(w http.ResponseWriter, r *http.Request) error {
	key, err := conversationID(r)
	if err != nil {
		return err
	}
	to, _ := id.Read[team.TeamID](r.FormValue("team"))
	var name string
	err = a.do(r, func(tx *db.Tx) error {
		if _, err := conversation.HandOver(r.Context(), tx, key, conversation.Handover{Team: to, Text: r.FormValue("text")}); err != nil {
			return err
		}
		t, err := team.GetTeam(r.Context(), tx, to)
		name = t.Name
		return err
	})
	if err != nil {
		return err
	}
	done(w, r, key, ui.Toast{Text: i18n.T(r.Context(), "inbox.said_handed_over", "team", name)})
	return nil
}
