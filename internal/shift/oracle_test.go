package shift

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"baraji/internal/kit/hours"
	"baraji/internal/team"
)

// zones are those of T17, each with a day near which its clocks did something.
var zones = []struct{ name, near string }{
	{"America/New_York", "2026-03-08"}, {"America/New_York", "2026-11-01"}, {"Europe/Berlin", "2026-03-29"}, {"Europe/Berlin", "2026-10-25"},
	{"Australia/Lord_Howe", "2026-04-05"}, {"Australia/Lord_Howe", "2026-10-04"}, {"America/Santiago", "2026-04-05"}, {"America/Santiago", "2026-09-06"},
	{"Africa/Casablanca", "2026-02-15"}, {"Africa/Casablanca", "2026-03-22"}, {"Pacific/Apia", "2011-12-30"}, {"Asia/Kathmandu", "2026-02-28"},
	{"Asia/Seoul", "1987-05-10"}, {"Asia/Seoul", "1987-10-11"}, {"Asia/Seoul", "2028-02-29"},
}

// oracle is the same as Plan from what the words mean, minute by minute, and without any of its code: it walks with the clock
// on the wall, counts hand-overs as they pass, and asks of each minute who stands.
type oracle struct {
	b      Book
	zone   *time.Location
	passed time.Time // what the wall has shown at most, as if it were UTC
	turn   []int     // of each layer
	next   []time.Time
}

func newOracle(b Book, zone *time.Location) *oracle {
	o := &oracle{b: b, zone: zone, turn: make([]int, len(b.Rota.Layers)), next: make([]time.Time, len(b.Rota.Layers))}
	for i, l := range b.Rota.Layers {
		o.turn[i] = -1
		o.next[i] = time.Date(l.First.Year, l.First.Month, l.First.Day, l.Hand/60, l.Hand%60, 0, 0, time.UTC)
	}
	return o
}

func (o *oracle) at(t time.Time) map[team.ID]bool {
	local := t.In(o.zone)
	shown := time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), 0, 0, time.UTC)
	if shown.After(o.passed) {
		o.passed = shown
	}
	best, here := -1, map[team.ID]bool{}
	var chosen []int
	for i, l := range o.b.Rota.Layers {
		for !o.passed.Before(o.next[i]) {
			o.turn[i]++
			switch l.Unit {
			case Hours:
				o.next[i] = o.next[i].Add(time.Duration(l.Every) * time.Hour)
			case Days:
				o.next[i] = o.next[i].AddDate(0, 0, l.Every)
			case Weeks:
				o.next[i] = o.next[i].AddDate(0, 0, 7*l.Every)
			}
		}
		over := time.Date(l.Last.Year, l.Last.Month, l.Last.Day+1, l.Hand/60, l.Hand%60, 0, 0, time.UTC)
		if o.turn[i] < 0 || l.Last != (hours.Date{}) && !o.passed.Before(over) || !open(l, local) {
			continue
		}
		switch {
		case l.Level > best:
			best, chosen = l.Level, []int{i}
		case l.Level == best:
			chosen = append(chosen, i)
		}
	}
	for _, i := range chosen {
		slots := o.b.Rota.Layers[i].Slots
		for _, p := range slots[o.turn[i]%len(slots)] {
			here[p] = true
		}
	}
	for id := range int64(100) { // as they were made
		for _, s := range o.b.Singles {
			if int64(s.ID) == id {
				o.single(s, here)
			}
		}
		for _, v := range o.b.Overrides {
			if int64(v.ID) != id || t.Before(v.From) || !t.Before(v.Until) || v.Instead != 0 && !here[v.Instead] {
				continue
			}
			if v.Instead == 0 {
				clear(here)
			}
			delete(here, v.Instead)
			if v.Person != 0 {
				here[v.Person] = true
			}
		}
	}
	out := map[team.ID]bool{}
	for p := range here {
		for hops := 0; p != 0 && hops < 20; hops++ {
			away, deputy := false, team.ID(0)
			for _, l := range o.b.Leaves {
				if l.Person == p && !t.Before(l.From) && t.Before(l.Until) {
					if !away || deputy == 0 {
						deputy = l.Deputy
					}
					away = true
				}
			}
			if !away {
				out[p] = true
				break
			}
			p = deputy
		}
	}
	return out
}

func (o *oracle) single(s Single, here map[team.ID]bool) {
	for week := 0; ; week++ {
		day := time.Date(s.Day.Year, s.Day.Month, s.Day.Day+7*week, 0, 0, 0, 0, time.UTC)
		begin := day.Add(time.Duration(s.From) * time.Minute)
		last := time.Date(s.Last.Year, s.Last.Month, s.Last.Day, 0, 0, 0, 0, time.UTC)
		if begin.After(o.passed) || week > 0 && !s.Weekly || s.Weekly && s.Last != (hours.Date{}) && day.After(last) {
			return
		}
		if o.passed.Before(begin.Add(time.Duration(s.Length) * time.Minute)) {
			for _, p := range s.People {
				here[p] = true
			}
		}
	}
}

func open(l Layer, local time.Time) bool {
	minute := local.Hour()*60 + local.Minute()
	for _, s := range l.Hours {
		for _, d := range s.Days {
			today, yesterday := local.Weekday() == d, local.Weekday() == (d+1)%7
			if s.From < s.To && today && minute >= s.From && minute < s.To ||
				s.From >= s.To && (today && minute >= s.From || yesterday && minute < s.To) {
				return true
			}
		}
	}
	return len(l.Hours) == 0
}

// random makes a book about a day, with people 1 to 6.
func random(r *rand.Rand, zone *time.Location, near hours.Date) Book {
	someone := func() team.ID { return team.ID(1 + r.IntN(6)) }
	minutes := func(most int) int { return r.IntN(most/15) * 15 }
	moment := func() time.Time {
		return hours.Instant(zone, near.Add(r.IntN(12)-6), minutes(1440)).Add(time.Duration(r.IntN(3)) * time.Minute)
	}
	b := Book{Rota: Rota{ID: 7, zone: zone}}
	for n := range 1 + r.IntN(3) {
		l := Layer{ID: n + 1, First: near.Add(-r.IntN(15)), Hand: minutes(1440), Every: 1 + r.IntN(3), Unit: Units[r.IntN(3)], Level: r.IntN(2)}
		if l.Unit == Hours {
			l.Every = 1 + r.IntN(13)
		}
		if r.IntN(4) == 0 {
			l.Last = near.Add(r.IntN(6) - 2)
		}
		for range 1 + r.IntN(4) {
			slot := []team.ID{someone()}
			if r.IntN(3) == 0 {
				slot = append(slot, someone())
			}
			l.Slots = append(l.Slots, slot)
		}
		for range r.IntN(3) {
			s := Span{From: minutes(1440), To: minutes(1455)}
			for d := time.Sunday; d <= time.Saturday; d++ {
				if r.IntN(3) > 0 {
					s.Days = append(s.Days, d)
				}
			}
			l.Hours = append(l.Hours, s)
		}
		b.Rota.Layers = append(b.Rota.Layers, l)
	}
	for n := range r.IntN(3) {
		s := Single{ID: SingleID(10*n + 15), Rota: 7, People: []team.ID{someone()}, Day: near.Add(r.IntN(20) - 15), From: minutes(1440), Length: 15 + minutes(3*1440), Weekly: r.IntN(2) == 0}
		if r.IntN(3) == 0 {
			s.Last = s.Day.Add(r.IntN(14))
		}
		b.Singles = append(b.Singles, s)
	}
	for n := range r.IntN(4) {
		o := Override{ID: OverrideID(10*n + 11), Rota: 7, From: moment(), Person: someone(), Instead: team.ID(r.IntN(7))}
		if o.Person == o.Instead || r.IntN(5) == 0 {
			o.Person = 0
		}
		o.Until = o.From.Add(time.Duration(1+r.IntN(2000)) * time.Minute)
		b.Overrides = append(b.Overrides, o)
	}
	for n := range r.IntN(4) {
		l := Leave{ID: LeaveID(n + 1), Person: someone(), From: moment(), Kind: Holiday, Deputy: team.ID(r.IntN(7))}
		if l.Deputy == l.Person {
			l.Deputy = 0
		}
		l.Until = l.From.Add(time.Duration(1+r.IntN(5000)) * time.Minute)
		b.Leaves = append(b.Leaves, l)
	}
	return b
}

// TestPlanIsWhatTheWordsMean holds Plan against the oracle: who stands in each minute of 11 days about a change of clocks.
func TestPlanIsWhatTheWordsMean(t *testing.T) {
	seeds := 6
	if testing.Short() {
		seeds = 2
	}
	for _, z := range zones {
		t.Run(z.name+" "+z.near, func(t *testing.T) {
			zone, err := time.LoadLocation(z.name)
			if err != nil {
				t.Fatal(err)
			}
			near, err := hours.ParseDate(z.near)
			if err != nil {
				t.Fatal(err)
			}
			for seed := range seeds {
				held(t, random(rand.New(rand.NewPCG(uint64(seed), 17)), zone, near), zone, near, seed, 5)
				if t.Failed() {
					return
				}
			}
		})
	}
}

// held looks at so many days before a day, and as many after it.
func held(t *testing.T, b Book, zone *time.Location, near hours.Date, seed, days int) {
	from, until := hours.Instant(zone, near.Add(-days), 0), hours.Instant(zone, near.Add(days+1), 0)
	turns := b.Plan(from, until)
	for i, turn := range turns {
		if !turn.From.Before(turn.Until) || i > 0 && turn.From.Before(turns[i-1].From) {
			t.Fatalf("seed %d: turn %d is out of order: %+v", seed, i, turn)
		}
	}
	keys := map[string]bool{}
	for _, turn := range turns {
		if keys[turn.Key] {
			t.Fatalf("seed %d: two turns are called %s", seed, turn.Key)
		}
		keys[turn.Key] = true
	}
	o := newOracle(b, zone)
	for at := from.Add(-24 * time.Hour); at.Before(until); at = at.Add(time.Minute) {
		want := o.at(at)
		if at.Before(from) {
			continue
		}
		got := map[team.ID]int{}
		for _, turn := range turns {
			if !at.Before(turn.From) && at.Before(turn.Until) {
				got[turn.Person]++
			}
		}
		if text, wanted := fmt.Sprint(got), fmt.Sprint(counted(want)); text != wanted {
			t.Fatalf("seed %d at %s: plan %s, oracle %s\n%+v", seed, at.In(zone), text, wanted, b)
		}
		if at.Minute()%20 == 0 {
			list := b.At(at)
			slices.Sort(list)
			for _, p := range list {
				if !want[p] {
					t.Fatalf("seed %d: At(%s) has %v", seed, at, list)
				}
			}
			if len(list) != len(want) {
				t.Fatalf("seed %d: At(%s): %v, want %v", seed, at, list, want)
			}
		}
	}
	inner := b.Plan(near2(zone, near, -1), near2(zone, near, 1)) // a part of the time has the same turns, whole
	for _, turn := range inner {
		if !slices.ContainsFunc(turns, func(o Turn) bool {
			return o.Person == turn.Person && o.From.Equal(turn.From) && o.Until.Equal(turn.Until) && o.Why == turn.Why && o.Key == turn.Key
		}) {
			t.Fatalf("seed %d: a shorter plan has another turn: %+v", seed, turn)
		}
	}
}

func near2(zone *time.Location, near hours.Date, days int) time.Time {
	return hours.Instant(zone, near.Add(days), 0)
}

func counted(set map[team.ID]bool) map[team.ID]int {
	out := map[team.ID]int{}
	for p := range set {
		out[p] = 1
	}
	return out
}
