package hours

import (
	"cmp"
	"fmt"
	"time"
)

// String writes a date as 2026-11-22.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// ParseDate reads what String writes.
func ParseDate(text string) (Date, error) {
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return Date{}, fmt.Errorf("%q is no date", text)
	}
	return DateOf(at, time.UTC), nil
}

// Add is the date so many days later.
func (d Date) Add(days int) Date { return DateOf(d.utc().AddDate(0, 0, days), time.UTC) }

// Days is how many days it is after another; negative before.
func (d Date) Days(after Date) int { return int(d.utc().Sub(after.utc()) / (24 * time.Hour)) }

// Weekday is its day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// Compare orders dates by time.
func (d Date) Compare(o Date) int {
	return cmp.Or(cmp.Compare(d.Year, o.Year), cmp.Compare(d.Month, o.Month), cmp.Compare(d.Day, o.Day))
}

// MarshalText and UnmarshalText make a date a word in JSON.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (d *Date) UnmarshalText(text []byte) (err error) {
	*d, err = ParseDate(string(text))
	return err
}

func (d Date) utc() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }
