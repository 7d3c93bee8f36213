package hours

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Block is a part of a day in minutes since midnight, on the wall clock: From is in it, To is not. 24:00 is 1440. A night
// shift is two blocks, one on each day.
type Block struct{ From, To int }

// Date is a day on the wall.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf is the date that the wall of a zone shows at an instant.
func DateOf(at time.Time, zone *time.Location) Date {
	y, m, d := at.In(zone).Date()
	return Date{y, m, d}
}

// Calendar says when there is work. The zero value is never open; a nil zone is UTC.
type Calendar struct {
	Zone *time.Location
	Week [7][]Block       // by time.Weekday: Sunday is 0
	Days map[Date][]Block // instead of the week's; none means closed
}

// Always is the calendar of those who never close.
func Always() Calendar {
	c := Calendar{Zone: time.UTC}
	for i := range c.Week {
		c.Week[i] = []Block{{0, 24 * 60}}
	}
	return c
}

// Check finds blocks that are no part of a day, and blocks that overlap.
func (c Calendar) Check() error {
	for day, blocks := range c.Week {
		if err := check(blocks); err != nil {
			return fmt.Errorf("%s: %w", time.Weekday(day), err)
		}
	}
	for date, blocks := range c.Days {
		if err := check(blocks); err != nil {
			return fmt.Errorf("%s: %w", date, err)
		}
	}
	return nil
}

func check(blocks []Block) error {
	last := 0
	for _, b := range sorted(blocks) {
		if b.From < 0 || b.To > 24*60 || b.From >= b.To {
			return fmt.Errorf("%s is no part of a day", b)
		}
		if b.From < last {
			return fmt.Errorf("%s overlaps another block", b)
		}
		last = b.To
	}
	return nil
}

// on gives the blocks of a date as they count: in order, cut to the day, without overlaps, whatever was stored.
func (c Calendar) on(date Date, weekday time.Weekday) []Block {
	blocks, special := c.Days[date]
	if !special {
		blocks = c.Week[weekday]
	}
	if len(blocks) == 1 && blocks[0].From >= 0 && blocks[0].To <= 24*60 {
		return blocks
	}
	var out []Block
	last := 0
	for _, b := range sorted(blocks) {
		b.From, b.To = max(b.From, last), min(b.To, 24*60)
		if b.From < b.To {
			out = append(out, b)
			last = b.To
		}
	}
	return out
}

func sorted(blocks []Block) []Block {
	return slices.SortedFunc(slices.Values(blocks), func(a, b Block) int { return cmp.Compare(a.From, b.From) })
}

func (c Calendar) zone() *time.Location {
	if c.Zone == nil {
		return time.UTC
	}
	return c.Zone
}

// On is the blocks of a date, in order.
func (c Calendar) On(date Date) []Block { return c.on(date, date.Weekday()) }
