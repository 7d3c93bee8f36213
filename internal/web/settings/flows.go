package settings

import (
	"context"
	"net/http"

	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/sequence"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

func (a area) flowRoutes(rt *desk.Routes) {
	rt.Page("GET /settings/flows", team.ManageSettings, a.flows)
	rt.Page("GET /settings/flows/new", team.ManageSettings, a.newFlow)
	rt.Page("POST /settings/flows/new", team.ManageSettings, a.makeFlow)
	rt.Page("GET /settings/flows/{id}", team.ManageSettings, a.flow)
	rt.Page("POST /settings/flows/{id}/switch", team.ManageSettings, a.switchFlow)
	rt.Page("POST /settings/flows/{id}/delete", team.ManageSettings, a.deleteFlow)
	rt.Page("GET /settings/flows/{id}/edit", team.ManageSettings, a.editFlow)
	rt.Page("POST /settings/flows/{id}/edit", team.ManageSettings, a.arrangeFlow)
	rt.Page("GET /settings/flows/{id}/edit/{part}", team.ManageSettings, a.flowPart)
	rt.Page("POST /settings/flows/{id}/edit/{part}", team.ManageSettings, a.saveFlowPart)
	rt.Page("POST /flows/begin", team.Handle, a.beginPath)
	rt.Page("GET /flows/{id}", team.ReadConversations, a.path)
	rt.Page("POST /flows/{id}", team.Handle, a.steerPath)
}

// flowList is the list of flows.
type flowList struct {
	Flows   []sequence.Flow
	Figures map[sequence.ID]sequence.Figures
	House   ruleHouse
}

func (a area) flows(w http.ResponseWriter, r *http.Request) error {
	ctx, p := r.Context(), flowList{}
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.Flows, err = sequence.List(ctx, tx); err != nil {
			return err
		}
		var ids []sequence.ID
		for _, f := range p.Flows {
			ids = append(ids, f.ID)
		}
		if p.Figures, err = sequence.Count(ctx, tx, ids...); err != nil {
			return err
		}
		return p.House.Read(ctx, tx)
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, flowsPage(p))
	return nil
}

func flowPath(id sequence.ID) string { return "/settings/flows/" + id.String() }

func flowID(r *http.Request) (sequence.ID, error) {
	key, err := id.Read[sequence.ID](r.PathValue("id"))
	if err != nil {
		return 0, problem.New(problem.NotFound, "There is no such flow.")
	}
	return key, nil
}

// flowBoard is one flow with those who are in it.
type flowBoard struct {
	sequence.Flow
	House   ruleHouse
	Figures sequence.Figures
	Paths   []sequence.Path
	State   sequence.State // of the paths that are shown; "" is all
	Next    string
	Differs bool // there is a draft
	Edits   bool // this is the draft, which can be changed
	Trouble ui.Trouble
	Tried   *sequence.Would // what it would have done lately, when that was asked
	Ahead   aheadBoard
}

const pathsShown = 30

func (a area) flow(w http.ResponseWriter, r *http.Request) error {
	ctx, p := r.Context(), flowBoard{State: sequence.State(r.FormValue("state"))}
	key, err := flowID(r)
	if err != nil {
		return err
	}
	before, _ := id.Read[sequence.PathID](r.FormValue("before"))
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		if err := p.read(ctx, tx, key); err != nil {
			return err
		}
		if p.Flow, err = sequence.Get(ctx, tx, key); err != nil {
			return err
		}
		if err := p.tries(r, tx); err != nil {
			return err
		}
		if m := p.Start.Moment; m != nil {
			if p.Ahead, err = comingOf(ctx, tx, p.ID.String(), *m, p.Start.If); err != nil {
				return err
			}
		}
		p.Paths, err = sequence.Paths(ctx, tx, sequence.Filter{Flow: key, State: p.State, Before: before, Limit: pathsShown + 1})
		return err
	})
	if err != nil {
		return err
	}
	if len(p.Paths) > pathsShown {
		p.Paths = p.Paths[:pathsShown]
		p.Next = flowPath(key) + "?state=" + string(p.State) + "&before=" + p.Paths[pathsShown-1].ID.String()
	}
	ui.Render(w, r, http.StatusOK, flowPage(p))
	return nil
}

// tries looks what it would have done lately, when that is asked.
func (p *flowBoard) tries(r *http.Request, tx *db.Tx) error {
	if r.FormValue("try") == "" || p.Start.When == "" || p.Start.Moment != nil { // of a time one sees what is coming
		return nil
	}
	w, err := sequence.Try(r.Context(), tx, p.Flow, tx.Now().AddDate(0, 0, -shownDays))
	p.Tried = &w
	return err
}

// read reads the draft, and what stands beside it.
func (p *flowBoard) read(ctx context.Context, tx *db.Tx, key sequence.ID) (err error) {
	if p.Flow, p.Differs, err = sequence.Draft(ctx, tx, key); err != nil {
		return err
	}
	all, err := sequence.Count(ctx, tx, key)
	if err != nil {
		return err
	}
	p.Figures = all[key]
	return p.House.Read(ctx, tx)
}

func (a area) switchFlow(w http.ResponseWriter, r *http.Request) error {
	key, err := flowID(r)
	if err != nil {
		return err
	}
	on, said := r.FormValue("on") == "yes", "flow_is_off"
	if on {
		said = "flow_is_on"
	}
	if err := a.DB.Write(r.Context(), func(tx *db.Tx) error { return sequence.Switch(r.Context(), tx, key, on) }); err != nil {
		return err
	}
	if r.FormValue("list") != "" {
		return done(w, r, "/settings/flows", said)
	}
	return done(w, r, flowPath(key), said)
}

func (a area) deleteFlow(w http.ResponseWriter, r *http.Request) error {
	key, err := flowID(r)
	if err != nil {
		return err
	}
	if err := a.DB.Write(r.Context(), func(tx *db.Tx) error { return sequence.Delete(r.Context(), tx, key) }); err != nil {
		return err
	}
	return done(w, r, "/settings/flows", "flow_deleted")
}

func (a area) newFlow(w http.ResponseWriter, r *http.Request) error {
	ui.Render(w, r, http.StatusOK, flowStartPage())
	return nil
}

// makeFlow begins a flow with one of the templates; the next page is its draft.
func (a area) makeFlow(w http.ResponseWriter, r *http.Request) error {
	begin, ok := flowStartOf(r.FormValue("from"))
	if !ok {
		return problem.For("from", "“%s” is none of the choices.", r.FormValue("from"))
	}
	ctx, key := r.Context(), sequence.ID(0)
	err := a.DB.Write(ctx, func(tx *db.Tx) (err error) {
		key, err = sequence.Make(ctx, tx, begin.flow(ctx))
		return err
	})
	if err != nil {
		return err
	}
	ui.Redirect(w, r, flowPath(key)+"/edit")
	return nil
}
