package incidents

import (
	"context"
	"net/http"
	"slices"
	"time"

	"baraji/internal/calendar"
	"baraji/internal/incident"
	"baraji/internal/kit/db"
	"baraji/internal/kit/hours"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/web/ui"
)

// works is the page of planned maintenance.
type works struct {
	List       []incident.Maintenance
	Components []incident.Component
}

const shownBack = 90 * 24 * time.Hour

func (a area) maintenances(w http.ResponseWriter, r *http.Request) error {
	var p works
	err := a.Read(r, func(ctx context.Context, tx *db.Tx) (err error) {
		if p.Components, err = incident.Components(ctx, tx); err != nil {
			return err
		}
		p.List, err = incident.Maintenances(ctx, tx, tx.Now().Add(-shownBack))
		slices.Reverse(p.List)
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, maintenancesPage(p))
	return nil
}

// work is the form of a maintenance.
type work struct {
	incident.Maintenance
	From, To   string // as typed
	Components []incident.Component
	Ready      []ready
	Trouble    ui.Trouble
}

// ready is a time in which, as the calendar of the firm says, people stand ready for maintenance.
type ready struct {
	From, To time.Time
	Note     string
}

func (a area) work(r *http.Request) (p work, err error) {
	return p, a.Read(r, func(ctx context.Context, tx *db.Tx) (err error) {
		if p.Components, err = incident.Components(ctx, tx); err != nil {
			return err
		}
		zone := i18n.Of(ctx).Zone
		if r.PathValue("id") == "" {
			p.From, p.To = r.URL.Query().Get("from"), r.URL.Query().Get("to")
			p.Ready, err = readiness(ctx, tx)
			return err
		}
		key, err := id.Read[incident.MaintenanceID](r.PathValue("id"))
		if err != nil {
			return problem.New(problem.NotFound, "There is no such maintenance.")
		}
		p.Maintenance, err = incident.GetMaintenance(ctx, tx, key)
		p.From, p.To = p.Maintenance.From.In(zone).Format(clockForm), p.Maintenance.To.In(zone).Format(clockForm)
		return err
	})
}

// readiness is what the firm's calendar has planned.
func readiness(ctx context.Context, tx *db.Tx) (list []ready, err error) {
	c, err := calendar.Get(ctx, tx, calendar.Firm)
	if err != nil {
		return nil, err
	}
	all, err := calendar.Exceptions(ctx, tx, calendar.Firm, hours.DateOf(tx.Now(), c.Place()))
	for _, e := range all {
		if e.Kind != calendar.Maintenance {
			continue
		}
		blocks, _ := hours.ParseBlocks(e.Hours) // was checked when it was set
		for _, b := range blocks {
			y, m, d := e.First.Year, e.First.Month, e.First.Day
			list = append(list, ready{time.Date(y, m, d, 0, int(b.From), 0, 0, c.Place()), time.Date(y, m, d, 0, int(b.To), 0, 0, c.Place()), e.Note})
		}
	}
	return list, err
}

func (a area) maintenance(w http.ResponseWriter, r *http.Request) error {
	p, err := a.work(r)
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, maintenancePage(p))
	return nil
}

func (a area) plan(w http.ResponseWriter, r *http.Request) error {
	p, err := a.work(r)
	if err != nil {
		return err
	}
	zone := i18n.Of(r.Context()).Zone
	p.Title, p.About, p.Maintenance.Components = texts(r, "title"), texts(r, "about"), nil
	p.From, p.To = r.FormValue("from"), r.FormValue("to")
	for _, s := range r.Form["component"] {
		if c, err := id.Read[incident.ComponentID](s); err == nil {
			p.Maintenance.Components = append(p.Maintenance.Components, c)
		}
	}
	p.Maintenance.From, p.Maintenance.To = time.Time{}, time.Time{}
	if at, err := time.ParseInLocation(clockForm, p.From, zone); err == nil {
		p.Maintenance.From = at.UTC()
	}
	if at, err := time.ParseInLocation(clockForm, p.To, zone); err == nil {
		p.Maintenance.To = at.UTC()
	}
	err = a.Write(r, func(ctx context.Context, tx *db.Tx) error {
		_, err := incident.Plan(ctx, tx, p.Maintenance)
		return err
	})
	if err == nil {
		return done(w, r, "/maintenance", "saved")
	}
	if p.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	ui.Render(w, r, p.Trouble.Status, maintenancePage(p))
	return nil
}

func (a area) cancel(w http.ResponseWriter, r *http.Request) error {
	key, err := id.Read[incident.MaintenanceID](r.PathValue("id"))
	if err != nil {
		return problem.New(problem.NotFound, "There is no such maintenance.")
	}
	if err := a.Write(r, func(ctx context.Context, tx *db.Tx) error { return incident.Cancel(ctx, tx, key) }); err != nil {
		return err
	}
	return done(w, r, "/maintenance", "maintenance_cancelled")
}
