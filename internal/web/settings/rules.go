package settings

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strconv"

	"baraji/internal/automation"
	"baraji/internal/conversation"
	"baraji/internal/hookin"
	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/outcall"
	"baraji/internal/segment"
	"baraji/internal/team"
	"baraji/internal/web/acts"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

func (a area) ruleRoutes(rt *desk.Routes) {
	rt.Page("GET /settings/rules", team.ManageSettings, a.rules)
	rt.Page("GET /settings/rules/new", team.ManageSettings, a.newRule)
	rt.Page("POST /settings/rules/new", team.ManageSettings, a.saveRule)
	rt.Page("GET /settings/rules/{id}", team.ManageSettings, a.rule)
	rt.Page("GET /settings/rules/{id}/edit", team.ManageSettings, a.editRule)
	rt.Page("POST /settings/rules/{id}/edit", team.ManageSettings, a.saveRule)
	rt.Page("POST /settings/rules/{id}/switch", team.ManageSettings, a.switchRule)
	rt.Page("POST /settings/rules/{id}/move", team.ManageSettings, a.moveRule)
	rt.Page("POST /settings/rules/{id}/delete", team.ManageSettings, a.deleteRule)
}

// shownDays is over how many days figures and tries go.
const shownDays = 30

// ruleList is the page of all rules.
type ruleList struct {
	Rules   []automation.Rule
	Figures map[automation.ID]automation.Figures
	House   ruleHouse
}

// ruleHouse is what conditions and actions are picked from.
type ruleHouse struct {
	acts.House
	Secrets map[string]string // of requests to other systems: where each goes
}

// Read reads it.
func (h *ruleHouse) Read(ctx context.Context, tx *db.Tx) (err error) {
	if h.Hooks, err = hookin.Names(ctx, tx); err != nil {
		return err
	}
	if h.Secrets, err = outcall.SecretNames(ctx, tx); err != nil {
		return err
	}
	if team.From(ctx).Can(team.ReadContacts) {
		if h.Segments, err = segment.List(ctx, tx); err != nil {
			return err
		}
	}
	return h.House.Read(ctx, tx)
}

func (a area) rules(w http.ResponseWriter, r *http.Request) error {
	ctx, p := r.Context(), ruleList{}
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.Rules, err = automation.List(ctx, tx); err != nil {
			return err
		}
		if p.Figures, err = automation.Since(ctx, tx, tx.Now().AddDate(0, 0, -shownDays)); err != nil {
			return err
		}
		return p.House.Read(ctx, tx)
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, rulesPage(p))
	return nil
}

func rulePath(id automation.ID) string { return "/settings/rules/" + id.String() }

func ruleID(r *http.Request) (automation.ID, error) {
	key, err := id.Read[automation.ID](r.PathValue("id"))
	if err != nil {
		return 0, problem.New(problem.NotFound, "There is no such rule.")
	}
	return key, nil
}

// ruleBoard is one rule with what it did.
type ruleBoard struct {
	automation.Rule
	House    ruleHouse
	Runs     []automation.Run
	Next     string
	Titles   map[conversation.ID]string
	Versions []automation.Version
	Figures  automation.Figures
	Ahead    aheadBoard
	Asked    requestBoard // of other systems
}

const (
	runsShown  = 30
	askedShown = 5
)

func (a area) rule(w http.ResponseWriter, r *http.Request) error {
	ctx, p := r.Context(), ruleBoard{}
	key, err := ruleID(r)
	if err != nil {
		return err
	}
	before, _ := id.Read[automation.RunID](r.FormValue("before"))
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		if p.Rule, err = automation.Get(ctx, tx, key); err != nil {
			return err
		}
		if p.Runs, err = automation.Runs(ctx, tx, key, before, runsShown+1); err != nil {
			return err
		}
		if len(p.Runs) > runsShown {
			p.Runs = p.Runs[:runsShown]
			p.Next = rulePath(key) + "?before=" + p.Runs[runsShown-1].ID.String()
		}
		var talks []conversation.ID
		for _, o := range p.Runs {
			if t, err := id.Read[conversation.ID](o.Subject); err == nil {
				talks = append(talks, t)
			}
		}
		if p.Titles, err = conversation.Titles(ctx, tx, talks); err != nil {
			return err
		}
		if p.Versions, err = automation.Versions(ctx, tx, key); err != nil {
			return err
		}
		all, err := automation.Since(ctx, tx, tx.Now().AddDate(0, 0, -shownDays))
		if err != nil {
			return err
		}
		p.Figures = all[key]
		if p.Moment != nil {
			if p.Ahead, err = comingOf(ctx, tx, p.ID.String(), *p.Moment, p.If); err != nil {
				return err
			}
		}
		p.Asked.Rule = key
		if err := p.Asked.read(ctx, tx, 0, askedShown); err != nil {
			return err
		}
		return p.House.Read(ctx, tx)
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, rulePage(p))
	return nil
}

func (a area) switchRule(w http.ResponseWriter, r *http.Request) error {
	key, err := ruleID(r)
	if err != nil {
		return err
	}
	on := r.FormValue("on") == "yes"
	if err := a.DB.Write(r.Context(), func(tx *db.Tx) error { return automation.Switch(r.Context(), tx, key, on) }); err != nil {
		return err
	}
	said := "rule_is_off"
	if on {
		said = "rule_is_on"
	}
	return done(w, r, cmp.Or(back(r), rulePath(key)), said)
}

// back is the list, when one comes from there.
func back(r *http.Request) string {
	if u, err := url.Parse(r.Referer()); err == nil && u.Path == "/settings/rules" {
		return u.Path
	}
	return ""
}

func (a area) moveRule(w http.ResponseWriter, r *http.Request) error {
	key, err := ruleID(r)
	if err != nil {
		return err
	}
	to, err := strconv.Atoi(r.FormValue("to"))
	if err != nil {
		return problem.For("to", "Enter a number.")
	}
	if err := a.DB.Write(r.Context(), func(tx *db.Tx) error { return automation.Move(r.Context(), tx, key, to) }); err != nil {
		return err
	}
	return done(w, r, "/settings/rules", "saved")
}

func (a area) deleteRule(w http.ResponseWriter, r *http.Request) error {
	key, err := ruleID(r)
	if err != nil {
		return err
	}
	if err := a.DB.Write(r.Context(), func(tx *db.Tx) error { return automation.Delete(r.Context(), tx, key) }); err != nil {
		return err
	}
	return done(w, r, "/settings/rules", "rule_deleted")
}
