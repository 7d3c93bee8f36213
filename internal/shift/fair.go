package shift

import (
	"cmp"
	"slices"
	"time"

	"baraji/internal/kit/hours"
	"baraji/internal/team"
)

// Share is how much somebody stands, and how much of it when others sleep or are free.
type Share struct {
	Person  team.ID
	Turns   int
	Total   time.Duration
	Night   time.Duration // from ten to six, as Korean labour law has it (Labor Standards Act, article 56)
	Weekend time.Duration // Saturday and Sunday
	Holiday time.Duration // public holidays, and those of the firm
}

// Shares is how turns are shared out from an instant until another, by person. The hours are those of a zone; free are its
// holidays.
func Shares(turns []Turn, from, until time.Time, zone *time.Location, free []hours.Date) []Share {
	night, weekend, holiday := hours.Calendar{Zone: zone}, hours.Calendar{Zone: zone}, hours.Calendar{Zone: zone, Days: map[hours.Date][]hours.Block{}}
	const day = 24 * 60
	for d := range night.Week {
		night.Week[d] = []hours.Block{{From: 0, To: 6 * 60}, {From: 22 * 60, To: day}}
	}
	weekend.Week[time.Saturday], weekend.Week[time.Sunday] = []hours.Block{{From: 0, To: day}}, []hours.Block{{From: 0, To: day}}
	for _, d := range free {
		holiday.Days[d] = []hours.Block{{From: 0, To: day}}
	}
	of := map[team.ID]*Share{}
	for _, t := range turns {
		a, b := later(t.From, from), sooner(t.Until, until)
		if !a.Before(b) {
			continue
		}
		s := of[t.Person]
		if s == nil {
			s = &Share{Person: t.Person}
			of[t.Person] = s
		}
		s.Turns++
		s.Total += b.Sub(a)
		s.Night += night.Between(a, b)
		s.Weekend += weekend.Between(a, b)
		s.Holiday += holiday.Between(a, b)
	}
	out := make([]Share, 0, len(of))
	for _, s := range of {
		out = append(out, *s)
	}
	slices.SortFunc(out, func(a, b Share) int { return cmp.Or(cmp.Compare(b.Total, a.Total), cmp.Compare(a.Person, b.Person)) })
	return out
}
