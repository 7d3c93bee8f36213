package incidents

import (
	"context"
	"net/http"
	"time"

	"baraji/internal/incident"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// lookback is the page of a review.
type lookback struct {
	incident.Incident
	Actions []incident.Action
	Effect  incident.Effect
	People  []team.Person
	Names   map[team.ID]string
	Tally   incident.Tally
	New     incident.Action // being typed
	Due     string
	Trouble ui.Trouble // of the words
	Wrong   ui.Trouble // of a new item
}

func (a area) lookback(r *http.Request) (p lookback, err error) {
	key, err := incidentID(r)
	if err != nil {
		return p, err
	}
	return p, a.Read(r, func(ctx context.Context, tx *db.Tx) (err error) {
		if p.Incident, err = incident.Get(ctx, tx, key); err != nil {
			return err
		}
		if p.Actions, err = incident.Actions(ctx, tx, key); err != nil {
			return err
		}
		if p.Effect, err = incident.EffectOf(ctx, tx, p.Incident, p.Actions); err != nil {
			return err
		}
		if p.People, err = team.People(ctx, tx, team.Filter{State: team.Active}); err != nil {
			return err
		}
		tallies, err := incident.Tallies(ctx, tx, key)
		if err != nil {
			return err
		}
		p.Tally = tallies[key]
		p.New.Cause = len(p.Actions) == 0
		p.Names, err = team.Names(ctx, tx)
		return err
	})
}

func (a area) review(w http.ResponseWriter, r *http.Request) error {
	p, err := a.lookback(r)
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, reviewPage(p))
	return nil
}

func (a area) saveReview(w http.ResponseWriter, r *http.Request) error {
	p, err := a.lookback(r)
	if err != nil {
		return err
	}
	p.Review = incident.Review{Happened: r.FormValue("happened"), Why: r.FormValue("why"), Doing: r.FormValue("doing")}
	err = a.Write(r, func(ctx context.Context, tx *db.Tx) error {
		return incident.WriteReview(ctx, tx, p.ID, p.Review, r.FormValue("do") == "done")
	})
	if err == nil {
		return done(w, r, path(p.ID)+"/review", "saved")
	}
	if p.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	ui.Render(w, r, p.Trouble.Status, reviewPage(p))
	return nil
}

func (a area) addAction(w http.ResponseWriter, r *http.Request) error {
	p, err := a.lookback(r)
	if err != nil {
		return err
	}
	p.New = incident.Action{Incident: p.ID, Cause: r.FormValue("cause") != "", Text: r.FormValue("action")}
	p.New.Owner, _ = id.Read[team.ID](r.FormValue("owner"))
	p.Due = r.FormValue("due")
	if day, err := time.ParseInLocation(time.DateOnly, p.Due, i18n.Of(r.Context()).Zone); err == nil {
		p.New.Due = day.AddDate(0, 0, 1).Add(-time.Minute) // until the day is over
	}
	err = a.Write(r, func(ctx context.Context, tx *db.Tx) error {
		_, err := incident.AddAction(ctx, tx, p.New)
		return err
	})
	if err == nil {
		return done(w, r, path(p.ID)+"/review#actions", "saved")
	}
	if p.Wrong, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	ui.Render(w, r, p.Wrong.Status, reviewPage(p))
	return nil
}

func (a area) doAction(w http.ResponseWriter, r *http.Request) error {
	key, err := incidentID(r)
	if err != nil {
		return err
	}
	what, err := id.Read[incident.ActionID](r.PathValue("action"))
	if err != nil {
		return problem.New(problem.NotFound, "There is no such item.")
	}
	err = a.Write(r, func(ctx context.Context, tx *db.Tx) error {
		return incident.DoAction(ctx, tx, key, what, r.FormValue("done") != "")
	})
	if err != nil {
		return err
	}
	return done(w, r, ui.Local(orElse(r.FormValue("back"), path(key)+"/review#actions")), "saved")
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
