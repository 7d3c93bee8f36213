package sequence

import (
	"context"
	"time"

	"baraji/internal/automation"
	"baraji/internal/calendar"
	"baraji/internal/kit/db"
	"baraji/internal/kit/hours"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// wait begins the waiting, or goes on at once where there is nothing to wait for.
func (here place) wait(ctx context.Context, tx *db.Tx, p Path, c *automation.Case) error {
	until, err := here.Wait.until(ctx, tx, c)
	if err != nil {
		return err
	}
	before := p.Turn
	if !until.After(tx.Now()) {
		if err := p.turned(ctx, tx, TimeOver, Detail{}); err != nil {
			return err
		}
		return p.goes(ctx, tx, before, here.next)
	}
	if err := p.turned(ctx, tx, Stands, Detail{Until: until, Fact: here.Wait.When}); err != nil {
		return err
	}
	return p.rests(ctx, tx, before, Waiting, until, here.Wait.When)
}

// until is when the waiting is over at the latest. Of a day that is not known it is the zero time.
func (w Wait) until(ctx context.Context, tx *db.Tx, c *automation.Case) (time.Time, error) {
	switch w.For {
	case "work":
		return w.working(ctx, tx, c)
	case "date":
		return w.day(ctx, tx, c)
	}
	return tx.Now().Add(time.Duration(w.Minutes) * time.Minute), nil
}

// working counts in the hours that hold for the customer: those of his tier, of the team, of the firm.
func (w Wait) working(ctx context.Context, tx *db.Tx, c *automation.Case) (time.Time, error) {
	talk, err := c.Talk()
	if err != nil {
		return time.Time{}, err
	}
	firm, err := c.Company()
	if err != nil {
		return time.Time{}, err
	}
	which, err := calendar.For(ctx, tx, talk.Team, firm.Tier)
	if err != nil {
		return time.Time{}, err
	}
	cal, err := calendar.Hours(ctx, tx, which)
	if err != nil {
		return time.Time{}, err
	}
	at, ok := tx.Now(), true
	if w.Minutes > 0 {
		at, ok = cal.Add(at, time.Duration(w.Minutes)*time.Minute)
	} else if !cal.Open(at) {
		at, ok = cal.Next(at)
	}
	if !ok {
		return at, problem.New(problem.Conflict, "The calendar has no hours left in the next ten years.")
	}
	return at, nil
}

// day is a day of the customer's, in his time zone where it is known, else the firm's.
func (w Wait) day(ctx context.Context, tx *db.Tx, c *automation.Case) (time.Time, error) {
	who, err := c.Customer()
	if err != nil {
		return time.Time{}, err
	}
	d, err := hours.ParseDate(who.Values[w.Field])
	if err != nil {
		return time.Time{}, nil // nobody knows it
	}
	firm, err := team.GetFirm(ctx, tx)
	if err != nil {
		return time.Time{}, err
	}
	return hours.Instant(hours.Zone(who.TimeZone, firm.Zone), d.Add(w.Days), w.At), nil
}
