package moment

import (
	"slices"
	"strings"
	"time"

	"baraji/internal/kit/hours"
)

// Next is the first time of a schedule after an instant; zone is that of the firm.
func (w When) Next(after time.Time, zone string) time.Time {
	z := hours.Zone(w.Zone, zone)
	if w.Every == "hour" {
		return w.nextHour(after, z)
	}
	day := hours.DateOf(after, z).Add(-1)
	for range 366 {
		if at := hours.Instant(z, day, w.At); w.on(day) && at.After(after) {
			return at.UTC()
		}
		day = day.Add(1)
	}
	return time.Time{} // no schedule that was checked
}

func (w When) nextHour(after time.Time, z *time.Location) time.Time {
	at := after.UTC().Truncate(time.Minute).Add(time.Minute)
	for range 3 { // zones that change by half an hour
		at = at.Add(time.Duration((w.At-at.In(z).Minute()+60)%60) * time.Minute)
	}
	return at
}

// on says whether it happens on a day.
func (w When) on(day hours.Date) bool {
	switch w.Every {
	case "week":
		return slices.Contains(w.Days, strings.ToLower(day.Weekday().String()))
	case "month":
		return day.Day == w.Day || day.Day < w.Day && day.Add(1).Day == 1
	}
	return w.Every == "day"
}

// last is the last time of a schedule up to now that is not done; zero where there is none.
func (w When) last(done, now time.Time, zone string) (at time.Time) {
	if far := now.AddDate(0, 0, -40); done.Before(far) {
		done = far
	}
	for next := w.Next(done, zone); !next.IsZero() && !next.After(now); next = w.Next(next, zone) {
		at = next
	}
	return at
}
