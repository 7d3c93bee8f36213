package oncall

import (
	"context"
	"slices"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/hours"
	"baraji/internal/team"
)

// Weeks is how many weeks Nights looks back on.
const Weeks = 8

// Sleeper is how often somebody was woken: nights in which a page came between 22:00 and 7:00 of his time zone, by week. The last
// week is this one.
type Sleeper struct {
	Person team.ID
	Name   string
	Nights [Weeks]int
	Sum    int
}

// Nights is who was woken how often, the most often first. Tests do not count.
func Nights(ctx context.Context, tx *db.Tx) ([]Sleeper, error) {
	firm, err := team.GetFirm(ctx, tx)
	if err != nil {
		return nil, err
	}
	people, err := team.People(ctx, tx, team.Filter{State: team.All})
	if err != nil {
		return nil, err
	}
	by := map[team.ID]*Sleeper{}
	zones := map[team.ID]*time.Location{}
	for _, p := range people {
		by[p.ID], zones[p.ID] = &Sleeper{Person: p.ID, Name: p.Name}, zoneOf(p.Zone, firm.Zone)
	}
	seen := map[team.ID]map[hours.Date]bool{}
	err = db.Each(ctx, tx, func(r db.Row) error {
		var who team.ID
		var at time.Time
		if err := r.Scan(&who, db.Time(&at)); err != nil {
			return err
		}
		s := by[who]
		if s == nil {
			return nil
		}
		night, woken := NightOf(at, zones[who])
		if !woken || seen[who][night] {
			return nil
		}
		if seen[who] == nil {
			seen[who] = map[hours.Date]bool{}
		}
		seen[who][night] = true
		if w := Weeks - 1 - weeksAgo(night, hours.DateOf(tx.Now(), zones[who])); w >= 0 && w < Weeks {
			s.Nights[w]++
			s.Sum++
		}
		return nil
	}, `SELECT person_id, at FROM oncall_told WHERE person_id <> 0 AND urgent AND at >= $1`, tx.Now().AddDate(0, 0, -7*Weeks-7))
	if err != nil {
		return nil, err
	}
	var out []Sleeper
	for _, s := range by {
		if s.Sum > 0 {
			out = append(out, *s)
		}
	}
	slices.SortFunc(out, func(a, b Sleeper) int {
		if a.Sum != b.Sum {
			return b.Sum - a.Sum
		}
		return int(a.Person - b.Person)
	})
	return out, nil
}

// NightOf is the night that a moment is in, by the day on whose evening it began, and whether it is night at all.
func NightOf(at time.Time, zone *time.Location) (hours.Date, bool) {
	switch h := at.In(zone).Hour(); {
	case h >= 22:
		return hours.DateOf(at, zone), true
	case h < 7:
		return hours.DateOf(at, zone).Add(-1), true
	}
	return hours.Date{}, false
}

// weeksAgo counts weeks, which begin on Monday.
func weeksAgo(day, today hours.Date) int {
	return int(monday(today).Sub(monday(day)) / (7 * 24 * time.Hour))
}

func monday(d hours.Date) time.Time {
	t := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
	return t.AddDate(0, 0, -(int(t.Weekday())+6)%7)
}

func zoneOf(names ...string) *time.Location {
	for _, n := range names {
		if z, err := time.LoadLocation(n); n != "" && err == nil {
			return z
		}
	}
	return time.UTC
}
