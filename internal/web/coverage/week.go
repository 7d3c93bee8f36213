package coverage

import (
	"context"
	"net/http"
	"slices"
	"time"

	"baraji/internal/calendar"
	"baraji/internal/kit/db"
	"baraji/internal/kit/hours"
	"baraji/internal/kit/i18n"
	"baraji/internal/shift"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// week is a week with all rotas.
type week struct {
	Monday hours.Date
	Zone   *time.Location
	Now    time.Time
	Days   []row
	Rotas  []shift.Rota
	Names  map[team.ID]string
	Here   []standing // who stands now
	Gaps   []shift.Stretch
	Empty  int           // places of rotas where nobody stands
	Bare   time.Duration // of the gaps in which nobody is on call either
	Goal   shift.Goal
	Shares shares
	Asked  []shift.Swap // that the reader is asked
	Notes  handed
	Filled float64 // how much of what is wanted has somebody
}

// standing is somebody who stands now.
type standing struct {
	Person team.ID
	Rota   shift.Rota
	Until  time.Time
}

// handed is what there is about hand-over.
type handed struct {
	Missing int
	Unread  int
	Last    *shift.Note
}

func (a area) week(w http.ResponseWriter, r *http.Request) error {
	p, err := a.loadWeek(r)
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, weekPage(p))
	return nil
}

// shownWeek is the Monday that a request asks for, else that of today.
func shownWeek(r *http.Request, now time.Time, zone *time.Location) hours.Date {
	if d, err := hours.ParseDate(r.FormValue("week")); err == nil && d.Year > 1970 && d.Year < 2200 {
		return monday(d)
	}
	return monday(hours.DateOf(now, zone))
}

func (a area) loadWeek(r *http.Request) (p week, err error) {
	ctx := r.Context()
	zone := i18n.Of(ctx).Zone
	err = a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		p = week{Zone: zone, Now: tx.Now(), Monday: shownWeek(r, tx.Now(), zone)}
		from, until := hours.Instant(zone, p.Monday, 0), hours.Instant(zone, p.Monday.Add(7), 0)
		if p.Names, err = team.Names(ctx, tx); err != nil {
			return err
		}
		books, err := shift.Load(ctx, tx, sooner(from, p.Now), later(until.AddDate(0, 0, 21), p.Now))
		if err != nil {
			return err
		}
		if p.Goal, err = shift.GetGoal(ctx, tx); err != nil {
			return err
		}
		wanted, err := shift.Wanted(ctx, tx, books, from, until)
		if err != nil {
			return err
		}
		open, err := shift.FirmHours(ctx, tx, from, until)
		if err != nil {
			return err
		}
		p.Days = rows(p.Monday, 7, zone, p.Now)
		ground(p.Days, open, zone)
		if err := p.holidays(ctx, tx); err != nil {
			return err
		}
		p.fill(ctx, books, wanted, from, until)
		if p.Shares, err = loadShares(ctx, tx, books, nil, from, p.Names); err != nil {
			return err
		}
		return p.beside(ctx, tx)
	})
	return p, err
}

// holidays names the firm's holidays among the days.
func (p *week) holidays(ctx context.Context, tx *db.Tx) error {
	c, err := calendar.Get(ctx, tx, calendar.Firm)
	if err != nil {
		return err
	}
	for _, d := range c.Free(p.Monday, p.Monday.Add(7)) {
		p.Days[d.Date.Days(p.Monday)].Free = d.Name(string(i18n.Of(ctx).Locale))
	}
	return nil
}

// fill plans the rotas, and puts turns, gaps and what is empty on the days.
func (p *week) fill(ctx context.Context, books []shift.Book, wanted []shift.Stretch, from, until time.Time) {
	var list []shown
	var desk, call []shift.Turn
	plans := make([][]shift.Turn, len(books))
	for i, b := range books {
		p.Rotas = append(p.Rotas, b.Rota)
		plans[i] = b.Plan(from, until)
		if b.Rota.Mode == shift.OnCall {
			call = append(call, plans[i]...)
		} else {
			desk = append(desk, plans[i]...)
		}
		for _, turn := range b.Plan(p.Now, p.Now.Add(1)) {
			p.Here = append(p.Here, standing{turn.Person, b.Rota, turn.Until})
		}
	}
	p.Gaps = shift.Gaps(wanted, desk)
	p.Bare = shift.Long(shift.Gaps(p.Gaps, call))
	if long := shift.Long(wanted); long > 0 {
		p.Filled = 1 - float64(shift.Long(p.Gaps))/float64(long)
	}
	clashes := clashing(desk, call)
	for i, b := range books {
		for _, s := range together(ctx, b.Rota, plans[i], p.Names, clashes) {
			s.order = i
			list = append(list, s)
		}
		for _, s := range shift.Gaps(b.Needs(from, until), plans[i]) {
			if len(shift.Gaps([]shift.Stretch{s}, asTurns(p.Gaps))) == 0 {
				continue // it is shown as a gap of the whole desk
			}
			p.Empty++
			text := t(ctx, "empty_bar", "rota", b.Rota.Name)
			list = append(list, shown{Stretch: s, order: i, bar: bar{Kind: isEmpty, Text: text, Spoken: spanWord(ctx, s) + " " + text}})
		}
	}
	for _, s := range p.Gaps {
		text := t(ctx, "gap_bar", "time", i18n.Duration(ctx, s.Until.Sub(s.From)))
		list = append(list, shown{Stretch: s, order: -1, bar: bar{Kind: isGap, Text: gapText(ctx, s), Spoken: spanWord(ctx, s) + " " + text}})
	}
	lay(p.Days, list, p.Zone)
	slices.SortStableFunc(p.Here, func(x, y standing) int { return level(kindOf(x.Rota.Mode)) - level(kindOf(y.Rota.Mode)) })
}

// gapText is what stands in a gap: where there is little room only how long it is.
func gapText(ctx context.Context, s shift.Stretch) string {
	long := i18n.Duration(ctx, s.Until.Sub(s.From))
	if s.Until.Sub(s.From) < 3*time.Hour {
		return long
	}
	return t(ctx, "gap_bar", "time", long)
}

// clashing are the turns of people who stand twice at the same time: at the desk, or on call. Who is on call may be at the
// desk as well.
func clashing(groups ...[]shift.Turn) map[string]bool {
	out := map[string]bool{}
	for _, g := range groups {
		for _, c := range shift.Overlaps(g) {
			out[c.A.Key], out[c.B.Key] = true, true
		}
	}
	return out
}

func asTurns(list []shift.Stretch) (turns []shift.Turn) {
	for _, s := range list {
		turns = append(turns, shift.Turn{From: s.From, Until: s.Until})
	}
	return turns
}

// beside reads what stands beside the week: what the reader is asked, and what was handed over.
func (p *week) beside(ctx context.Context, tx *db.Tx) error {
	me := team.From(ctx).Person
	if me != 0 {
		swaps, err := shift.Swaps(ctx, tx, me)
		if err != nil {
			return err
		}
		for _, s := range swaps {
			if s.State == shift.Asked && s.Other == me {
				p.Asked = append(p.Asked, s)
			}
		}
	}
	notes, err := shift.Notes(ctx, tx, tx.Now().Add(-36*time.Hour))
	if err != nil {
		return err
	}
	for i, n := range notes {
		switch {
		case n.WrittenAt.IsZero() && n.Until.Before(tx.Now()):
			p.Notes.Missing++
		case !n.WrittenAt.IsZero() && n.ReadAt.IsZero():
			p.Notes.Unread++
		}
		if !n.WrittenAt.IsZero() && p.Notes.Last == nil {
			p.Notes.Last = &notes[i]
		}
	}
	return nil
}

func (a area) setGoal(w http.ResponseWriter, r *http.Request) error {
	err := a.Write(r, func(ctx context.Context, tx *db.Tx) error {
		return shift.SetGoal(ctx, tx, shift.Goal(r.FormValue("goal")))
	})
	if err != nil {
		return err
	}
	return done(w, r, weekURL(shownWeek(r, a.DB.Now(), i18n.Of(r.Context()).Zone)), "goal_set", "")
}

func weekURL(d hours.Date) string { return "/coverage?week=" + d.String() }

// weekWord is from which day until which.
func weekWord(ctx context.Context, first hours.Date, days int) string {
	last := first.Add(days - 1)
	zone := i18n.Of(ctx).Zone
	from, until := i18n.Day(ctx, hours.Instant(zone, first, 12*60)), i18n.Day(ctx, hours.Instant(zone, last, 12*60))
	switch korean := i18n.Of(ctx).Locale == i18n.Korean; {
	case first.Month != last.Month:
		return from + " – " + until
	case korean:
		return from + " – " + number(last.Day) + "일"
	}
	return number(first.Day) + " – " + until
}

func sooner(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
