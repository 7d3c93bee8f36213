package assistant

import (
	"context"
	"time"

	"baraji/internal/calendar"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/team"
)

// What the figures are held against: a fifth fewer questions for people, and 72 of 100 who say that it helped.
const (
	DeflectionTarget = 0.20
	UsefulTarget     = 0.72
)

// quiet is how long nobody may have written after a visit for it to have done without a person.
const quiet = 24 * time.Hour

// Figures says how much the assistant did by itself. Every number is of a period; what began in it counts.
//
//	deflection = (solved + quiet) / (solved + quiet + tickets)
//	usefulness = helped / (helped + did not help)
type Figures struct {
	Visits  int // of people who asked
	Solved  int // said that it helped, and no person took over
	Quiet   int // said nothing, no person took over, and nobody wrote for 24 hours
	Handed  int // a person took over, or the visitor wrote all the same
	Young   int // not yet 24 hours ago: nobody knows
	Tickets int // conversations that people had to look after
	Helped  int // replies of which somebody said that they helped
	Not     int // and that they did not
}

// Deflection is the share of questions that needed no person; ok is false while there is nothing to divide.
func (f Figures) Deflection() (share float64, ok bool) {
	return divide(f.Solved+f.Quiet, f.Solved+f.Quiet+f.Tickets)
}

// Usefulness is the share of helpful replies among those of which somebody said anything.
func (f Figures) Usefulness() (share float64, ok bool) { return divide(f.Helped, f.Helped+f.Not) }

func divide(a, b int) (float64, bool) {
	if b == 0 {
		return 0, false
	}
	return float64(a) / float64(b), true
}

// Deflection is the figures of a period, together and apart by whether somebody of the team was there.
type Deflection struct {
	All, Open, After Figures
	Places           map[Place]Figures // without tickets, which have no place
}

// visited is a visit as the figures need it.
type visited struct {
	contact      contact.ID
	conversation conversation.ID
	place        Place
	after        bool
	solved       bool
	handed       bool
	began, last  time.Time
	helped, not  int
	wrote        bool // somebody who is known wrote within a day
}

// Measure makes the figures of a period, from a time up to another.
func Measure(ctx context.Context, tx *db.Tx, from, to time.Time) (Deflection, error) {
	d := Deflection{Places: map[Place]Figures{}}
	if err := team.Allow(ctx, team.ReadConversations); err != nil {
		return d, err
	}
	visits, err := visitsOf(ctx, tx, from, to)
	if err != nil {
		return d, err
	}
	without := map[conversation.ID]bool{} // talks in which no person was needed
	for _, v := range visits {
		one := v.figures(tx.Now())
		if one.Solved+one.Quiet > 0 {
			without[v.conversation] = true
		}
		d.add(one, v.after)
		sum := d.Places[v.place]
		sum.add(one)
		d.Places[v.place] = sum
	}
	return d, d.tickets(ctx, tx, from, to, without)
}

func (d *Deflection) add(f Figures, after bool) {
	d.All.add(f)
	if after {
		d.After.add(f)
	} else {
		d.Open.add(f)
	}
}

func (f *Figures) add(o Figures) {
	f.Visits += o.Visits
	f.Solved += o.Solved
	f.Quiet += o.Quiet
	f.Handed += o.Handed
	f.Young += o.Young
	f.Tickets += o.Tickets
	f.Helped += o.Helped
	f.Not += o.Not
}

func (v visited) figures(now time.Time) Figures {
	f := Figures{Visits: 1, Helped: v.helped, Not: v.not}
	switch {
	case v.handed || v.wrote && !v.solved:
		f.Handed = 1
	case v.solved:
		f.Solved = 1
	case now.Sub(v.last) < quiet:
		f.Young = 1
	default:
		f.Quiet = 1
	}
	return f
}

// visitsOf reads the visits that began in a period. Who is known and opened another conversation within a day has written.
func visitsOf(ctx context.Context, tx *db.Tx, from, to time.Time) ([]visited, error) {
	return db.All(ctx, tx, func(r db.Row) (v visited, err error) {
		return v, r.Scan(&v.contact, &v.conversation, &v.place, &v.after, &v.solved, &v.handed, db.Time(&v.began), db.Time(&v.last), &v.helped, &v.not, &v.wrote)
	}, `SELECT s.contact_id, s.conversation_id, s.place, s.after_hours, s.solved, s.handed_at IS NOT NULL, s.began_at, s.last_at,
		(SELECT COUNT(*) FROM assistant_turn t WHERE t.session_id = s.id AND t.useful = 'yes'), (SELECT COUNT(*) FROM assistant_turn t WHERE t.session_id = s.id AND t.useful = 'no'),
		s.contact_id <> 0 AND EXISTS (SELECT 1 FROM conversation c WHERE c.contact_id = s.contact_id AND c.id <> s.conversation_id AND c.created_at >= s.began_at AND c.created_at < s.last_at + $3)
		FROM assistant_session s WHERE s.began_at >= $1 AND s.began_at < $2`, from, to, quiet)
}

// tickets counts the conversations of a period but those in which no person was needed.
func (d *Deflection) tickets(ctx context.Context, tx *db.Tx, from, to time.Time, without map[conversation.ID]bool) error {
	c, err := calendar.Hours(ctx, tx, calendar.Firm)
	if err != nil {
		return err
	}
	return db.Each(ctx, tx, func(r db.Row) error {
		var id conversation.ID
		var at time.Time
		err := r.Scan(&id, db.Time(&at))
		if err == nil && !without[id] {
			d.add(Figures{Tickets: 1}, !c.Open(at))
		}
		return err
	}, `SELECT id, created_at FROM conversation WHERE last_at >= $1 AND created_at >= $1 AND created_at < $2 AND merged_into = 0`, from, to)
}
