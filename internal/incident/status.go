package incident

import (
	"context"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/setting"
	"baraji/internal/team"
)

// Page is how the status page is arranged.
type Page struct {
	On    bool
	About i18n.Text // stands at its head
}

var page = setting.Of[Page]{Name: "incident.page", Default: Page{On: true}}

// GetPage returns it.
func GetPage(ctx context.Context, tx *db.Tx) (Page, error) { return setting.Get(ctx, tx, page) }

// SetPage arranges the status page.
func SetPage(ctx context.Context, tx *db.Tx, p Page) error {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return err
	}
	p.About = tidy(p.About)
	if !p.About.Fits(300) {
		return problem.For("about", "At most %d characters.", 300)
	}
	if err := setting.Set(ctx, tx, page, p); err != nil {
		return err
	}
	if err := stamp(ctx, tx); err != nil {
		return err
	}
	return event.Record(ctx, tx, PageChanged{p.On})
}

// DaysShown is how many days a component's history has.
const DaysShown = 90

// Part is a component as the status page shows it.
type Part struct {
	Component
	Now  Impact
	Days []Impact // the worst of each day, oldest first; the last is today
	Up   float64  // the share of these days in which it worked: an outage counts whole, one of parts by half
}

// Shown is an incident as everybody reads it: what its notes, reviews and links say is not in it.
type Shown struct {
	ID         ID
	Title      i18n.Text
	State      State
	Severity   string
	StartedAt  time.Time
	ResolvedAt time.Time
	Updates    []Update // newest first
	Components []ComponentID
}

// Board is the status page at a moment.
type Board struct {
	Page
	Worst     Impact
	Parts     []Part
	Open      []Shown
	Planned   []Maintenance // runs, or is to come
	Past      []Shown       // was over in the last days
	UpdatedAt time.Time
}

// pastShown is how long what is over stands on the page.
const pastShown = 14 * 24 * time.Hour

// Look reads the status page.
func Look(ctx context.Context, tx *db.Tx) (b Board, err error) {
	now := tx.Now()
	if b.Page, err = GetPage(ctx, tx); err != nil {
		return b, err
	}
	b.UpdatedAt = now
	if b.Open, err = shown(ctx, tx, `i.state IN ('investigating', 'identified', 'monitoring')`); err != nil {
		return b, err
	}
	if b.Past, err = shown(ctx, tx, `i.resolved_at > $1`, now.Add(-pastShown)); err != nil {
		return b, err
	}
	maintenances, err := Maintenances(ctx, tx, now.Add(-DaysShown*24*time.Hour))
	if err != nil {
		return b, err
	}
	for _, m := range maintenances {
		if !m.Over(now) {
			b.Planned = append(b.Planned, m)
		}
	}
	if b.Parts, err = parts(ctx, tx, maintenances); err != nil {
		return b, err
	}
	for _, p := range b.Parts {
		b.Worst = b.Worst.Worse(p.Now)
	}
	if b.Worst == Fine && len(b.Open) > 0 {
		b.Worst = Degraded // it hits no component, and something is wrong all the same
	}
	return b, nil
}

// parts are the components with their history.
func parts(ctx context.Context, tx *db.Tx, maintenances []Maintenance) ([]Part, error) {
	list, err := Components(ctx, tx)
	if err != nil {
		return nil, err
	}
	firm, err := team.GetFirm(ctx, tx)
	if err != nil {
		return nil, err
	}
	days := lastDays(tx.Now(), place(firm))
	spans, err := db.All(ctx, tx, scanSpan, `SELECT s.incident_id, s.component_id, s.impact, s.from_at, s.to_at FROM incident_impact s JOIN incident i ON i.id = s.incident_id
		WHERE i.public AND (s.to_at IS NULL OR s.to_at > $1)`, days[0])
	if err != nil {
		return nil, err
	}
	for _, m := range maintenances {
		if m.Cancelled {
			continue
		}
		for _, c := range m.Components {
			spans = append(spans, Span{Component: c, Impact: Upkeep, From: m.From, To: m.To})
		}
	}
	all := make([]Part, len(list))
	for i, c := range list {
		all[i] = Part{Component: c}
		all[i].draw(spans, days, tx.Now())
	}
	return all, nil
}

// lastDays are the moments at which the days that are shown begin.
func lastDays(now time.Time, zone *time.Location) []time.Time {
	y, m, d := now.In(zone).Date()
	days := make([]time.Time, DaysShown)
	for i := range days {
		days[i] = time.Date(y, m, d-DaysShown+1+i, 0, 0, 0, 0, zone)
	}
	return days
}

// draw reckons a component's history out of what hit it.
func (p *Part) draw(spans []Span, days []time.Time, now time.Time) {
	p.Days = make([]Impact, len(days))
	lost := time.Duration(0)
	for _, s := range spans {
		to := s.To
		if to.IsZero() || to.After(now) {
			to = now
		}
		if s.Component != p.ID || s.From.After(now) {
			continue
		}
		if s.To.IsZero() || s.To.After(now) {
			p.Now = p.Now.Worse(s.Impact)
		}
		for d, begins := range days {
			ends := now.Add(time.Millisecond) // what begins at this moment is of today
			if d+1 < len(days) {
				ends = days[d+1]
			}
			if s.From.Before(ends) && (to.After(begins) || s.From.Equal(begins)) {
				p.Days[d] = p.Days[d].Worse(s.Impact)
			}
		}
		if share := map[Impact]time.Duration{Out: 2, Partial: 1}[s.Impact]; share > 0 {
			lost += share * max(0, to.Sub(later(s.From, days[0]))) / 2
		}
	}
	whole := now.Sub(days[0])
	p.Up = 1 - float64(min(lost, whole))/float64(whole)
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// shown are public incidents with what is public of them, the newest first: four statements, however many there are.
func shown(ctx context.Context, tx *db.Tx, where string, args ...any) ([]Shown, error) {
	list, err := db.All(ctx, tx, scan, `SELECT `+columns+` FROM incident i WHERE i.public AND `+where+` ORDER BY i.started_at DESC, i.id DESC LIMIT 200`, args...)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	out, at := make([]Shown, len(list)), map[ID]*Shown{}
	var ids []ID
	for n, i := range list {
		state := i.State
		if state == Reviewed {
			state = Resolved // that we think about it is ours
		}
		out[n] = Shown{ID: i.ID, Title: i.Title, State: state, Severity: i.Severity, StartedAt: i.StartedAt, ResolvedAt: i.ResolvedAt}
		at[i.ID] = &out[n]
		ids = append(ids, i.ID)
	}
	said, err := updates(ctx, tx, `u.public`, ids)
	if err != nil {
		return nil, err
	}
	for _, u := range said {
		at[u.Incident].Updates = append(at[u.Incident].Updates, u)
	}
	var a db.Args
	return out, db.Each(ctx, tx, func(r db.Row) error {
		var id ID
		var c ComponentID
		err := r.Scan(&id, &c)
		at[id].Components = append(at[id].Components, c)
		return err
	}, `SELECT DISTINCT s.incident_id, s.component_id FROM incident_impact s JOIN incident_component k ON k.id = s.component_id WHERE NOT k.archived AND s.incident_id IN `+db.In(&a, ids), a.List()...)
}

// Between are the public incidents that began in a time, the newest first.
func Between(ctx context.Context, tx *db.Tx, from, to time.Time) ([]Shown, error) {
	return shown(ctx, tx, `i.started_at >= $1 AND i.started_at < $2`, from, to)
}

// ShownOne is one public incident.
func ShownOne(ctx context.Context, tx *db.Tx, id ID) (Shown, error) {
	list, err := shown(ctx, tx, `i.id = $1`, id)
	if err == nil && len(list) == 0 {
		err = problem.New(problem.NotFound, "There is no such incident.")
	}
	if err != nil {
		return Shown{}, err
	}
	return list[0], nil
}
