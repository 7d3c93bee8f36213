package chat

import (
	"context"
	"slices"
	"sync"
	"time"

	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/routing"
	"baraji/internal/team"
)

// Expectation is what a visitor may expect who writes now, as the last weeks and the working hours show.
type Expectation struct {
	Within time.Duration // half of those who wrote at this hour had an answer by then; 0: nobody can say
	Away   bool          // nobody is there, and it will not be soon
	Back   time.Time     // of those away after hours: when the working hours begin, in their zone; zero: nobody can say
}

const (
	looksBack  = 28 * 24 * time.Hour
	mostFirst  = 500                 // talks that are looked at
	fewest     = 3                   // at this hour, to say anything
	soon       = 2 * time.Hour       // what takes longer is no chat
	presence   = 15 * time.Minute    // who did nothing for so long is not there
	goodFor    = time.Minute         // an expectation
	tellsAhead = 30 * 24 * time.Hour // when somebody is back
)

// first is a talk that was answered.
type first struct{ asked, answered time.Time }

// expectations remembers what was said lately: every page view asks.
type expectations struct {
	mu   sync.Mutex
	said map[inbox.ID]expected
}

type expected struct {
	Expectation
	until time.Time
}

// Expect says what a visitor of a widget may expect now.
func (c *Chat) Expect(ctx context.Context, tx *db.Tx, key string, zone *time.Location) (Expectation, error) {
	in, err := open(ctx, tx, key)
	if err != nil {
		return Expectation{}, err
	}
	c.expect.mu.Lock()
	had, ok := c.expect.said[in.ID]
	c.expect.mu.Unlock()
	if ok && tx.Now().Before(had.until) {
		return had.Expectation, nil
	}
	list, err := db.All(ctx, tx, func(r db.Row) (f first, err error) { return f, r.Scan(db.Time(&f.asked), db.Time(&f.answered)) }, `
		SELECT c.created_at, c.first_reply_at FROM conversation c WHERE c.inbox_id = $1 AND c.status IN ('open', 'pending', 'snoozed', 'solved') AND c.last_at > $2
		AND c.first_reply_at IS NOT NULL ORDER BY c.last_at DESC`+db.Limit(mostFirst), in.ID, tx.Now().Add(-looksBack))
	if err != nil {
		return Expectation{}, err
	}
	there, err := team.Present(ctx, tx, tx.Now().Add(-presence))
	if err != nil {
		return Expectation{}, err
	}
	promised, err := routing.Expect(ctx, tx, routing.Subject{Channel: Channel, Team: in.Team})
	if err != nil {
		return Expectation{}, err
	}
	e := expect(tx.Now().In(zone), list, there, promised)
	c.expect.mu.Lock()
	defer c.expect.mu.Unlock()
	if c.expect.said == nil {
		c.expect.said = map[inbox.ID]expected{}
	}
	c.expect.said[in.ID] = expected{e, tx.Now().Add(goodFor)}
	return e, nil
}

// expect reads it out of talks that were answered. now is in the firm's zone.
func expect(now time.Time, list []first, there bool, promised routing.Expected) (e Expectation) {
	var waits []time.Duration
	for _, f := range list {
		asked := f.asked.In(now.Location())
		if apart := (asked.Hour() - now.Hour() + 36) % 24; apart >= 11 && apart <= 13 { // within an hour of this one
			waits = append(waits, f.answered.Sub(f.asked))
		}
	}
	if len(waits) >= fewest {
		slices.Sort(waits)
		e.Within = round(waits[len(waits)/2])
	}
	if there || e.Within > 0 && e.Within <= soon {
		return e
	}
	if by := promised.By.Sub(now); !promised.Open && promised.Served && by <= soon { // somebody stands for this at night
		e.Within = round(by)
		return e
	}
	e.Away, e.Within = true, 0
	if !promised.Open && promised.Opens.Sub(now) < tellsAhead {
		e.Back = promised.Opens // zero: it never opens
	}
	return e
}

// round makes a span one that people say, never shorter.
func round(d time.Duration) time.Duration {
	for _, m := range []time.Duration{1, 2, 3, 4, 5, 10, 15, 20, 30, 45, 60} {
		if d <= m*time.Minute {
			return m * time.Minute
		}
	}
	return (d + time.Hour - 1).Truncate(time.Hour)
}
