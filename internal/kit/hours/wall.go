package hours

import (
	"iter"
	"time"
)

// Stretches gives the open stretches of time between two instants, in order; those that meet, at midnight or where clocks
// change, are one.
func (c Calendar) Stretches(a, b time.Time) iter.Seq2[time.Time, time.Time] {
	return func(yield func(from, to time.Time) bool) {
		var open, end time.Time
		for from, to := range c.spans(a, b) {
			if from.Equal(end) && !open.IsZero() {
				end = to
				continue
			}
			if !open.IsZero() && !yield(open, end) {
				return
			}
			open, end = from, to
		}
		if !open.IsZero() {
			yield(open, end)
		}
	}
}

// Instant is the first moment at which the wall of a zone shows a date and a time of day (minutes since its midnight, which
// may lie on a later day), or has gone past them: a time that clocks leave out is when they leave it out, one that comes
// twice is its first coming.
func Instant(zone *time.Location, date Date, minute int) time.Time {
	wall := time.Date(date.Year, date.Month, date.Day, 0, minute, 0, 0, time.UTC)
	at := time.Date(date.Year, date.Month, date.Day, 0, minute, 0, 0, zone)
	shown := wallOf(at)
	begin, end := at.ZoneBounds()
	switch {
	case shown.After(wall): // left out, and at is behind the change
		return begin
	case shown.Before(wall): // left out, and at is before it
		return end
	case begin.IsZero():
		return at
	}
	_, offset := begin.Add(-1).Zone()
	if early := wall.Add(-time.Duration(offset) * time.Second); early.Before(begin) {
		return early.In(zone)
	}
	return at
}

// Wall is what the clock on the wall shows at an instant, as if it were UTC; in an hour that comes again it is the last that
// it showed before it was put back, so that it never goes back itself.
func Wall(at time.Time) time.Time {
	wall := wallOf(at)
	begin, _ := at.ZoneBounds()
	if begin.IsZero() {
		return wall
	}
	_, offset := begin.Add(-1).Zone()
	if back := begin.UTC().Add(time.Duration(offset)*time.Second - 1); back.After(wall) {
		return back
	}
	return wall
}

func wallOf(at time.Time) time.Time {
	_, offset := at.Zone()
	return at.UTC().Add(time.Duration(offset) * time.Second)
}
