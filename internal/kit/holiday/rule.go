package holiday

import (
	"strconv"
	"strings"
	"time"

	"baraji/internal/kit/hours"
)

// rule is a yearly one: on the same day each year, or on the nth weekday of a month (RFC 5545 section 3.3.10).
type rule struct {
	interval int
	count    int        // 0: without end
	until    hours.Date // zero: without end
	month    time.Month
	nth      int // of weekday in month, from its end if negative; 0: the date of the start
	weekday  time.Weekday
}

// readRule reads the rule of an event that begins on a day. False: not yearly, or more than we follow.
func readRule(text string, start hours.Date) (r rule, ok bool) {
	r = rule{interval: 1, month: start.Month}
	yearly := false
	day := start.Day
	for part := range strings.SplitSeq(strings.ToUpper(text), ";") {
		name, value, _ := strings.Cut(part, "=")
		n, err := strconv.Atoi(value)
		switch name {
		case "FREQ":
			yearly, err = value == "YEARLY", nil
		case "INTERVAL":
			r.interval = n
		case "COUNT":
			r.count = n
			if n < 1 {
				return r, false
			}
		case "UNTIL":
			var found bool
			if r.until, found = compact(value); !found {
				return r, false
			}
			err = nil
		case "BYMONTH":
			r.month = time.Month(n)
		case "BYMONTHDAY":
			day = n
		case "BYDAY":
			var found bool
			if r.nth, r.weekday, found = nthDay(value); !found {
				return r, false
			}
			err = nil
		case "WKST", "":
			err = nil
		default:
			return r, false
		}
		if err != nil {
			return r, false
		}
	}
	same := r.month == start.Month && (r.nth != 0 || day == start.Day)
	return r, yearly && same && r.interval >= 1 && r.interval <= 100 && r.count <= 10_000
}

// nthDay reads 4TH or -1MO.
func nthDay(text string) (int, time.Weekday, bool) {
	i := strings.Index("SU MO TU WE TH FR SA", text[max(0, len(text)-2):])
	if len(text) < 3 || i < 0 || i%3 != 0 {
		return 0, 0, false
	}
	n, err := strconv.Atoi(text[:len(text)-2])
	return n, time.Weekday(i / 3), err == nil && n != 0 && n >= -5 && n <= 5
}

// days are the days of a rule until Last. Those before First count, but are not told.
func (r rule) days(start hours.Date) (list []hours.Date) {
	told := 0
	for year := start.Year; year <= Last; year += r.interval {
		date, exists := r.in(year, start)
		if !exists || date.Compare(start) < 0 {
			continue
		}
		told++
		if r.count > 0 && told > r.count || r.until != (hours.Date{}) && date.Compare(r.until) > 0 {
			break
		}
		if year >= First {
			list = append(list, date)
		}
	}
	return list
}

// in is the day of the rule in a year; there is none on 29 February of most years, or on a fifth Monday.
func (r rule) in(year int, start hours.Date) (hours.Date, bool) {
	if r.nth == 0 {
		return valid(hours.Date{Year: year, Month: start.Month, Day: start.Day})
	}
	first := hours.Date{Year: year, Month: r.month, Day: 1}
	if r.nth < 0 {
		first = hours.DateOf(time.Date(year, r.month+1, 0, 0, 0, 0, 0, time.UTC), time.UTC)
		back := (int(first.Weekday()) - int(r.weekday) + 7) % 7
		first = first.Add(-back + 7*(r.nth+1))
	} else {
		first = first.Add((int(r.weekday)-int(first.Weekday())+7)%7 + 7*(r.nth-1))
	}
	return first, first.Month == r.month
}
