package api

import (
	"context"
	"net/http"
	"time"

	"baraji/internal/calendar"
	"baraji/internal/kit/db"
	"baraji/internal/kit/hours"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

func calendars(rt *routes) {
	const long = 2 << 20
	get(rt, "/calendars", "List the working hours, the firm's first", listCalendars)
	post(rt, "/calendars", "Make working hours for teams or tiers of customers", makeCalendar, status(http.StatusCreated))
	get(rt, "/calendars/{id}", "Get working hours, and what holds now", getCalendar)
	patch(rt, "/calendars/{id}", "Change working hours", changeCalendar)
	remove(rt, "/calendars/{id}", "Delete working hours", deleteCalendar, about("Its teams and customers then have the firm's, which stay."))
	get(rt, "/calendars/{id}/exceptions", "List the days that are different, from today on", listExceptions)
	post(rt, "/calendars/{id}/exceptions", "Make days different", makeException, status(http.StatusCreated))
	remove(rt, "/calendars/{id}/exceptions/{exception}", "Make days as usual again", removeException)
	post(rt, "/calendars/{id}/holidays", "Take holidays from a file", takeHolidays, body(long),
		about("The text of an iCalendar file, or lines of a date and a name. They replace those of an earlier file; an empty text takes these away."))
}

// Calendar is working hours.
type Calendar struct {
	ID        string   `json:"id"`
	Name      string   `json:"name" doc:"Empty: the firm's"`
	Zone      string   `json:"zone" doc:"Empty: the firm's"`
	Week      Days     `json:"week"`
	Public    string   `json:"public" enum:"kr,none" doc:"Public holidays that are free"`
	Holidays  int      `json:"holidays" doc:"How many days of a file are free"`
	Teams     []string `json:"teams" nullable:"false" doc:"Ids of the teams whose hours they are"`
	Tiers     []string `json:"tiers" nullable:"false" doc:"Tiers of the customers whose hours they are; a tier goes before a team"`
	Open      bool     `json:"open" doc:"Somebody is there now"`
	Until     stamp    `json:"until,omitzero" doc:"When that changes"`
	UpdatedAt stamp    `json:"updated_at,omitzero"`
}

// Days are the hours of each day, such as 09:00-12:00, 13:00-18:00; empty is closed.
type Days struct {
	Mon string `json:"mon" required:"false" maxLength:"200"`
	Tue string `json:"tue" required:"false" maxLength:"200"`
	Wed string `json:"wed" required:"false" maxLength:"200"`
	Thu string `json:"thu" required:"false" maxLength:"200"`
	Fri string `json:"fri" required:"false" maxLength:"200"`
	Sat string `json:"sat" required:"false" maxLength:"200"`
	Sun string `json:"sun" required:"false" maxLength:"200"`
}

func (d Days) week() calendar.Week {
	return calendar.Week{Days: [7]string{d.Sun, d.Mon, d.Tue, d.Wed, d.Thu, d.Fri, d.Sat}}
}

func daysOf(w calendar.Week) Days {
	d := w.Days
	return Days{Sun: d[time.Sunday], Mon: d[time.Monday], Tue: d[time.Tuesday], Wed: d[time.Wednesday], Thu: d[time.Thursday], Fri: d[time.Friday], Sat: d[time.Saturday]}
}

func showCalendar(ctx context.Context, tx *db.Tx, c calendar.Calendar) (Calendar, error) {
	h, err := calendar.Hours(ctx, tx, c.ID)
	s := calendar.Now(h, tx.Now())
	out := Calendar{ID: c.ID.String(), Name: c.Name, Zone: c.Zone, Week: daysOf(c.Week), Public: "none", Holidays: len(c.Holidays), Teams: []string{}, Tiers: list(c.Tiers),
		Open: s.Open, Until: stamp(s.Until), UpdatedAt: stamp(c.UpdatedAt)}
	if c.Korean() {
		out.Public = "kr"
	}
	for _, t := range c.Teams {
		out.Teams = append(out.Teams, t.String())
	}
	return out, err
}

// Who may act at all sees when colleagues are there.
func listCalendars(ctx context.Context, tx *db.Tx, _ *struct{}) (page[Calendar], error) {
	out := page[Calendar]{Items: []Calendar{}}
	l, err := calendar.List(ctx, tx)
	for _, c := range l {
		shown, err := showCalendar(ctx, tx, c)
		if err != nil {
			return out, err
		}
		out.Items = append(out.Items, shown)
	}
	return out, err
}

func getCalendar(ctx context.Context, tx *db.Tx, in *one) (Calendar, error) {
	id, err := target[calendar.ID](in.ID)
	if err != nil {
		return Calendar{}, err
	}
	return wholeCalendar(ctx, tx, id)
}

func wholeCalendar(ctx context.Context, tx *db.Tx, id calendar.ID) (Calendar, error) {
	c, err := calendar.Get(ctx, tx, id)
	if err != nil {
		return Calendar{}, err
	}
	return showCalendar(ctx, tx, c)
}

// newCalendar makes working hours.
type newCalendar struct {
	Body struct {
		Name   string   `json:"name" maxLength:"200"`
		Zone   string   `json:"zone,omitempty" maxLength:"100" doc:"Such as Asia/Seoul; the firm's unless said"`
		Week   Days     `json:"week"`
		Public string   `json:"public,omitempty" enum:"kr,none" doc:"Those of the zone unless said"`
		Teams  []string `json:"teams,omitempty" nullable:"false" maxItems:"200"`
		Tiers  []string `json:"tiers,omitempty" nullable:"false" maxItems:"100"`
	}
}

func makeCalendar(ctx context.Context, tx *db.Tx, in *newCalendar) (Calendar, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return Calendar{}, err
	}
	b := in.Body
	teams, err := teamIDs(b.Teams)
	if err != nil {
		return Calendar{}, err
	}
	id, err := calendar.Make(ctx, tx, calendar.Given{Name: b.Name, Zone: b.Zone, Week: b.Week.week(), Public: calendar.Public(b.Public), Teams: teams, Tiers: b.Tiers})
	if err != nil {
		return Calendar{}, err
	}
	return wholeCalendar(ctx, tx, id)
}

func teamIDs(list []string) (out []team.TeamID, err error) {
	for _, s := range list {
		t, err := named[team.TeamID]("teams", s)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

// calendarPatch changes working hours.
type calendarPatch struct {
	ID   string `path:"id"`
	Body struct {
		Name   *string   `json:"name,omitempty" maxLength:"200"`
		Zone   *string   `json:"zone,omitempty" maxLength:"100"`
		Week   *Days     `json:"week,omitempty"`
		Public *string   `json:"public,omitempty" enum:"kr,none"`
		Teams  *[]string `json:"teams,omitempty" maxItems:"200"`
		Tiers  *[]string `json:"tiers,omitempty" maxItems:"100"`
	}
}

func changeCalendar(ctx context.Context, tx *db.Tx, in *calendarPatch) (Calendar, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return Calendar{}, err
	}
	id, err := target[calendar.ID](in.ID)
	if err != nil {
		return Calendar{}, err
	}
	c, err := calendar.Get(ctx, tx, id)
	if err != nil {
		return Calendar{}, err
	}
	g, b := c.Given(), in.Body
	if b.Name != nil {
		g.Name = *b.Name
	}
	if b.Zone != nil {
		g.Zone = *b.Zone
	}
	if b.Week != nil {
		g.Week = b.Week.week()
	}
	if b.Public != nil {
		g.Public = calendar.Public(*b.Public)
	}
	if b.Tiers != nil {
		g.Tiers = *b.Tiers
	}
	if b.Teams != nil {
		if g.Teams, err = teamIDs(*b.Teams); err != nil {
			return Calendar{}, err
		}
	}
	if err := calendar.Change(ctx, tx, id, g); err != nil {
		return Calendar{}, err
	}
	return wholeCalendar(ctx, tx, id)
}

func deleteCalendar(ctx context.Context, tx *db.Tx, in *one) error {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return err
	}
	id, err := target[calendar.ID](in.ID)
	if err != nil {
		return err
	}
	return calendar.Delete(ctx, tx, id)
}

// Exception is some days that are not as the week has them.
type Exception struct {
	ID    string     `json:"id"`
	First hours.Date `json:"first" format:"date"`
	Last  hours.Date `json:"last" format:"date"`
	Kind  string     `json:"kind" enum:"closed,hours,maintenance,peak" doc:"closed; other hours; people stand ready beside the usual hours"`
	Hours string     `json:"hours"`
	Note  string     `json:"note"`
}

func showException(e calendar.Exception) Exception {
	return Exception{e.ID.String(), e.First, e.Last, string(e.Kind), e.Hours, e.Note}
}

func listExceptions(ctx context.Context, tx *db.Tx, in *one) (page[Exception], error) {
	id, err := target[calendar.ID](in.ID)
	if err != nil {
		return page[Exception]{}, err
	}
	c, err := calendar.Get(ctx, tx, id)
	if err != nil {
		return page[Exception]{}, err
	}
	l, err := calendar.Exceptions(ctx, tx, id, hours.DateOf(tx.Now(), c.Place()))
	return all(l, showException), err
}

// newException makes days different.
type newException struct {
	ID   string `path:"id"`
	Body struct {
		First string `json:"first" format:"date"`
		Last  string `json:"last,omitempty" format:"date" doc:"Is in it; the first unless said"`
		Kind  string `json:"kind" enum:"closed,hours,maintenance,peak"`
		Hours string `json:"hours,omitempty" maxLength:"200" doc:"Such as 10:00-14:00; not of a closed day"`
		Note  string `json:"note,omitempty" maxLength:"1000"`
	}
}

func makeException(ctx context.Context, tx *db.Tx, in *newException) (Exception, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return Exception{}, err
	}
	id, err := target[calendar.ID](in.ID)
	if err != nil {
		return Exception{}, err
	}
	e := calendar.Exception{Calendar: id, Kind: calendar.Kind(in.Body.Kind), Hours: in.Body.Hours, Note: in.Body.Note}
	if e.First, err = hours.ParseDate(in.Body.First); err != nil {
		return Exception{}, problem.For("first", "Enter a day.")
	}
	if e.Last = e.First; in.Body.Last != "" {
		if e.Last, err = hours.ParseDate(in.Body.Last); err != nil {
			return Exception{}, problem.For("last", "Enter a day.")
		}
	}
	made, err := calendar.Except(ctx, tx, e)
	if err != nil {
		return Exception{}, err
	}
	e, err = calendar.GetException(ctx, tx, id, made)
	return showException(e), err
}

// exceptionAt is an exception in a path.
type exceptionAt struct {
	ID        string `path:"id"`
	Exception string `path:"exception"`
}

func removeException(ctx context.Context, tx *db.Tx, in *exceptionAt) error {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return err
	}
	id, err := target[calendar.ID](in.ID)
	if err != nil {
		return err
	}
	gone, err := target[calendar.ExceptionID](in.Exception)
	if err != nil {
		return err
	}
	return calendar.Unexcept(ctx, tx, id, gone)
}

// holidayFile is a file of holidays.
type holidayFile struct {
	ID   string `path:"id"`
	Body struct {
		Text string `json:"text" maxLength:"1048576"`
	}
}

func takeHolidays(ctx context.Context, tx *db.Tx, in *holidayFile) (Calendar, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return Calendar{}, err
	}
	id, err := target[calendar.ID](in.ID)
	if err != nil {
		return Calendar{}, err
	}
	if _, err := calendar.TakeHolidays(ctx, tx, id, []byte(in.Body.Text)); err != nil {
		return Calendar{}, err
	}
	return wholeCalendar(ctx, tx, id)
}
