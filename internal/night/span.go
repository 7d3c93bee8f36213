package night

import (
	"time"

	"baraji/internal/kit/hours"
)

// Span is a stretch of time outside working hours.
type Span struct {
	From, Until time.Time
	Over        bool // the house has opened since
}

const (
	shortest  = 4 * time.Hour       // less is a break
	looksBack = 21 * 24 * time.Hour // no holidays are longer
)

// Last is the last closed stretch that began before an instant; false: there was none in three weeks.
func Last(h hours.Calendar, at time.Time) (s Span, ok bool) {
	for closed := at.Add(-looksBack); closed.Before(at); {
		opens, found := h.Next(closed)
		if !found || !opens.Before(at) {
			if at.Sub(closed) >= shortest || at.Sub(closed) > 0 && closesFor(closed, opens, found) {
				s, ok = Span{From: closed, Until: at}, true
			}
			return s, ok
		}
		if opens.Sub(closed) >= shortest {
			s, ok = Span{closed, opens, true}, true
		}
		closed, _ = h.Closes(opens)
	}
	return s, ok
}

// closesFor says whether the stretch that lasts will have been long enough.
func closesFor(closed, opens time.Time, ends bool) bool {
	return !ends || opens.Sub(closed) >= shortest
}
