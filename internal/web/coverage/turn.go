package coverage

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/hours"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/shift"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// turnSheet is one turn, or a new shift, as one changes it.
type turnSheet struct {
	Rota   shift.Rota
	Turn   shift.Turn   // none: a new shift
	Single shift.Single // that it comes from
	Week   hours.Date
	Zone   *time.Location
	People []team.Person
	Names  map[team.ID]string
	From   time.Time
	Until  time.Time
	Person team.ID
	Layer  string
}

// sheet shows a turn, or the form of a new shift, in a dialog.
func (a area) sheet(w http.ResponseWriter, r *http.Request) error {
	key, err := rotaID(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	zone := i18n.Of(ctx).Zone
	var s turnSheet
	err = a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		s = turnSheet{Zone: zone, Week: shownWeek(r, tx.Now(), zone)}
		if s.Rota, err = shift.Get(ctx, tx, key); err != nil {
			return err
		}
		if s.People, err = team.People(ctx, tx, team.Filter{}); err != nil {
			return err
		}
		if s.Names, err = team.Names(ctx, tx); err != nil {
			return err
		}
		if name := r.FormValue("key"); name != "" {
			return s.read(ctx, tx, name, r.FormValue("from"))
		}
		s.fresh(r)
		return nil
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, turnDialog(s))
	return nil
}

// read takes a turn as it is planned.
func (s *turnSheet) read(ctx context.Context, tx *db.Tx, name, from string) (err error) {
	if _, s.Turn, err = shift.FindTurn(ctx, tx, shift.Ref{Rota: s.Rota.ID, Key: name, From: instant(from)}); err != nil {
		return err
	}
	s.From, s.Until, s.Person = s.Turn.From, s.Turn.Until, s.Turn.Person
	for _, l := range s.Rota.Layers {
		if l.ID == s.Turn.Layer {
			s.Layer = l.Name
		}
	}
	if s.Turn.Single != 0 {
		s.Single, err = shift.GetSingle(ctx, tx, s.Rota.ID, s.Turn.Single)
	}
	return err
}

// fresh is a new shift on the day and at the quarter that were pressed, for eight hours or as long as a gap is.
func (s *turnSheet) fresh(r *http.Request) {
	day, err := hours.ParseDate(r.FormValue("day"))
	if err != nil {
		day = s.Week
	}
	at, err := strconv.Atoi(r.FormValue("at"))
	if err != nil || at < 0 || at >= quarters {
		at = 36
	}
	long, err := strconv.Atoi(r.FormValue("len"))
	if err != nil || long < 1 || long > quarters {
		long = 32
	}
	s.From, s.Until = hours.Instant(s.Zone, day, at*15), hours.Instant(s.Zone, day, (at+long)*15)
	if person, err := id.Read[team.ID](r.FormValue("person")); err == nil {
		s.Person = person
	}
}

// instant reads a moment in milliseconds; what is none is the beginning of time.
func instant(text string) time.Time {
	ms, _ := strconv.ParseInt(text, 10, 64)
	return time.UnixMilli(ms).UTC()
}

func stamp(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }

// saveTurn changes a turn, in the form or by dragging, or plans a new shift.
func (a area) saveTurn(w http.ResponseWriter, r *http.Request) error {
	key, err := rotaID(r)
	if err != nil {
		return err
	}
	zone := i18n.Of(r.Context()).Zone
	var change shift.ChangeID
	err = a.Write(r, func(ctx context.Context, tx *db.Tx) (err error) {
		change, err = changeTurn(ctx, tx, key, r, zone)
		return err
	})
	if err != nil {
		return err
	}
	week := shownWeek(r, a.DB.Now(), zone)
	to := "/coverage/rotas/" + key.String()
	return done(w, r, to+"?week="+week.String(), "plan_changed", to+"/undo/"+change.String()+"?week="+week.String())
}

func changeTurn(ctx context.Context, tx *db.Tx, key shift.RotaID, r *http.Request, zone *time.Location) (shift.ChangeID, error) {
	rota, err := shift.Get(ctx, tx, key)
	if err != nil {
		return 0, err
	}
	if r.FormValue("key") == "" {
		to, err := typed(r, zone)
		if err != nil {
			return 0, err
		}
		s := shift.SingleOf(rota, to)
		s.Weekly, s.Last = r.FormValue("weekly") != "", lastDay(r)
		_, change, err := shift.Place(ctx, tx, s)
		return change, err
	}
	_, turn, err := shift.FindTurn(ctx, tx, shift.Ref{Rota: key, Key: r.FormValue("key"), From: instant(r.FormValue("from"))})
	if err != nil {
		return 0, err
	}
	to := shift.Where{Person: turn.Person, From: turn.From, Until: turn.Until}
	switch {
	case r.FormValue("do") == "remove":
		to.Person = 0
	case r.Form.Has("move"):
		to, err = dragged(r, turn, zone)
	default:
		to, err = typed(r, zone)
	}
	if err != nil {
		return 0, err
	}
	if turn.Single != 0 && turn.Why == shift.BySingle {
		single, err := shift.GetSingle(ctx, tx, key, turn.Single)
		if err != nil {
			return 0, err
		}
		all := r.FormValue("scope") == "all" || !single.Weekly && len(single.People) == 1
		if all && to.Person == 0 {
			return shift.Remove(ctx, tx, key, turn.Single)
		}
		if all && single.Weekly {
			return series(ctx, tx, rota, single, turn, to, lastDay(r))
		}
	}
	return shift.Move(ctx, tx, key, turn.Key, turn.From, to)
}

// series changes a shift in all its weeks by what one of them became.
func series(ctx context.Context, tx *db.Tx, rota shift.Rota, was shift.Single, turn shift.Turn, to shift.Where, last hours.Date) (shift.ChangeID, error) {
	now := shift.SingleOf(rota, to)
	before := shift.SingleOf(rota, shift.Where{From: turn.From, Until: turn.Until})
	for _, p := range was.People {
		if p != turn.Person && p != to.Person {
			now.People = append(now.People, p)
		}
	}
	now.Day = was.Day.Add(now.Day.Days(before.Day))
	now.Weekly, now.Last = true, last
	return shift.Replace(ctx, tx, was.ID, now)
}

// typed is who and when, as it was typed.
func typed(r *http.Request, zone *time.Location) (to shift.Where, err error) {
	if to.Person, err = personOf(r.FormValue("person")); err != nil {
		return to, err
	}
	if to.From, err = moment(r, "start", zone); err != nil {
		return to, err
	}
	to.Until, err = moment(r, "end", zone)
	if err == nil && !to.Until.After(to.From) {
		err = problem.For("end_at", "The end is not after the beginning.")
	}
	return to, err
}

// moment reads a day and a time of day: start_day and start_at. 24:00 is allowed.
func moment(r *http.Request, name string, zone *time.Location) (time.Time, error) {
	day, err := hours.ParseDate(r.FormValue(name + "_day"))
	if err != nil {
		return time.Time{}, problem.For(name+"_day", "Enter a day.")
	}
	minute, ok := timeOfDay(r.FormValue(name + "_at"))
	if !ok {
		return time.Time{}, problem.For(name+"_at", "Enter a time such as 09:00.")
	}
	return hours.Instant(zone, day, minute), nil
}

// timeOfDay reads a time of day in minutes.
func timeOfDay(text string) (int, bool) {
	if text == "24:00" {
		return 24 * 60, true
	}
	at, err := time.Parse("15:04", text)
	return at.Hour()*60 + at.Minute(), err == nil
}

func clockOf(minute int) string {
	return time.Date(2000, 1, 1, 0, minute, 0, 0, time.UTC).Format("15:04")
}

func lastDay(r *http.Request) hours.Date {
	d, _ := hours.ParseDate(r.FormValue("last"))
	return d
}

func personOf(text string) (team.ID, error) {
	if text == "" {
		return 0, nil
	}
	person, err := id.Read[team.ID](text)
	if err != nil {
		return 0, problem.For("person", "There is no such person.")
	}
	return person, nil
}

// dragged is where a turn was dragged to: so many quarters on, its beginning or its end so many, to somebody.
func dragged(r *http.Request, turn shift.Turn, zone *time.Location) (to shift.Where, err error) {
	to = shift.Where{Person: turn.Person, From: turn.From, Until: turn.Until}
	by := func(name string) int {
		n, _ := strconv.Atoi(r.FormValue(name))
		return min(max(n, -7*quarters), 7*quarters) * 15
	}
	shifted := func(at time.Time, minutes int) time.Time {
		local := at.In(zone)
		return hours.Instant(zone, hours.DateOf(at, zone), local.Hour()*60+local.Minute()+minutes)
	}
	if n := by("move") + by("start"); n != 0 {
		to.From = shifted(turn.From, n)
	}
	if n := by("move") + by("end"); n != 0 {
		to.Until = shifted(turn.Until, n)
	}
	if p := r.FormValue("person"); p != "" {
		to.Person, err = personOf(p)
	}
	if err == nil && !to.Until.After(to.From) {
		err = problem.For("end_at", "The end is not after the beginning.")
	}
	return to, err
}

func (a area) undoTurn(w http.ResponseWriter, r *http.Request) error {
	key, err := rotaID(r)
	if err != nil {
		return err
	}
	change, err := id.Read[shift.ChangeID](r.PathValue("change"))
	if err != nil {
		return problem.New(problem.Conflict, "There is nothing to undo.")
	}
	err = a.Write(r, func(ctx context.Context, tx *db.Tx) error { return shift.Undo(ctx, tx, key, change) })
	if err != nil {
		return err
	}
	week := shownWeek(r, a.DB.Now(), i18n.Of(r.Context()).Zone)
	return done(w, r, "/coverage/rotas/"+key.String()+"?week="+week.String(), "undone", "")
}
