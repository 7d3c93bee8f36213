package incidents

import (
	"context"
	"net/http"

	"baraji/internal/incident"
	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

const pageSize = 50

// shelf is the page of all incidents.
type shelf struct {
	Open    bool
	List    []incident.Incident
	Tallies map[incident.ID]incident.Tally
	Leads   map[incident.ID]team.ID
	Names   map[team.ID]string
	Count   int // that are open
	Next    string
}

// list is GET /incidents.
func (a area) list(w http.ResponseWriter, r *http.Request) error {
	p := shelf{Open: r.URL.Query().Get("show") != "all"}
	before, _ := id.Read[incident.ID](r.URL.Query().Get("before"))
	err := a.Read(r, func(ctx context.Context, tx *db.Tx) (err error) {
		if p.Count, err = incident.CountOpen(ctx, tx); err != nil {
			return err
		}
		if p.Count == 0 && !r.URL.Query().Has("show") {
			p.Open = false // what was is more than nothing
		}
		if p.List, err = incident.List(ctx, tx, incident.Filter{Open: p.Open, Before: before, Limit: pageSize + 1}); err != nil {
			return err
		}
		if len(p.List) > pageSize {
			p.List = p.List[:pageSize]
			p.Next = p.url() + "&before=" + p.List[pageSize-1].ID.String()
		}
		var ids []incident.ID
		for _, i := range p.List {
			ids = append(ids, i.ID)
		}
		if p.Tallies, err = incident.Tallies(ctx, tx, ids...); err != nil {
			return err
		}
		if p.Leads, err = incident.Leads(ctx, tx, ids...); err != nil {
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

func (p shelf) url() string {
	if p.Open {
		return "/incidents?show=open"
	}
	return "/incidents?show=all"
}

// fixing is the page of causes that are being mended.
type fixing struct {
	List   []incident.Action
	Of     map[incident.ID]incident.Incident
	Effect map[incident.ID]incident.Effect
	Names  map[team.ID]string
}

const mostCauses = 100

// causes is GET /incidents/causes.
func (a area) causes(w http.ResponseWriter, r *http.Request) error {
	p := fixing{Of: map[incident.ID]incident.Incident{}, Effect: map[incident.ID]incident.Effect{}}
	err := a.Read(r, func(ctx context.Context, tx *db.Tx) (err error) {
		if p.List, err = incident.Causes(ctx, tx, mostCauses); err != nil {
			return err
		}
		for _, x := range p.List {
			if _, ok := p.Of[x.Incident]; ok {
				continue
			}
			if p.Of[x.Incident], err = incident.Get(ctx, tx, x.Incident); err != nil {
				return err
			}
			if len(p.Effect) < 20 { // the first ones; the others say it on their own pages
				if p.Effect[x.Incident], err = incident.EffectOf(ctx, tx, p.Of[x.Incident], of(p.List, x.Incident)); err != nil {
					return err
				}
			}
		}
		p.Names, err = team.Names(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, causesPage(p))
	return nil
}

// of are the actions of one incident.
func of(list []incident.Action, id incident.ID) (out []incident.Action) {
	for _, x := range list {
		if x.Incident == id {
			out = append(out, x)
		}
	}
	return out
}
