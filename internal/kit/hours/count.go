package hours

import (
	"iter"
	"time"
)

// horizon is how far an answer is looked for: a calendar without an opening in ten years has none.
const horizon = 10 * 366 * 24 * time.Hour

// Open tells whether there is work at an instant.
func (c Calendar) Open(at time.Time) bool {
	local := at.In(c.zone())
	minute := local.Hour()*60 + local.Minute()
	for _, b := range c.on(DateOf(at, c.zone()), local.Weekday()) {
		if minute >= b.From && minute < b.To {
			return true
		}
	}
	return false
}

// Between is the working time from a to b; nothing if b is not after a.
func (c Calendar) Between(a, b time.Time) time.Duration {
	var sum time.Duration
	for from, to := range c.spans(a, b) {
		sum += to.Sub(from)
	}
	return sum
}

// Add is the instant at which d of working time has passed since at. What ends with the day ends at closing time, not at
// the next opening. False means: not within ten years. Nothing or less to add is at itself.
func (c Calendar) Add(at time.Time, d time.Duration) (time.Time, bool) {
	if d <= 0 {
		return at, true
	}
	for from, to := range c.spans(at, at.Add(horizon)) {
		if part := to.Sub(from); part < d {
			d -= part
			continue
		}
		return from.Add(d), true
	}
	return time.Time{}, false
}

// Next is the first open instant at or after one. False means: none within ten years.
func (c Calendar) Next(at time.Time) (time.Time, bool) {
	for from := range c.spans(at, at.Add(horizon)) {
		return from, true
	}
	return time.Time{}, false
}

// spans gives the open stretches of time between two instants, in order. It goes through the times during which the
// zone's clocks run evenly, and through the days within each: there the wall clock is plain arithmetic.
func (c Calendar) spans(a, b time.Time) iter.Seq2[time.Time, time.Time] {
	return func(yield func(from, to time.Time) bool) {
		for a.Before(b) {
			local := a.In(c.zone())
			_, end := local.ZoneBounds()
			if end.IsZero() || end.After(b) {
				end = b
			}
			_, offset := local.Zone()
			if !c.even(a, end, time.Duration(offset)*time.Second, yield) {
				return
			}
			a = end
		}
	}
}

// even gives the stretches between two instants while the wall clock is UTC plus an offset.
func (c Calendar) even(a, b time.Time, offset time.Duration, yield func(from, to time.Time) bool) bool {
	wall := a.UTC().Add(offset)
	midnight := time.Date(wall.Year(), wall.Month(), wall.Day(), 0, 0, 0, 0, time.UTC)
	for ; midnight.Add(-offset).Before(b); midnight = midnight.AddDate(0, 0, 1) {
		for _, block := range c.on(DateOf(midnight, time.UTC), midnight.Weekday()) {
			from := latest(a, midnight.Add(time.Duration(block.From)*time.Minute-offset))
			to := earliest(b, midnight.Add(time.Duration(block.To)*time.Minute-offset))
			if from.Before(to) && !yield(from.In(c.zone()), to.In(c.zone())) {
				return false
			}
		}
	}
	return true
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// Closes is when a stretch of open time ends that an instant is in; itself if it is in none. False means: not within ten years.
func (c Calendar) Closes(at time.Time) (time.Time, bool) {
	end := at
	for from, to := range c.spans(at, at.Add(horizon)) {
		if from.After(end) {
			return end, true
		}
		end = to
	}
	return end, end.Before(at.Add(horizon))
}
