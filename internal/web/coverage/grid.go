package coverage

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"baraji/internal/kit/hours"
	"baraji/internal/kit/i18n"
	"baraji/internal/shift"
	"baraji/internal/team"
)

// A grid shows days as rows of 24 hours, in quarters of an hour of the wall where its reader is.
const quarters = 96

// row is a day of a grid.
type row struct {
	Date  hours.Date
	Start time.Time
	Today bool
	Free  string // a holiday's name
	Now   int    // the quarter of this moment; -1: another day
	Open  []bar  // the firm's working hours, as a ground
	Bars  []bar
}

// bar is something that lasts, on one day.
type bar struct {
	At, Len int // quarters
	Lane    int // from 1
	Kind    string
	Color   int
	Text    string
	Spoken  string
	Tail    bool // goes on from the day before
	Head    bool // goes on to the next day
	Clash   bool
	Turns   []shift.Turn
}

// what a bar can be.
const (
	isHouse   = "us"
	isPartner = "out"
	isCall    = "call"
	isGap     = "gap"   // nobody is at the desk
	isEmpty   = "empty" // nobody stands where the rota has somebody
)

// week is the Monday of the week that a date is in.
func monday(d hours.Date) hours.Date { return d.Add(-(int(d.Weekday()) + 6) % 7) }

// rows makes empty days.
func rows(first hours.Date, n int, zone *time.Location, now time.Time) (out []row) {
	for i := range n {
		d := first.Add(i)
		r := row{Date: d, Start: hours.Instant(zone, d, 0), Now: -1}
		if hours.DateOf(now, zone) == d {
			r.Today, r.Now = true, quarter(now.In(zone))
		}
		out = append(out, r)
	}
	return out
}

func quarter(local time.Time) int { return (local.Hour()*60 + local.Minute()) / 15 }

// piece is the part of a stretch that lies on a day, in quarters; nothing where none does.
func (r row) piece(s shift.Stretch, zone *time.Location) (b bar, ok bool) {
	end := hours.Instant(zone, r.Date.Add(1), 0)
	if !s.From.Before(end) || !s.Until.After(r.Start) {
		return b, false
	}
	b.At, b.Tail, b.Head = 0, s.From.Before(r.Start), s.Until.After(end)
	until := quarters
	if !b.Tail {
		b.At = quarter(s.From.In(zone))
	}
	if s.Until.Before(end) {
		local := s.Until.In(zone)
		until = (local.Hour()*60 + local.Minute() + 14) / 15
	}
	b.Len = max(until-b.At, 1)
	b.At = min(b.At, quarters-1)
	b.Len = min(b.Len, quarters-b.At)
	return b, true
}

// ground puts the firm's hours behind the days.
func ground(days []row, open []shift.Stretch, zone *time.Location) {
	for i := range days {
		for _, s := range open {
			if b, ok := days[i].piece(s, zone); ok {
				days[i].Open = append(days[i].Open, b)
			}
		}
	}
}

// shown is what stands on a grid for a while.
type shown struct {
	shift.Stretch
	bar
	order int // of the rota
}

// lay puts what is shown on the days, beside each other where it is at the same time.
func lay(days []row, list []shown, zone *time.Location) {
	slices.SortStableFunc(list, func(a, b shown) int {
		return cmp.Or(cmp.Compare(level(a.Kind), level(b.Kind)), cmp.Compare(a.order, b.order), a.From.Compare(b.From))
	})
	for i := range days {
		day := &days[i]
		var lanes [][]bar
		lowest, last := 0, 0
		for _, s := range list {
			p, ok := day.piece(s.Stretch, zone)
			if !ok {
				continue
			}
			if l := level(s.Kind); l != last { // who is on call stands below who is at the desk
				lowest, last = len(lanes), l
			}
			b := s.bar
			b.At, b.Len, b.Tail, b.Head = p.At, p.Len, p.Tail, p.Head
			lane := lowest
			for lane < len(lanes) && slices.ContainsFunc(lanes[lane], func(o bar) bool { return b.At < o.At+o.Len && o.At < b.At+b.Len }) {
				lane++
			}
			if lane == len(lanes) {
				lanes = append(lanes, nil)
			}
			lanes[lane] = append(lanes[lane], b)
			b.Lane = min(lane+1, 12)
			day.Bars = append(day.Bars, b)
		}
		slices.SortStableFunc(day.Bars, func(a, b bar) int { return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Lane, b.Lane)) })
	}
}

func level(kind string) int {
	if kind == isCall {
		return 1
	}
	return 0
}

// kindOf is how the turns of a rota look.
func kindOf(m shift.Mode) string {
	return map[shift.Mode]string{shift.InHouse: isHouse, shift.Partner: isPartner, shift.OnCall: isCall}[m]
}

// together makes one bar of those who stand in a rota from the same instant until the same.
func together(ctx context.Context, rota shift.Rota, turns []shift.Turn, names map[team.ID]string, clashes map[string]bool) (out []shown) {
	at := map[[2]int64]int{}
	for _, turn := range turns {
		key := [2]int64{turn.From.Unix(), turn.Until.Unix()}
		k, there := at[key]
		if !there {
			k = len(out)
			at[key] = k
			out = append(out, shown{Stretch: shift.Stretch{From: turn.From, Until: turn.Until}, bar: bar{Kind: kindOf(rota.Mode), Color: rota.Color}})
		}
		out[k].Turns = append(out[k].Turns, turn)
		out[k].Clash = out[k].Clash || clashes[turn.Key]
	}
	for i := range out {
		var who []string
		for _, turn := range out[i].Turns {
			who = append(who, names[turn.Person])
		}
		out[i].Text = strings.Join(who, " · ")
		out[i].Spoken = t(ctx, "bar_spoken", "from", i18n.Moment(ctx, out[i].From), "until", untilWord(ctx, out[i].Stretch), "rota", rota.Name, "who", strings.Join(who, ", "))
	}
	return out
}

// untilWord is when something ends: the time, with the day where that is another.
func untilWord(ctx context.Context, s shift.Stretch) string {
	zone := i18n.Of(ctx).Zone
	if hours.DateOf(s.From, zone) == hours.DateOf(s.Until.Add(-1), zone) {
		return clockEnd(ctx, s.Until)
	}
	return i18n.Moment(ctx, s.Until)
}

// clockEnd is the time at which something ends: midnight is 24:00.
func clockEnd(ctx context.Context, at time.Time) string {
	if text := i18n.Clock(ctx, at); text != "00:00" {
		return text
	}
	return "24:00"
}

// spanWord is from when until when: 11월 23일(월) 09:00–18:00.
func spanWord(ctx context.Context, s shift.Stretch) string {
	return i18n.Moment(ctx, s.From) + "–" + untilWord(ctx, s)
}

func number(n int) string { return strconv.Itoa(n) }

// hoursWord is a length in hours, as a table shows it.
func hoursWord(ctx context.Context, d time.Duration) string {
	if d == 0 {
		return "–"
	}
	return t(ctx, "n_hours", "n", i18n.Decimal(ctx, d.Hours(), tenths(d)))
}

func tenths(d time.Duration) int {
	if d%time.Hour == 0 {
		return 0
	}
	return 1
}
