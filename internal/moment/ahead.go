package moment

import (
	"context"
	"slices"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
)

// Ahead is what is coming.
type Ahead struct {
	Times []time.Time // of a schedule, the next ones
	Due   []Due       // of a date, the next ones; of a schedule those that it would be about now
	Count int         // how many there are
	More  bool        // there are more than are looked at
	Until time.Time   // of a date
}

const (
	nextTimes  = 5
	shownAhead = 10
	mostAhead  = 2000
	aheadFor   = 30 * 24 * time.Hour
)

// Coming says what is coming: the next times, and of a date what is due within thirty days. fits says whether the conditions are so, as things are now.
func Coming(ctx context.Context, tx *db.Tx, p Plan, fits func(event.Event) (bool, error)) (out Ahead, err error) {
	s := search{Plan: p, from: tx.Now(), to: tx.Now().Add(aheadFor)}
	if s.zone, err = firmZone(ctx, tx); err != nil {
		return out, err
	}
	if p.When.Date == "" {
		for at := p.When.Next(tx.Now(), s.zone); len(out.Times) < nextTimes && !at.IsZero(); at = p.When.Next(at, s.zone) {
			out.Times = append(out.Times, at)
		}
		if p.When.Each == "" || len(out.Times) == 0 {
			return out, nil
		}
		s.to = out.Times[0]
	} else {
		out.Until = s.to
	}
	return out, out.find(ctx, tx, s, fits)
}

func (out *Ahead) find(ctx context.Context, tx *db.Tx, s search, fits func(event.Event) (bool, error)) error {
	seen := 0
	for after, more := int64(0), true; more; {
		list, cursor, is, err := s.page(ctx, tx, after, looked)
		if err != nil {
			return err
		}
		for _, d := range list {
			so, err := fits(would(tx, s.Owner, d))
			if err != nil {
				return err
			}
			if so {
				out.Due = append(out.Due, d)
			}
		}
		after, more = cursor, is
		if seen += looked; more && seen >= mostAhead {
			out.More, more = true, false
		}
	}
	out.Count = len(out.Due)
	slices.SortStableFunc(out.Due, func(a, b Due) int { return a.At.Compare(b.At) })
	out.Due = out.Due[:min(len(out.Due), shownAhead)]
	return nil
}
