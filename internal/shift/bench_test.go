package shift

import (
	"math/rand/v2"
	"testing"
	"time"

	"baraji/internal/kit/hours"
	"baraji/internal/team"
)

// BenchmarkYear plans a year of a firm with 40 people: five rotas of eight, by day, by night and on call, with 400 overrides
// and swaps and 200 leaves, and finds its gaps, its overlaps and how it is shared out.
func BenchmarkYear(b *testing.B) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		b.Fatal(err)
	}
	books := year(zone)
	from, until := hours.Instant(zone, hours.Date{Year: 2026, Month: 1, Day: 1}, 0), hours.Instant(zone, hours.Date{Year: 2027, Month: 1, Day: 1}, 0)
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		var all []Turn
		for _, book := range books {
			turns := book.Plan(from, until)
			Gaps(book.Needs(from, until), turns)
			all = append(all, turns...)
		}
		Overlaps(all)
		Shares(all, from, until, zone, nil)
		n = len(all)
	}
	b.ReportMetric(float64(n), "turns")
}

// BenchmarkNow asks who is on duty in all of these rotas.
func BenchmarkNow(b *testing.B) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		b.Fatal(err)
	}
	books, at := year(zone), time.Date(2026, 11, 23, 3, 0, 0, 0, zone)
	for i := range books { // as Load reads them
		books[i].Overrides, books[i].Leaves = books[i].Overrides[:1], books[i].Leaves[:10]
	}
	for b.Loop() {
		for _, book := range books {
			book.At(at)
		}
	}
}

func year(zone *time.Location) (books []Book) {
	r := rand.New(rand.NewPCG(1, 2))
	week := []time.Weekday{0, 1, 2, 3, 4, 5, 6}
	moment := func() time.Time { return time.Date(2026, 1, 1+r.IntN(365), r.IntN(24), 0, 0, 0, zone) }
	var leaves []Leave
	for i := range 200 {
		l := Leave{ID: LeaveID(i + 1), Person: team.ID(1 + r.IntN(40)), From: moment(), Deputy: team.ID(r.IntN(41))}
		l.Until = l.From.AddDate(0, 0, 1+r.IntN(10))
		leaves = append(leaves, l)
	}
	for n := range 5 {
		first := hours.Date{Year: 2025, Month: 12, Day: 1}
		crew := func(i int) []team.ID { return []team.ID{team.ID(n*8 + i%8 + 1)} }
		slots := [][]team.ID{crew(0), crew(1), crew(2), crew(3), crew(4), crew(5), crew(6), crew(7)}
		b := Book{Rota: Rota{ID: RotaID(n + 1), zone: zone, Layers: []Layer{
			{ID: 1, Slots: slots, First: first, Hand: 9 * 60, Every: 1, Unit: Days, Hours: []Span{{week, 9 * 60, 18 * 60}}},
			{ID: 2, Slots: slots, First: first, Hand: 21 * 60, Every: 1, Unit: Days, Hours: []Span{{week, 21 * 60, 9 * 60}}},
			{ID: 3, Slots: slots, First: first, Hand: 9 * 60, Every: 1, Unit: Weeks},
		}}, Leaves: leaves}
		for i := range 80 {
			o := Override{ID: OverrideID(n*80 + i + 1), Rota: b.Rota.ID, From: moment(), Instead: crew(r.IntN(8))[0], Person: crew(r.IntN(8))[0]}
			o.Until = o.From.Add(time.Duration(1+r.IntN(48)) * time.Hour)
			b.Overrides = append(b.Overrides, o)
		}
		books = append(books, b)
	}
	return books
}
