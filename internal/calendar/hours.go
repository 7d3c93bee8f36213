package calendar

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/holiday"
	"baraji/internal/kit/hours"
	"baraji/internal/team"
)

// koreans are the public holidays of Korea, all years.
var koreans = sync.OnceValue(func() (list []holiday.Day) {
	for year := holiday.First; year <= holiday.Last; year++ {
		list = append(list, holiday.Korea(year)...)
	}
	return list
})

// Hours is what a calendar comes to, for counting.
func Hours(ctx context.Context, tx *db.Tx, id ID) (hours.Calendar, error) {
	c, err := Get(ctx, tx, id)
	if err != nil {
		return hours.Calendar{}, err
	}
	list, err := exceptions(ctx, tx, id, hours.Date{})
	return c.hours(list), err
}

// For is the calendar of a customer's tier, else that of a team, else the firm's.
func For(ctx context.Context, tx *db.Tx, of team.TeamID, tier string) (ID, error) {
	list, err := db.All(ctx, tx, func(r db.Row) (id ID, err error) {
		var order int
		return id, r.Scan(&id, &order)
	}, `SELECT calendar_id, 1 AS place FROM calendar_tier WHERE tier_key = $1
		UNION ALL SELECT calendar_id, 2 AS place FROM calendar_team WHERE team_id = $2 ORDER BY place`, key(tier), of)
	if err != nil || len(list) == 0 {
		return Firm, err
	}
	return list[0], nil
}

// Pick is For among calendars that were read already.
func Pick(list []Calendar, of team.TeamID, tier string) ID {
	out := Firm
	for _, c := range list {
		if tier != "" && slices.ContainsFunc(c.Tiers, func(t string) bool { return key(t) == key(tier) }) {
			return c.ID
		}
		if of != 0 && slices.Contains(c.Teams, of) {
			out = c.ID
		}
	}
	return out
}

// hours puts a calendar and its exceptions, in their order, together.
func (c Calendar) hours(list []Exception) hours.Calendar {
	h := hours.Calendar{Zone: c.zone, Days: map[hours.Date][]hours.Block{}}
	for day := range h.Week {
		h.Week[day] = c.Week.Blocks(time.Weekday(day))
	}
	for _, d := range c.free() {
		h.Days[d.Date] = nil
	}
	for _, e := range list {
		for day := e.First; day.Compare(e.Last) <= 0; day = day.Add(1) {
			h.Days[day] = e.over(h.On(day))
		}
	}
	return h
}

// free are the public holidays of a calendar and those of its file.
func (c Calendar) free() []holiday.Day {
	if !c.Korean() {
		return c.Holidays
	}
	return slices.Concat(koreans(), c.Holidays)
}

// Free are the holidays from a day until another, which is not in it, in order.
func (c Calendar) Free(from, until hours.Date) (list []holiday.Day) {
	for _, d := range c.free() {
		if d.Date.Compare(from) >= 0 && d.Date.Compare(until) < 0 {
			list = append(list, d)
		}
	}
	slices.SortStableFunc(list, func(a, b holiday.Day) int { return a.Date.Compare(b.Date) })
	return list
}

// over is what holds on a day of an exception instead of what held before.
func (e Exception) over(before []hours.Block) []hours.Block {
	blocks, _ := hours.ParseBlocks(e.Hours) // was checked when it was set
	switch e.Kind {
	case Closed:
		return nil
	case Other:
		return blocks
	}
	return joined(append(slices.Clone(before), blocks...))
}

// joined puts blocks in order, and together where they meet.
func joined(blocks []hours.Block) (out []hours.Block) {
	slices.SortFunc(blocks, func(a, b hours.Block) int { return a.From - b.From })
	for _, b := range blocks {
		if last := len(out) - 1; last >= 0 && b.From <= out[last].To {
			out[last].To = max(out[last].To, b.To)
			continue
		}
		out = append(out, b)
	}
	return out
}

// State is what holds at an instant.
type State struct {
	Open  bool
	Until time.Time // when that changes; zero: not within ten years
}

// Now says whether somebody is there, and until when.
func Now(h hours.Calendar, at time.Time) (s State) {
	if s.Open = h.Open(at); s.Open {
		s.Until, _ = h.Closes(at)
		return s
	}
	s.Until, _ = h.Next(at)
	return s
}

func key(tier string) string { return strings.ToLower(strings.Join(strings.Fields(tier), " ")) }
