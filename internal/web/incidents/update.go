package incidents

import (
	"context"
	"net/http"
	"slices"

	"baraji/internal/incident"
	"baraji/internal/kit/db"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// saying is an update that is written, and then looked at once more.
type saying struct {
	incident.Incident
	New        incident.Update
	Components []incident.Component
	Hit        map[incident.ComponentID]incident.Impact
	Audience   incident.Audience
	Readers    int // subscribers of the status page
	Firm       string
	Last       incident.Update // what was said before; zero: nothing
	Trouble    ui.Trouble
}

// updateForm is GET /incidents/{id}/update?to=<state>.
func (a area) updateForm(w http.ResponseWriter, r *http.Request) error {
	key, err := incidentID(r)
	if err != nil {
		return err
	}
	p, err := a.saying(r, key)
	if err != nil {
		return err
	}
	to := incident.State(r.URL.Query().Get("to"))
	if !slices.Contains(incident.States[:4], to) {
		to = p.State
	}
	if to == incident.Reviewed {
		to = incident.Investigating // it has come again
	}
	p.New = incident.Update{State: to, Text: incident.Draft(p.Incident, to), Public: p.Public, Told: p.Audience.All > 0}
	ui.Render(w, r, http.StatusOK, updatePage(p))
	return nil
}

func (a area) saying(r *http.Request, key incident.ID) (p saying, err error) {
	err = a.Read(r, func(ctx context.Context, tx *db.Tx) (err error) {
		if p.Incident, err = incident.Get(ctx, tx, key); err != nil {
			return err
		}
		if p.Components, err = incident.Components(ctx, tx); err != nil {
			return err
		}
		if p.Hit, err = incident.Hit(ctx, tx, key); err != nil {
			return err
		}
		if p.Audience, err = incident.Hears(ctx, tx, key); err != nil {
			return err
		}
		if p.Readers, err = incident.Subscribers(ctx, tx); err != nil {
			return err
		}
		said, err := incident.Updates(ctx, tx, key)
		if err != nil {
			return err
		}
		if len(said) > 0 {
			p.Last = said[0]
		}
		firm, err := team.GetFirm(ctx, tx)
		p.Firm = firm.Name
		return err
	})
	return p, err
}

// update is POST /incidents/{id}/update: it is shown once more, and goes out when one is sure.
func (a area) update(w http.ResponseWriter, r *http.Request) error {
	key, err := incidentID(r)
	if err != nil {
		return err
	}
	p, err := a.saying(r, key)
	if err != nil {
		return err
	}
	p.New = incident.Update{Incident: key, State: incident.State(r.FormValue("state")), Text: texts(r, "text"), Public: r.FormValue("public") != "", Told: r.FormValue("told") != "",
		Solves: r.FormValue("solves") != "" && r.FormValue("state") == string(incident.Resolved) && r.FormValue("told") != "", Impacts: hits(r)}
	if r.FormValue("do") == "draft" { // another state: the words that belong to it
		p.New.Text = incident.Draft(p.Incident, p.New.State)
		ui.Render(w, r, http.StatusOK, updatePage(p))
		return nil
	}
	if r.FormValue("do") == "back" {
		ui.Render(w, r, http.StatusOK, updatePage(p))
		return nil
	}
	if r.FormValue("sure") == "" {
		if err := p.New.Check(); err != nil {
			return a.wrong(w, r, p, err)
		}
		ui.Render(w, r, http.StatusOK, surePage(p))
		return nil
	}
	err = a.Write(r, func(ctx context.Context, tx *db.Tx) error {
		_, err := incident.Say(ctx, tx, p.New)
		return err
	})
	if err != nil {
		return a.wrong(w, r, p, err)
	}
	return done(w, r, path(key), "said")
}

func (a area) wrong(w http.ResponseWriter, r *http.Request, p saying, err error) error {
	if p.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	ui.Render(w, r, p.Trouble.Status, updatePage(p))
	return nil
}

// stated are the states that an update can set, as a choice.
func stated(ctx context.Context) (list []ui.Option) {
	for _, s := range incident.States[:4] {
		list = append(list, ui.Option{Value: string(s), Label: stateWord(ctx, s)})
	}
	return list
}
