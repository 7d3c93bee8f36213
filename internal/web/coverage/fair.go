package coverage

import (
	"context"
	"time"

	"baraji/internal/calendar"
	"baraji/internal/kit/db"
	"baraji/internal/kit/hours"
	"baraji/internal/shift"
	"baraji/internal/team"
)

// fairWeeks is over how many weeks one sees how turns are shared out.
const fairWeeks = 4

// share is one line of a table of shares; Was is before a change that is being made.
type share struct {
	shift.Share
	Name string
	Was  *shift.Share
}

// shares is how turns are shared out over some weeks.
type shares struct {
	List  []share
	Most  shift.Share // of each, for the length of bars
	First hours.Date
}

// loadShares works out how books are shared out in the weeks from an instant on; was are the same books before a change.
func loadShares(ctx context.Context, tx *db.Tx, books, was []shift.Book, from time.Time, names map[team.ID]string) (s shares, err error) {
	firm, err := calendar.Get(ctx, tx, calendar.Firm)
	if err != nil {
		return s, err
	}
	zone := firm.Place()
	s.First = hours.DateOf(from, zone)
	until := hours.Instant(zone, s.First.Add(7*fairWeeks), 0)
	var free []hours.Date
	for _, d := range firm.Free(s.First, s.First.Add(7*fairWeeks)) {
		free = append(free, d.Date)
	}
	planned := func(list []shift.Book) []shift.Share {
		var turns []shift.Turn
		for _, b := range list {
			turns = append(turns, b.Plan(from, until)...)
		}
		return shift.Shares(turns, from, until, zone, free)
	}
	old, before := planned(was), map[team.ID]*shift.Share{}
	for i := range old {
		before[old[i].Person] = &old[i]
	}
	for _, one := range planned(books) {
		line := share{Share: one, Name: names[one.Person], Was: before[one.Person]}
		if was != nil && line.Was == nil {
			line.Was = &shift.Share{}
		}
		delete(before, one.Person)
		s.add(line)
	}
	for i := range old {
		if gone := before[old[i].Person]; gone != nil { // who does not stand any more
			s.add(share{Share: shift.Share{Person: gone.Person}, Name: names[gone.Person], Was: gone})
		}
	}
	return s, nil
}

func (s *shares) add(line share) {
	s.List = append(s.List, line)
	m := &s.Most
	m.Total, m.Night = max(m.Total, line.Total), max(m.Night, line.Night)
	m.Weekend, m.Holiday = max(m.Weekend, line.Weekend), max(m.Holiday, line.Holiday)
}

// length is how long a bar is, of 100.
func length(d, most time.Duration) string {
	if most == 0 {
		return "0"
	}
	return number(int(100 * d / most))
}

// column is one of the things that are shared out.
type column struct {
	word string
	of   func(shift.Share) time.Duration
}

var columns = []column{
	{"share_total", func(s shift.Share) time.Duration { return s.Total }},
	{"share_night", func(s shift.Share) time.Duration { return s.Night }},
	{"share_weekend", func(s shift.Share) time.Duration { return s.Weekend }},
	{"share_holiday", func(s shift.Share) time.Duration { return s.Holiday }},
}
