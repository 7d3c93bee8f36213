package promises

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/promise"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

const pageSize = 50

// views are the lists of the page.
var views = []string{"mine", "team", "slipping", "broken", "kept"}

// ledger is the page of promises.
type ledger struct {
	View   string
	List   []promise.Promise
	Counts map[string]int
	Names  map[team.ID]string
	Lead   int
	Next   string
}

// filter is what a view shows.
func filter(ctx context.Context, tx *db.Tx, view string) (f promise.Filter, err error) {
	me := team.From(ctx).Person
	switch view {
	case "mine":
		return promise.Filter{State: promise.Open, Owner: me}, nil
	case "slipping":
		return promise.Filter{Slipping: true}, nil
	case "broken":
		return promise.Filter{State: promise.Broken}, nil
	case "kept":
		return promise.Filter{State: promise.Kept}, nil
	}
	f = promise.Filter{State: promise.Open}
	teams := team.From(ctx).Teams
	if len(teams) == 0 {
		return f, nil // who is in no team sees everybody's
	}
	f.Owners = []team.ID{me}
	for _, t := range teams {
		people, err := team.People(ctx, tx, team.Filter{Team: t})
		if err != nil {
			return f, err
		}
		for _, p := range people {
			if !slices.Contains(f.Owners, p.ID) {
				f.Owners = append(f.Owners, p.ID)
			}
		}
	}
	return f, nil
}

// list is GET /promises?view=.
func (a area) list(w http.ResponseWriter, r *http.Request) error {
	p := ledger{View: r.URL.Query().Get("view"), Counts: map[string]int{}}
	if !slices.Contains(views, p.View) {
		p.View = "mine"
	}
	before, _ := id.Read[promise.ID](r.URL.Query().Get("before"))
	err := a.Read(r, func(ctx context.Context, tx *db.Tx) error {
		for _, view := range views[:4] {
			f, err := filter(ctx, tx, view)
			if err != nil {
				return err
			}
			if p.Counts[view], err = promise.Count(ctx, tx, f); err != nil {
				return err
			}
		}
		f, err := filter(ctx, tx, p.View)
		if err != nil {
			return err
		}
		f.Before, f.Limit = before, pageSize+1
		if f.State == promise.Open || f.Slipping {
			f.Before, f.Limit = 0, 500 // what is to be kept stands on one page
		}
		if p.List, err = promise.List(ctx, tx, f); err != nil {
			return err
		}
		if len(p.List) > pageSize && f.Limit == pageSize+1 {
			p.List = p.List[:pageSize]
			p.Next = "/promises?" + url.Values{"view": {p.View}, "before": {p.List[pageSize-1].ID.String()}}.Encode()
		}
		if p.Lead, err = promise.Lead(ctx, tx, team.From(ctx).Person); err != nil {
			return err
		}
		p.Names, err = team.Names(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, listPage(p))
	return nil
}

// lead is POST /promises/lead: how many working days before one wants to be warned.
func (a area) lead(w http.ResponseWriter, r *http.Request) error {
	days, err := strconv.Atoi(r.FormValue("days"))
	if err != nil {
		days = -1
	}
	if err := a.Write(r, func(ctx context.Context, tx *db.Tx) error { return promise.SetLead(ctx, tx, days) }); err != nil {
		return err
	}
	return done(w, r, "/promises", ui.Toast{Text: t(r.Context(), "saved")})
}
