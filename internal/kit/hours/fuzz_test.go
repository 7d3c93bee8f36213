package hours_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"baraji/internal/kit/hours"
)

// fuzzed are zones and days near which their clocks did something; the fuzzer chooses among them, and days about them.
var fuzzed = []struct {
	zone string
	when time.Time
}{
	{"America/New_York", day(2026, 3, 8)}, {"America/New_York", day(2026, 11, 1)}, {"Europe/Berlin", day(2026, 3, 29)}, {"Europe/Berlin", day(2026, 10, 25)},
	{"Australia/Lord_Howe", day(2026, 4, 5)}, {"Australia/Lord_Howe", day(2026, 10, 4)}, {"America/Santiago", day(2026, 4, 5)}, {"America/Santiago", day(2026, 9, 6)},
	{"Africa/Casablanca", day(2026, 2, 15)}, {"Africa/Casablanca", day(2026, 3, 22)}, {"Pacific/Apia", day(2011, 12, 30)}, {"Asia/Kathmandu", day(1986, 1, 1)},
	{"Asia/Seoul", day(1987, 5, 10)}, {"Asia/Seoul", day(1988, 10, 9)}, {"Asia/Seoul", day(2028, 2, 29)}, {"America/Havana", day(2026, 11, 1)}, {"UTC", day(2026, 12, 31)},
	{"Antarctica/Troll", day(2026, 3, 29)}, {"Asia/Pyongyang", day(2015, 8, 15)}, {"America/Caracas", day(2016, 5, 1)}, {"Europe/Dublin", day(2026, 10, 25)},
}

// given draws what the fuzzer gave, two bytes at a time, and then something that depends on nothing else.
type given struct {
	data []byte
	rest *rand.PCG
}

func (g *given) Uint64() uint64 {
	low := g.rest.Uint64() >> 16
	if len(g.data) < 2 {
		return g.rest.Uint64()
	}
	n := uint64(g.data[0])<<56 | uint64(g.data[1])<<48
	g.data = g.data[2:]
	return n | low
}

// wild is a calendar of the fuzzer's: blocks of any length, days that are otherwise.
func wild(rng *rand.Rand, z *time.Location, around time.Time) hours.Calendar {
	if rng.IntN(8) > 0 {
		return calendar(rng, z, around)
	}
	c := hours.Calendar{Zone: z, Days: map[hours.Date][]hours.Block{}}
	blocks := func() (out []hours.Block) { // also such as no form lets through: they do no harm
		for range rng.IntN(4) {
			out = append(out, hours.Block{From: rng.IntN(1500) - 20, To: rng.IntN(1500) - 20})
		}
		return out
	}
	for d := range c.Week {
		c.Week[d] = blocks()
	}
	c.Days[hours.DateOf(around, z)] = blocks()
	return c
}

// FuzzCalendar holds a calendar against the wall, minute by minute, and what it says against itself: the parts are the whole, later is never less,
// and adding time and counting it are each other's opposite.
func FuzzCalendar(f *testing.F) {
	for i := range fuzzed {
		f.Add(uint8(i), int16(0), uint16(700*i), uint16(3000), uint16(481), uint16(37), []byte("\x10\x80 nine to six, with lunch"))
		f.Add(uint8(i), int16(1), uint16(60), uint16(9000), uint16(1), uint16(1440), []byte{255, 255, 0, 0, 128, 0, 1, 1, 200, 200})
	}
	f.Add(uint8(4), int16(0), uint16(4300), uint16(60), uint16(30), uint16(29), []byte{0, 0, 0, 0, 250, 0, 250, 0, 250, 0})
	f.Fuzz(func(t *testing.T, which uint8, days int16, begin, length, target, part uint16, data []byte) {
		at := fuzzed[int(which)%len(fuzzed)]
		around := at.when.AddDate(0, 0, int(days)%400)
		rng := rand.New(&given{data, rand.NewPCG(17, uint64(len(data)))})
		c := wild(rng, zone(t, at.zone), around)
		if c.Check() != nil && !broken(c) {
			t.Fatalf("%+v: %v", c, c.Check())
		}
		a := around.Add(time.Duration(int(begin)%(6*24*60)-3*24*60) * time.Minute)
		b := a.Add(time.Duration(int(length)%(6*24*60)) * time.Minute)
		if broken(c) { // what it says still has to fit together
			together(t, c, a, b, time.Duration(part)*time.Second, time.Duration(target)*time.Second)
			return
		}
		against(t, c, a, b, time.Duration(target%3000)*time.Minute)
		together(t, c, a.Add(time.Duration(part)*time.Millisecond), b, time.Duration(part)*time.Second, time.Duration(target)*time.Second)
	})
}

// broken says whether some form would refuse the calendar.
func broken(c hours.Calendar) bool {
	bad := func(list []hours.Block) bool {
		for i, b := range list {
			if b.From < 0 || b.To > 1440 || b.From >= b.To {
				return true
			}
			for _, o := range list[:i] {
				if b.From < o.To && o.From < b.To {
					return true
				}
			}
		}
		return false
	}
	for _, list := range c.Week {
		if bad(list) {
			return true
		}
	}
	for _, list := range c.Days {
		if bad(list) {
			return true
		}
	}
	return false
}

// against counts the minutes in which the wall shows a time that is open.
func against(t *testing.T, c hours.Calendar, a, b time.Time, target time.Duration) {
	t.Helper()
	var want time.Duration
	var due, next, closes time.Time
	for m := a; m.Before(b); m = m.Add(time.Minute) {
		open := onTheWall(c, m)
		if open != c.Open(m) {
			t.Fatalf("open at %v: %v, the wall says %v\n%+v", m.In(c.Zone), c.Open(m), open, c)
		}
		if !open {
			if closes.IsZero() {
				closes = m
			}
			continue
		}
		if next.IsZero() {
			next = m
		}
		if want += time.Minute; want == target {
			due = m.Add(time.Minute)
		}
	}
	if got := c.Between(a, b); got != want {
		t.Fatalf("from %v to %v %v, the wall says %v\n%+v", a.In(c.Zone), b.In(c.Zone), got, want, c)
	}
	switch got, ok := c.Add(a, target); {
	case target == 0 || due.IsZero() && (!ok || !got.Before(b)):
	case due.IsZero() || !ok || !got.Equal(due):
		t.Fatalf("%v after %v is %v, the wall says %v\n%+v", target, a.In(c.Zone), got, due.In(c.Zone), c)
	}
	if got, ok := c.Next(a); !next.IsZero() && (!ok || !got.Equal(next)) || next.IsZero() && ok && got.Before(b) {
		t.Fatalf("after %v it opens %v, the wall says %v\n%+v", a.In(c.Zone), got, next, c)
	}
	if got, ok := c.Closes(a); !closes.IsZero() && (!ok || !got.Equal(closes)) || closes.IsZero() && ok && got.Before(b) {
		t.Fatalf("after %v it closes %v, the wall says %v\n%+v", a.In(c.Zone), got, closes, c)
	}
}

// together holds what a calendar says against itself, to the millisecond.
func together(t *testing.T, c hours.Calendar, a, b time.Time, part, target time.Duration) {
	t.Helper()
	if b.Before(a) {
		a, b = b, a
	}
	whole, cut := c.Between(a, b), a.Add(min(part, b.Sub(a)))
	if first, second := c.Between(a, cut), c.Between(cut, b); first < 0 || second < 0 || first+second != whole {
		t.Fatalf("%v and %v are not %v, from %v over %v to %v\n%+v", first, second, whole, a.In(c.Zone), cut.In(c.Zone), b.In(c.Zone), c)
	}
	if whole > b.Sub(a) || c.Between(b, a) != 0 && !a.Equal(b) {
		t.Fatalf("%v from %v to %v\n%+v", whole, a, b, c)
	}
	due, ok := c.Add(a, target)
	if !ok || target == 0 {
		return
	}
	if got := c.Between(a, due); got != target {
		t.Fatalf("%v after %v is %v, and that is %v\n%+v", target, a.In(c.Zone), due.In(c.Zone), got, c)
	}
	if got := c.Between(a, due.Add(-1)); got != target-1 {
		t.Fatalf("%v after %v is %v, but just before it were %v\n%+v", target, a.In(c.Zone), due.In(c.Zone), got, c)
	}
	if half, ok := c.Add(a, target/3); !ok || half.After(due) {
		t.Fatalf("a third of %v after %v is later: %v", target, a, half)
	} else if again, ok := c.Add(half, target-target/3); !ok || !again.Equal(due) {
		t.Fatalf("%v after %v in two steps is %v, not %v\n%+v", target, a.In(c.Zone), again, due, c)
	}
}
