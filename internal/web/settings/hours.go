package settings

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"baraji/internal/calendar"
	"baraji/internal/kit/db"
	"baraji/internal/kit/hours"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

func (a area) hoursRoutes(rt *desk.Routes) {
	rt.Page("GET /settings/hours", team.ManageSettings, a.calendars)
	rt.Page("GET /settings/hours/new", team.ManageSettings, a.calendar)
	rt.Page("POST /settings/hours/new", team.ManageSettings, a.saveCalendar)
	rt.Page("GET /settings/hours/{id}", team.ManageSettings, a.calendar)
	rt.Page("POST /settings/hours/{id}", team.ManageSettings, a.saveCalendar)
	rt.Page("POST /settings/hours/{id}/delete", team.ManageSettings, a.deleteCalendar)
	rt.Page("POST /settings/hours/{id}/exceptions", team.ManageSettings, a.makeException)
	rt.Page("POST /settings/hours/{id}/exceptions/{exception}/delete", team.ManageSettings, a.deleteException)
	rt.Page("POST /settings/hours/{id}/holidays", team.ManageSettings, a.takeHolidays)
}

// rota is a calendar as its page shows it.
type rota struct {
	calendar.Calendar
	Counted hours.Calendar
	State   calendar.State
	Now     time.Time
	All     []team.Team
	Crews   map[team.TeamID]bool
	Coming  []coming
	New     calendar.Exception // being typed
	Trouble ui.Trouble         // of the week
	Wrong   ui.Trouble         // of a new exception
	Unread  ui.Trouble         // of a file
}

func (a area) calendars(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var list []rota
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		list = nil
		all, err := calendar.List(ctx, tx)
		if err != nil {
			return err
		}
		crews, err := team.Teams(ctx, tx)
		if err != nil {
			return err
		}
		for _, c := range all {
			h, err := calendar.Hours(ctx, tx, c.ID)
			if err != nil {
				return err
			}
			list = append(list, rota{Calendar: c, Counted: h, State: calendar.Now(h, tx.Now()), Now: tx.Now(), All: crews})
		}
		return nil
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, calendarsPage(list))
	return nil
}

// loadCalendar reads what the page of a calendar shows; a new one has the usual week.
func (a area) loadCalendar(r *http.Request) (p rota, err error) {
	ctx := r.Context()
	err = a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		p = rota{Now: tx.Now(), Crews: map[team.TeamID]bool{}, New: calendar.Exception{Kind: calendar.Closed}}
		if p.All, err = team.Teams(ctx, tx); err != nil {
			return err
		}
		if r.PathValue("id") == "" {
			p.Week = calendar.Office()
			return nil
		}
		key, err := id.Read[calendar.ID](r.PathValue("id"))
		if err != nil {
			return problem.New(problem.NotFound, "There is no such calendar.")
		}
		if p.Calendar, err = calendar.Get(ctx, tx, key); err != nil {
			return err
		}
		for _, t := range p.Teams {
			p.Crews[t] = true
		}
		if p.Counted, err = calendar.Hours(ctx, tx, key); err != nil {
			return err
		}
		p.State = calendar.Now(p.Counted, tx.Now())
		p.Coming, err = upcoming(ctx, tx, p)
		return err
	})
	return p, err
}

func (a area) calendar(w http.ResponseWriter, r *http.Request) error {
	p, err := a.loadCalendar(r)
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, calendarPage(p))
	return nil
}

func (a area) saveCalendar(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	p, err := a.loadCalendar(r)
	if err != nil {
		return err
	}
	g := p.typed(r)
	key := p.ID
	err = a.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if p.ID == 0 {
			key, err = calendar.Make(ctx, tx, g)
			return err
		}
		return calendar.Change(ctx, tx, p.ID, g)
	})
	if err == nil {
		return done(w, r, "/settings/hours/"+key.String(), "saved")
	}
	if p.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	ui.Render(w, r, p.Trouble.Status, calendarPage(p))
	return nil
}

// typed takes over what was typed, so that the page shows it again, and gives it.
func (p *rota) typed(r *http.Request) calendar.Given {
	p.Name, p.Zone, p.Public = r.FormValue("name"), r.FormValue("zone"), calendar.None
	if r.FormValue("korea") != "" {
		p.Public = calendar.Korea
	}
	for day := range p.Week.Days {
		p.Week.Days[day] = r.FormValue(dayField(time.Weekday(day)))
	}
	p.Tiers = strings.Split(r.FormValue("tiers"), ",")
	p.Teams, p.Crews = nil, map[team.TeamID]bool{}
	for _, s := range r.Form["teams"] {
		if t, err := id.Read[team.TeamID](s); err == nil {
			p.Teams, p.Crews[t] = append(p.Teams, t), true
		}
	}
	return p.Given()
}

func (a area) deleteCalendar(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	key, err := id.Read[calendar.ID](r.PathValue("id"))
	if err != nil {
		return problem.New(problem.NotFound, "There is no such calendar.")
	}
	if err := a.DB.Write(ctx, func(tx *db.Tx) error { return calendar.Delete(ctx, tx, key) }); err != nil {
		return err
	}
	return done(w, r, "/settings/hours", "hours_deleted")
}

func (a area) makeException(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	p, err := a.loadCalendar(r)
	if err != nil {
		return err
	}
	first, _ := hours.ParseDate(r.FormValue("first"))
	last, err := hours.ParseDate(r.FormValue("last"))
	if err != nil {
		last = first
	}
	p.New = calendar.Exception{Calendar: p.ID, First: first, Last: last, Kind: calendar.Kind(r.FormValue("kind")), Hours: r.FormValue("hours"), Note: r.FormValue("note")}
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := calendar.Except(ctx, tx, p.New)
		return err
	})
	if err == nil {
		return done(w, r, "/settings/hours/"+p.ID.String()+"#days", "saved")
	}
	if p.Wrong, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	ui.Render(w, r, p.Wrong.Status, calendarPage(p))
	return nil
}

func (a area) deleteException(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	key, err := id.Read[calendar.ID](r.PathValue("id"))
	gone, wrong := id.Read[calendar.ExceptionID](r.PathValue("exception"))
	if err != nil || wrong != nil {
		return problem.New(problem.NotFound, "There is no such exception.")
	}
	if err := a.DB.Write(ctx, func(tx *db.Tx) error { return calendar.Unexcept(ctx, tx, key, gone) }); err != nil {
		return err
	}
	return done(w, r, "/settings/hours/"+key.String()+"#days", "hours_day_gone")
}

// takeHolidays takes the days of a file; no file takes away what an earlier one brought.
func (a area) takeHolidays(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	p, err := a.loadCalendar(r)
	if err != nil {
		return err
	}
	file, err := firstFile(r, "file")
	if err != nil {
		return err
	}
	n := 0
	err = a.DB.Write(ctx, func(tx *db.Tx) (err error) {
		n, err = calendar.TakeHolidays(ctx, tx, p.ID, file)
		return err
	})
	if err == nil {
		return done(w, r, "/settings/hours/"+p.ID.String()+"#holidays", "hours_taken", "n", n)
	}
	if p.Unread, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	ui.Render(w, r, p.Unread.Status, calendarPage(p))
	return nil
}

// firstFile is the content of a file that was chosen, nothing where none was.
func firstFile(r *http.Request, name string) ([]byte, error) {
	f, _, err := r.FormFile(name)
	if err != nil {
		return nil, nil
	}
	defer f.Close()
	return io.ReadAll(f)
}

// coming is a day, or some, on which something is not as usual.
type coming struct {
	First, Last hours.Date
	Name        string
	Kind        calendar.Kind
	Hours       string
	Exception   calendar.ExceptionID // 0: a holiday
}

// ahead is how far holidays are told.
const ahead = 120 // days

// upcoming are the exceptions to come, and the holidays of the next months.
func upcoming(ctx context.Context, tx *db.Tx, p rota) (all []coming, err error) {
	today := hours.DateOf(tx.Now(), p.Place())
	list, err := calendar.Exceptions(ctx, tx, p.ID, today)
	if err != nil {
		return nil, err
	}
	for _, e := range list {
		all = append(all, coming{e.First, e.Last, e.Note, e.Kind, e.Hours, e.ID})
	}
	for _, d := range p.Free(today, today.Add(ahead)) {
		all = append(all, coming{First: d.Date, Last: d.Date, Name: d.Name(string(i18n.Of(ctx).Locale)), Kind: calendar.Closed})
	}
	slices.SortStableFunc(all, func(a, b coming) int { return a.First.Compare(b.First) })
	return all, nil
}
