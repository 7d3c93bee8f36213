package inbox

import (
	"context"
	"net/http"

	"baraji/internal/conversation"
	"baraji/internal/incident"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// linking is the question which incident conversations are about.
type linking struct {
	Talks []conversation.ID
	Open  []incident.Incident
}

const mostOpen = 20

// incidentForm is GET /inbox/{id}/incident: which incident a conversation is about.
func (a *area) incidentForm(w http.ResponseWriter, r *http.Request) error {
	talk, err := conversationID(r)
	if err != nil {
		return err
	}
	return a.askIncident(w, r, []conversation.ID{talk})
}

func (a *area) askIncident(w http.ResponseWriter, r *http.Request, talks []conversation.ID) error {
	p := linking{Talks: talks}
	err := a.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		if len(talks) == 1 {
			if _, err := conversation.Get(r.Context(), tx, talks[0]); err != nil {
				return err
			}
		}
		p.Open, err = incident.List(r.Context(), tx, incident.Filter{Open: true, Limit: mostOpen})
		return err
	})
	if err != nil {
		return err
	}
	w.Header().Set("HX-Retarget", "#dialog")
	w.Header().Set("HX-Reswap", "innerHTML")
	ui.Render(w, r, http.StatusOK, incidentDialog(p))
	return nil
}

// newIncident is where an incident is opened about what was chosen.
func (p linking) newIncident() string {
	at := "/incidents/new"
	for n, c := range p.Talks {
		at += map[bool]string{true: "?", false: "&"}[n == 0] + "talk=" + c.String()
	}
	return at
}

func mayRun(ctx context.Context) bool { return ui.Of(ctx).Can(string(team.RunIncidents)) }

// called is what an incident is called in the reader's language.
func called(ctx context.Context, i incident.Incident) string {
	return i.Title.In(i18n.Of(ctx).Locale)
}

// guessed are open incidents that a customer's words may be about, where the conversation is about none yet.
func guessed(ctx context.Context, tx *db.Tx, talk conversation.ID, words string) ([]incident.Incident, error) {
	linked, err := incident.Of(ctx, tx, talk)
	if err != nil || len(linked) > 0 {
		return nil, err
	}
	list, err := incident.For(ctx, tx, words)
	return list[:min(len(list), 2)], err
}
