package coverage

import (
	"context"
	"net/http"
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

// listed is a rota in the list: who stands, and who comes next.
type listed struct {
	shift.Rota
	Here []string
	Next []string
	At   time.Time // when they come; zero: not within two weeks
	Gaps time.Duration
}

func (a area) rotas(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var list []listed
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		list = nil
		now := tx.Now()
		until := now.AddDate(0, 0, 14)
		names, err := team.Names(ctx, tx)
		if err != nil {
			return err
		}
		books, err := shift.Load(ctx, tx, now, until)
		if err != nil {
			return err
		}
		for _, b := range books {
			list = append(list, comes(b, names, now, until))
		}
		return nil
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, rotasPage(list))
	return nil
}

// comes is who stands in a rota now and who comes next.
func comes(b shift.Book, names map[team.ID]string, now, until time.Time) listed {
	turns := b.Plan(now, until)
	l := listed{Rota: b.Rota, Gaps: shift.Long(shift.Gaps(b.Needs(now, until), turns))}
	for _, t := range turns {
		switch {
		case !t.From.After(now):
			l.Here = append(l.Here, names[t.Person])
		case l.At.IsZero() || t.From.Equal(l.At):
			l.At = t.From
			l.Next = append(l.Next, names[t.Person])
		}
	}
	return l
}

// rotaID reads which rota an address means.
func rotaID(r *http.Request) (shift.RotaID, error) {
	key, err := id.Read[shift.RotaID](r.PathValue("id"))
	if err != nil {
		return 0, problem.New(problem.NotFound, "There is no such rota.")
	}
	return key, nil
}

// plan is a week of one rota, and what one does it with.
type plan struct {
	shift.Rota
	Monday hours.Date
	Zone   *time.Location
	Now    time.Time
	Days   []row
	Names  map[team.ID]string
	People []team.Person // who can stand
	Gaps   []shift.Stretch
	Clash  int
	Shares shares
	Away   []shift.Leave
	Undo   bool // its last change can be undone
}

func (a area) plan(w http.ResponseWriter, r *http.Request) error {
	key, err := rotaID(r)
	if err != nil {
		return err
	}
	p, err := a.loadPlan(r, key)
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, planPage(p))
	return nil
}

func (a area) loadPlan(r *http.Request, key shift.RotaID) (p plan, err error) {
	ctx := r.Context()
	zone := i18n.Of(ctx).Zone
	err = a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		p = plan{Zone: zone, Now: tx.Now(), Monday: shownWeek(r, tx.Now(), zone)}
		from, until := hours.Instant(zone, p.Monday, 0), hours.Instant(zone, p.Monday.Add(7), 0)
		if p.Names, err = team.Names(ctx, tx); err != nil {
			return err
		}
		if p.People, err = team.People(ctx, tx, team.Filter{}); err != nil {
			return err
		}
		b, err := shift.LoadOne(ctx, tx, key, from, until.AddDate(0, 0, 7*fairWeeks))
		if err != nil {
			return err
		}
		p.Rota = b.Rota
		p.Days = rows(p.Monday, 7, zone, p.Now)
		open, err := shift.FirmHours(ctx, tx, from, until)
		if err != nil {
			return err
		}
		ground(p.Days, open, zone)
		p.fill(ctx, b, from, until)
		if p.Away, err = shift.Leaves(ctx, tx, from, until); err != nil {
			return err
		}
		p.Shares, err = loadShares(ctx, tx, []shift.Book{b}, nil, from, p.Names)
		return err
	})
	return p, err
}

// fill puts each turn on the days, and what is empty.
func (p *plan) fill(ctx context.Context, b shift.Book, from, until time.Time) {
	turns := b.Plan(from, until)
	var list []shown
	for _, turn := range turns {
		one := together(ctx, b.Rota, []shift.Turn{turn}, p.Names, nil)[0]
		one.Spoken += whyWord(ctx, turn, p.Names)
		list = append(list, one)
	}
	p.Gaps = shift.Gaps(b.Needs(from, until), turns)
	for _, s := range p.Gaps {
		text := t(ctx, "gap_bar", "time", i18n.Duration(ctx, s.Until.Sub(s.From)))
		list = append(list, shown{Stretch: s, order: -1, bar: bar{Kind: isEmpty, Text: gapText(ctx, s), Spoken: spanWord(ctx, s) + " " + text}})
	}
	p.Clash = len(shift.Overlaps(turns))
	lay(p.Days, list, p.Zone)
}

// whyWord says why somebody stands who is not planned.
func whyWord(ctx context.Context, turn shift.Turn, names map[team.ID]string) string {
	switch turn.Why {
	case shift.ByOverride, shift.BySwap, shift.AsDeputy:
		if turn.Instead != 0 {
			return " " + t(ctx, "why_"+string(turn.Why), "who", names[turn.Instead])
		}
		return " " + t(ctx, "why_instead")
	}
	return ""
}

func (a area) deleteRota(w http.ResponseWriter, r *http.Request) error {
	key, err := rotaID(r)
	if err != nil {
		return err
	}
	err = a.Write(r, func(ctx context.Context, tx *db.Tx) error { return shift.Delete(ctx, tx, key) })
	if err != nil {
		return err
	}
	return done(w, r, "/coverage/rotas", "rota_deleted", "")
}

func (a area) undoRota(w http.ResponseWriter, r *http.Request) error {
	key, err := rotaID(r)
	if err != nil {
		return err
	}
	err = a.Write(r, func(ctx context.Context, tx *db.Tx) error { return shift.UndoChange(ctx, tx, key) })
	if err != nil {
		return err
	}
	return done(w, r, "/coverage/rotas/"+key.String(), "undone", "")
}
