package promise

import (
	"context"
	"errors"
	"time"

	"baraji/internal/calendar"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/hours"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Ring is the job of looking at a promise when its owner is to be warned, and when it is due.
type Ring struct {
	Promise ID `json:"promise"`
}

// JobKind names the job.
func (Ring) JobKind() string { return "promise.ring" }

func timer(id ID) string { return "promise/" + id.String() }

// usualLead is how many working days before somebody is warned who has not chosen.
const (
	usualLead = 1
	mostLead  = 20
)

// Lead is how many working days before a promise is due its owner is warned.
func Lead(ctx context.Context, tx *db.Tx, who team.ID) (int, error) {
	n, err := db.Value[int](ctx, tx, `SELECT days FROM promise_lead WHERE person_id = $1`, who)
	if errors.Is(err, db.ErrNoRow) {
		return usualLead, nil
	}
	return n, err
}

// SetLead chooses it for whoever acts, also for the promises that he has to keep already.
func SetLead(ctx context.Context, tx *db.Tx, days int) error {
	if err := team.Allow(ctx, team.Handle); err != nil {
		return err
	}
	me := team.From(ctx).Person
	if me == 0 {
		return problem.New(problem.Invalid, "Only people are warned.")
	}
	if days < 0 || days > mostLead {
		return problem.For("days", "Enter up to %d days.", mostLead)
	}
	if _, err := tx.Exec(ctx, `INSERT INTO promise_lead (person_id, days) VALUES ($1, $2) ON CONFLICT (person_id) DO UPDATE SET days = excluded.days`, me, days); err != nil {
		return err
	}
	open, err := db.All(ctx, tx, func(r db.Row) (id ID, err error) { return id, r.Scan(&id) }, `SELECT id FROM promise WHERE owner_id = $1 AND state = 'open'`, me)
	if err != nil {
		return err
	}
	for _, id := range open {
		if err := arm(ctx, tx, id); err != nil {
			return err
		}
	}
	return nil
}

// arm sets the timer of an open promise: to when its owner is warned, or if he was, to when it is due.
func arm(ctx context.Context, tx *db.Tx, id ID) error {
	p, err := load(ctx, tx, id)
	if err != nil {
		return err
	}
	days, err := Lead(ctx, tx, p.Owner)
	if err != nil {
		return err
	}
	week, err := calendar.Hours(ctx, tx, calendar.Firm)
	if err != nil {
		return err
	}
	warn := workingDaysBefore(week, p.Due, days)
	if p.told == 1 && warn.After(tx.Now()) {
		p.told = 0 // it is not soon any more
	}
	if p.told == 0 {
		warn = later(warn, tx.Now()) // what is due soon already is not warned of late
	}
	if _, err := tx.Exec(ctx, `UPDATE promise SET warn_at = $2, told = $3 WHERE id = $1`, id, warn, p.told); err != nil {
		return err
	}
	at := warn
	switch {
	case p.told == 2:
		return job.Cancel(ctx, tx, timer(id))
	case p.told == 1:
		at = p.Due
	}
	o := job.Options{At: at, Key: timer(id)}
	if p.Conversation != 0 {
		o.Lane, o.With = conversation.Timers(p.Conversation), true
	}
	return job.Replace(ctx, tx, Ring{id}, o)
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// workingDaysBefore goes back as many days on which somebody works; the time of the day stays. A year without work ends the search.
func workingDaysBefore(week hours.Calendar, at time.Time, days int) time.Time {
	at = at.In(week.Zone)
	for n := 0; days > 0 && n < 366; n++ {
		at = at.AddDate(0, 0, -1)
		y, m, d := at.Date()
		if week.Between(time.Date(y, m, d, 0, 0, 0, 0, week.Zone), time.Date(y, m, d+1, 0, 0, 0, 0, week.Zone)) > 0 {
			days--
		}
	}
	return at.UTC()
}

// armed is what a timer needs of a promise, whoever may see it.
type armed struct {
	Due   time.Time
	Warn  time.Time
	Owner team.ID
	State State
	told  int

	Conversation conversation.ID
}

func load(ctx context.Context, tx *db.Tx, id ID) (armed, error) {
	return db.One(ctx, tx, func(r db.Row) (p armed, err error) {
		return p, r.Scan(db.Time(&p.Due), db.Time(&p.Warn), &p.Owner, &p.State, &p.told, &p.Conversation)
	}, `SELECT due_at, warn_at, owner_id, state, told, conversation_id FROM promise WHERE id = $1`, id)
}

// Rung looks at a promise whose timer rang.
func Rung(ctx context.Context, tx *db.Tx, id ID) error {
	p, err := load(ctx, tx, id)
	if errors.Is(err, db.ErrNoRow) {
		return nil
	}
	if err != nil || p.State != Open {
		return err
	}
	now := tx.Now()
	switch {
	case p.told == 1 && !now.Before(p.Due):
		if _, err := tx.Exec(ctx, `UPDATE promise SET told = 2 WHERE id = $1`, id); err != nil {
			return err
		}
		return event.Record(ctx, tx, Slipped{id, p.Owner, p.Due, !job.Late(now, p.Due).IsZero()})
	case p.told < 1 && !now.Before(p.Warn):
		if _, err := tx.Exec(ctx, `UPDATE promise SET told = 1 WHERE id = $1`, id); err != nil {
			return err
		}
		if !now.Before(p.Due) {
			break // what is due already is told at its own place in the order
		}
		if err := event.Record(ctx, tx, Warned{id, p.Owner, p.Due, job.Late(now, p.Warn)}); err != nil {
			return err
		}
	}
	return arm(ctx, tx, id)
}
