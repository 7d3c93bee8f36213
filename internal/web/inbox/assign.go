package inbox

import (
	"net/http"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// assigning is the choice of who looks after a conversation.
type assigning struct {
	conversation.Conversation
	People []team.Person
	Teams  []team.Team
	Me     team.ID
}

func (a *area) assignForm(w http.ResponseWriter, r *http.Request) error {
	id, err := conversationID(r)
	if err != nil {
		return err
	}
	c := assigning{Me: team.From(r.Context()).Person}
	err = a.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		if c.Conversation, err = conversation.Get(r.Context(), tx, id); err != nil {
			return err
		}
		if c.Teams, err = team.Teams(r.Context(), tx); err != nil {
			return err
		}
		c.People, err = team.People(r.Context(), tx, team.Filter{})
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, assignDialog(c))
	return nil
}

// assign hands a conversation to a person (to=usr_…, "me" or "" for nobody) or,
// with team, to a team.
func (a *area) assign(w http.ResponseWriter, r *http.Request) error {
	id, err := conversationID(r)
	if err != nil {
		return err
	}
	to, err := assignee(r)
	if err != nil {
		return err
	}
	var was conversation.Conversation
	var name string
	err = a.do(r, func(tx *db.Tx) (err error) {
		if was, err = conversation.Get(r.Context(), tx, id); err != nil {
			return err
		}
		if to != 0 {
			p, err := team.Get(r.Context(), tx, to)
			if err != nil {
				return err
			}
			name = p.Name
		}
		return conversation.Assign(r.Context(), tx, id, to)
	})
	if err != nil {
		return err
	}
	text := i18n.T(r.Context(), "inbox.said_unassigned")
	switch {
	case to == team.From(r.Context()).Person:
		text = i18n.T(r.Context(), "inbox.said_took")
	case to != 0:
		text = i18n.T(r.Context(), "inbox.said_assigned", "to", name)
	}
	done(w, r, id, ui.Toast{Text: text, Undo: "/inbox/" + id.String() + "/assign?to=" + was.Assignee.String()})
	return nil
}

// assignee reads who shall have it.
func assignee(r *http.Request) (team.ID, error) {
	if r.FormValue("to") == "me" {
		return team.From(r.Context()).Person, nil
	}
	var to team.ID
	if err := to.UnmarshalText([]byte(r.FormValue("to"))); err != nil {
		return 0, badForm("to")
	}
	return to, nil
}
