package moment

import (
	"context"
	"slices"
	"strings"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
)

// When is a schedule (Every) or a time relative to a date (Date).
type When struct {
	Every string   `json:"every,omitempty"` // one of Everies
	Days  []string `json:"days,omitempty"`  // of week: some of Weekdays
	Day   int      `json:"day,omitempty"`   // of month: 1 to LastDay
	Zone  string   `json:"zone,omitempty"`  // the wall that counts; "" is the firm's
	Each  string   `json:"each,omitempty"`  // one of Things: what it is about; "" is nothing
	Once  bool     `json:"once,omitempty"`  // never twice for one thing

	Date   string `json:"date,omitempty"`  // the key of one of Dates, an own field's behind its point
	Count  int    `json:"count,omitempty"` // so many
	Unit   string `json:"unit,omitempty"`  // one of Units
	Before bool   `json:"before,omitempty"`
	Yearly bool   `json:"yearly,omitempty"` // of an own field: in every year from then on

	At int `json:"at,omitempty"` // minute of the day; of every hour that of the hour
}

// LastDay of a month is the last, whatever its number is.
const LastDay = 31

// What can be chosen.
var (
	Everies  = []string{"hour", "day", "week", "month"}
	Weekdays = []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
	Things   = []string{"", "conversation", "customer", "company"}
	Units    = []string{"minutes", "hours", "days", "weeks", "months"}
)

const longest = 10 * 366 // days

// About is what it is about: one of Things.
func (w When) About() string {
	if w.Date == "" {
		return w.Each
	}
	d, _ := DateOf(w.Date)
	return d.About()
}

// Check tidies it and finds what is wrong; at is what its place is called.
func (w *When) Check(ctx context.Context, tx *db.Tx, c *problem.Check, at string) error {
	if w.Date != "" {
		return w.checkDate(ctx, tx, c, at)
	}
	w.Count, w.Unit, w.Before, w.Yearly = 0, "", false, false
	c.That(slices.Contains(Everies, w.Every), at+".every", "Choose how often.")
	c.That(slices.Contains(Things, w.Each), at+".each", "“%s” is none of the choices.", w.Each)
	w.Once = w.Once && w.Each != ""
	w.checkDays(c, at)
	most := 24 * 60
	if w.Every == "hour" {
		most = 60
	}
	c.That(w.At >= 0 && w.At < most, at+".at", "Enter a time of day.")
	if w.Zone = strings.TrimSpace(w.Zone); w.Zone != "" {
		_, err := time.LoadLocation(w.Zone)
		c.That(err == nil && w.Zone != "Local", at+".zone", "“%s” is no time zone.", w.Zone)
	}
	return nil
}

func (w *When) checkDays(c *problem.Check, at string) {
	var days []string
	for _, d := range Weekdays {
		if w.Every == "week" && slices.Contains(w.Days, d) {
			days = append(days, d)
		}
	}
	for _, d := range w.Days {
		c.That(w.Every != "week" || slices.Contains(Weekdays, d), at+".days", "“%s” is none of the choices.", d)
	}
	w.Days = days
	c.That(w.Every != "week" || len(days) > 0, at+".days", "Choose at least one day.")
	if w.Every != "month" {
		w.Day = 0
		return
	}
	c.That(w.Day >= 1 && w.Day <= LastDay, at+".day", "Choose a day from 1 to 31.")
}

func (w *When) checkDate(ctx context.Context, tx *db.Tx, c *problem.Check, at string) error {
	w.Every, w.Days, w.Day, w.Zone, w.Each, w.Once = "", nil, 0, "", "", false
	d, own := DateOf(w.Date)
	c.That(d.Key != "", at+".date", "There is no date “%s”.", w.Date)
	if d.Key == "" {
		return nil
	}
	if own != "" {
		_, is, err := fieldOf(ctx, tx, d, own)
		if err != nil {
			return err
		}
		c.That(is, at+".date", "There is no own field “%s” that is a date.", own)
	}
	units := Units
	if own != "" {
		units = Units[2:]
	} else {
		w.At, w.Yearly = 0, false
	}
	c.That(slices.Contains(units, w.Unit), at+".unit", "Choose days, weeks or months.")
	c.That(w.Count >= 0 && w.Count <= longest && span(w.Count, w.Unit) <= longest*24*time.Hour, at+".count", "Enter a number; ten years is the most.")
	c.That(own != "" || !w.Before, at+".before", "Nobody knows this time before it has come. Choose after.")
	c.That(own != "" || w.Count > 0, at+".count", "Enter a number.")
	c.That(w.At >= 0 && w.At < 24*60, at+".at", "Enter a time of day.")
	return nil
}

// span is about so long.
func span(n int, unit string) time.Duration {
	per := map[string]time.Duration{"minutes": time.Minute, "hours": time.Hour, "days": 24 * time.Hour, "weeks": 7 * 24 * time.Hour, "months": 30 * 24 * time.Hour}
	if n > 10*366*24*60 {
		n = 10 * 366 * 24 * 60
	}
	return time.Duration(n) * per[unit]
}
