package demo

import (
	"context"
	"slices"
	"time"

	"baraji/internal/app"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/knowledge"
	"baraji/internal/team"
)

// span is how far back the shop remembers.
const span = 90 * 24 * time.Hour

// clock is the shop's while its history is told.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

// story is the shop while it is made.
type story struct {
	*app.App
	clock      *clock
	begin, end time.Time

	people         []team.ID
	actors         map[string]team.Actor // by name
	teams          map[string]team.TeamID
	support, sales inbox.Inbox
	customers      []customer
	articles       map[string]knowledge.ID // by name
	steps          []step
}

// step is something that happened at a moment: a command in a transaction, or
// something that makes its own.
type step struct {
	at    time.Time
	do    func(ctx context.Context, tx *db.Tx) error
	alone func(ctx context.Context) error
}

func (s *story) then(at time.Time, do func(ctx context.Context, tx *db.Tx) error) {
	s.steps = append(s.steps, step{at: at, do: do})
}

// tell makes the whole shop.
func (s *story) tell(ctx context.Context, hashed team.Hashed) error {
	if err := s.DB.Write(ctx, func(tx *db.Tx) error { return s.open(ctx, tx, hashed) }); err != nil {
		return err
	}
	s.customers = customers()
	if err := s.talks(ctx); err != nil {
		return err
	}
	s.strangers()
	s.mails()
	s.writes()
	s.teaches()
	s.visits()
	s.calls()
	s.routes()
	s.asks()
	s.stands()
	s.breaks()
	s.guides()
	s.hooks()
	s.minds()
	s.says()
	s.flows()
	s.groups()
	s.mailings()
	slices.SortStableFunc(s.steps, func(a, b step) int { return a.at.Compare(b.at) })
	if err := s.run(ctx); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error { return s.rings(ctx, tx, s.end) })
}

// batch is how many steps are one transaction: few enough for a lock that others
// may wait for, enough that the disk does not count.
const batch = 400

// run does the steps in the order in which they happened; what is still to come
// is left out.
func (s *story) run(ctx context.Context) error {
	for i := 0; i < len(s.steps); {
		if s.steps[i].at.After(s.end) {
			return nil
		}
		s.clock.at = s.steps[i].at
		if alone := s.steps[i].alone; alone != nil {
			if err := alone(ctx); err != nil {
				return err
			}
			i++
			continue
		}
		next := i
		for next < len(s.steps) && next-i < batch && s.steps[next].do != nil && !s.steps[next].at.After(s.end) {
			next++
		}
		if err := s.write(ctx, s.steps[i:next]); err != nil {
			return err
		}
		i = next
	}
	return nil
}

func (s *story) write(ctx context.Context, steps []step) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		for _, st := range steps {
			if err := s.rings(ctx, tx, st.at); err != nil {
				return err
			}
			tx.At(st.at)
			if err := st.do(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	})
}

// as returns a context in which somebody of the shop acts.
func (s *story) as(ctx context.Context, name string) context.Context {
	return team.With(ctx, s.actors[name])
}
