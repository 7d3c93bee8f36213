package automation

import (
	"context"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/id"
	"baraji/internal/team"
)

// Would is what a rule would have done.
type Would struct {
	Looked int     // facts of its kind that were looked at
	Ran    int     // of them it would have run for
	Times  []Found // the newest of those
	Since  time.Time
	More   bool // there were more facts than are looked at
}

// Found is a fact for which a rule would have run.
type Found struct {
	Event   event.ID
	Subject string
	At      time.Time
}

const (
	mostLooked = 2000
	mostShown  = 50
)

// Try says what a rule would have done since a time, from the log: of each fact of its kind, whether the conditions are so. What is
// looked at is as it is now, not as it was; what rules did themselves is left out. Nothing is changed.
func Try(ctx context.Context, tx *db.Tx, r Rule, since time.Time) (Would, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return Would{}, err
	}
	if err := r.check(ctx, tx); err != nil {
		return Would{}, err
	}
	out := Would{Since: since}
	list, err := event.Newest(ctx, tx, r.When, event.ID(id.From(since)), mostLooked+1)
	if err != nil {
		return out, err
	}
	if len(list) > mostLooked {
		list, out.More = list[:mostLooked], true
	}
	ctx = team.AsSystem(ctx)
	for _, e := range list {
		if ActorOf(e.Actor) != 0 {
			continue
		}
		out.Looked++
		c := newCase(ctx, tx, e)
		so, err := c.holds(r.If)
		if err != nil {
			return out, err
		}
		if !so {
			continue
		}
		out.Ran++
		if len(out.Times) < mostShown {
			out.Times = append(out.Times, Found{e.ID, c.subject(), e.At})
		}
	}
	return out, nil
}
