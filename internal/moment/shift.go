package moment

import (
	"time"

	"baraji/internal/kit/hours"
)

// sign is -1 before, 1 after.
func (w When) sign() int {
	if w.Before {
		return -1
	}
	return 1
}

// moved is the day on which it happens, of a date.
func (w When) moved(d hours.Date) hours.Date {
	n := w.sign() * w.Count
	switch w.Unit {
	case "weeks":
		return d.Add(7 * n)
	case "months":
		return months(d, n)
	}
	return d.Add(n)
}

// meant are the dates for which it happens on a day: several where months are of different length.
func (w When) meant(on hours.Date) (list []hours.Date) {
	back := w
	back.Before = !w.Before
	about := back.moved(on)
	if w.Unit != "months" {
		return []hours.Date{about}
	}
	for n := -3; n <= 3; n++ {
		if d := about.Add(n); w.moved(d) == on {
			list = append(list, d)
		}
	}
	return list
}

// months is the same day so many months later, or the last that there is.
func months(d hours.Date, n int) hours.Date {
	first := time.Date(d.Year, d.Month, 1, 0, 0, 0, 0, time.UTC).AddDate(0, n, 0)
	last := first.AddDate(0, 1, -1).Day()
	return hours.Date{Year: first.Year(), Month: first.Month(), Day: min(d.Day, last)}
}

// later is when it happens, of an instant.
func (w When) later(at time.Time, zone *time.Location) time.Time {
	if w.Unit != "months" {
		return at.Add(time.Duration(w.sign()) * span(w.Count, w.Unit))
	}
	at = at.In(zone)
	day := months(hours.DateOf(at, zone), w.sign()*w.Count)
	return hours.Instant(zone, day, at.Hour()*60+at.Minute()).Add(time.Duration(at.Second()) * time.Second).UTC()
}

// slack is by how much months are of different length.
const slack = 4 * 24 * time.Hour

// window are the instants for which it can happen after from and until to.
func (w When) window(from, to time.Time) (time.Time, time.Time) {
	if w.Unit != "months" {
		d := time.Duration(w.sign()) * span(w.Count, w.Unit)
		return from.Add(-d), to.Add(-d)
	}
	n := -w.sign() * w.Count
	return from.AddDate(0, n, 0).Add(-slack), to.AddDate(0, n, 0).Add(slack)
}
