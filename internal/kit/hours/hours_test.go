package hours_test

import (
	"math/rand/v2"
	"testing"
	"time"
	_ "time/tzdata" // the same zones on every machine

	"baraji/internal/kit/hours"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func office(z *time.Location) hours.Calendar {
	c := hours.Calendar{Zone: z, Days: map[hours.Date][]hours.Block{}}
	for d := time.Monday; d <= time.Friday; d++ {
		c.Week[d] = []hours.Block{{From: 9 * 60, To: 12 * 60}, {From: 13 * 60, To: 18 * 60}}
	}
	return c
}

func TestOfficeHoursInSeoul(t *testing.T) {
	seoul := zone(t, "Asia/Seoul")
	c := office(seoul)
	c.Days[hours.Date{Year: 2026, Month: 11, Day: 25}] = nil                                         // a Wednesday off
	c.Days[hours.Date{Year: 2026, Month: 11, Day: 28}] = []hours.Block{{From: 10 * 60, To: 14 * 60}} // a Saturday with work
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, seoul) }
	for _, tt := range []struct {
		name     string
		from, to time.Time
		want     time.Duration
	}{
		{"within a block", at(23, 9, 30), at(23, 10, 0), 30 * time.Minute},
		{"over lunch", at(23, 11, 0), at(23, 14, 0), 2 * time.Hour},
		{"over night", at(23, 17, 0), at(24, 10, 0), 2 * time.Hour},
		{"over a day off", at(24, 17, 0), at(26, 10, 0), 2 * time.Hour},
		{"a weekend with work", at(27, 17, 0), at(30, 9, 0), 5 * time.Hour},
		{"a week", at(23, 0, 0), at(30, 0, 0), 4*8*time.Hour + 4*time.Hour},
		{"backwards", at(24, 10, 0), at(23, 10, 0), 0},
		{"no time", at(24, 10, 0), at(24, 10, 0), 0},
		{"seconds count", at(23, 8, 59).Add(30 * time.Second), at(23, 9, 0).Add(7 * time.Second), 7 * time.Second},
	} {
		if got := c.Between(tt.from, tt.to); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
	for _, tt := range []struct {
		name string
		from time.Time
		add  time.Duration
		want time.Time
	}{
		{"within a block", at(23, 9, 0), time.Hour, at(23, 10, 0)},
		{"to closing time, not beyond", at(23, 17, 0), time.Hour, at(23, 18, 0)},
		{"to lunch", at(23, 9, 0), 3 * time.Hour, at(23, 12, 0)},
		{"past lunch", at(23, 9, 0), 4 * time.Hour, at(23, 14, 0)},
		{"from the night", at(23, 3, 0), time.Minute, at(23, 9, 1)},
		{"over a day off", at(24, 17, 30), time.Hour, at(26, 9, 30)},
		{"to the working Saturday", at(27, 18, 0), time.Hour, at(28, 11, 0)},
		{"nothing", at(23, 3, 0), 0, at(23, 3, 0)},
		{"less than nothing", at(23, 3, 0), -time.Hour, at(23, 3, 0)},
	} {
		if got, ok := c.Add(tt.from, tt.add); !ok || !got.Equal(tt.want) {
			t.Errorf("%s: %v %v, want %v", tt.name, got, ok, tt.want)
		}
	}
	if next, ok := c.Next(at(24, 18, 0)); !ok || !next.Equal(at(26, 9, 0)) {
		t.Errorf("next %v", next)
	}
}

func TestWhoNeverOpensIsNeverDue(t *testing.T) {
	var never hours.Calendar
	now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	if _, ok := never.Add(now, 1); ok || never.Open(now) || never.Between(now, now.AddDate(1, 0, 0)) != 0 {
		t.Error("a calendar without hours is open")
	}
	if _, ok := never.Next(now); ok {
		t.Error("and opens")
	}
	if got := hours.Always().Between(now, now.AddDate(0, 0, 3)); got != 72*time.Hour {
		t.Errorf("always: %v", got)
	}
}

func TestClocksThatChange(t *testing.T) {
	every := func(z *time.Location, from, to int) hours.Calendar {
		c := hours.Calendar{Zone: z}
		for d := range c.Week {
			c.Week[d] = []hours.Block{{From: from, To: to}}
		}
		return c
	}
	for _, tt := range []struct {
		name, zone string
		from, to   int
		day        [3]int
		want       time.Duration
	}{
		{"an hour is left out", "America/New_York", 60, 4 * 60, [3]int{2026, 3, 8}, 2 * time.Hour},
		{"an hour comes twice", "America/New_York", 60, 4 * 60, [3]int{2026, 11, 1}, 4 * time.Hour},
		{"the hour that is left out", "Europe/Berlin", 2 * 60, 3 * 60, [3]int{2026, 3, 29}, 0},
		{"the hour that comes twice", "Europe/Berlin", 2 * 60, 3 * 60, [3]int{2026, 10, 25}, 2 * time.Hour},
		{"half an hour", "Australia/Lord_Howe", 0, 4 * 60, [3]int{2026, 10, 4}, 3*time.Hour + 30*time.Minute},
		{"half an hour back", "Australia/Lord_Howe", 0, 4 * 60, [3]int{2026, 4, 5}, 4*time.Hour + 30*time.Minute},
		{"midnight is left out", "America/Santiago", 0, 4 * 60, [3]int{2026, 9, 6}, 3 * time.Hour},
		{"the skipped day", "Pacific/Apia", 9 * 60, 18 * 60, [3]int{2011, 12, 30}, 0},
		{"three quarters", "Asia/Kathmandu", 9 * 60, 18 * 60, [3]int{2026, 11, 22}, 9 * time.Hour},
		{"Seoul 1988", "Asia/Seoul", 0, 6 * 60, [3]int{1988, 5, 8}, 5 * time.Hour},
		{"29 February", "Asia/Seoul", 9 * 60, 18 * 60, [3]int{2028, 2, 29}, 9 * time.Hour},
	} {
		t.Run(tt.name, func(t *testing.T) {
			z := zone(t, tt.zone)
			c := every(z, tt.from, tt.to)
			date := hours.Date{Year: tt.day[0], Month: time.Month(tt.day[1]), Day: tt.day[2]}
			for d := range c.Week {
				c.Week[d] = nil
			}
			c.Days = map[hours.Date][]hours.Block{date: {{From: tt.from, To: tt.to}}}
			around := time.Date(date.Year, date.Month, date.Day, 0, 0, 0, 0, time.UTC)
			if got := c.Between(around.AddDate(0, 0, -3), around.AddDate(0, 0, 4)); got != tt.want {
				t.Errorf("%v, want %v", got, tt.want)
			}
		})
	}
}

// T17: whatever the zone, the calendar and the moment, it agrees with somebody who looks at the wall every minute.
func TestItAgreesWithTheWall(t *testing.T) {
	changes := []struct {
		zone string
		when time.Time
	}{
		{"America/New_York", day(2026, 3, 8)}, {"America/New_York", day(2026, 11, 1)}, {"Europe/Berlin", day(2026, 3, 29)}, {"Europe/Berlin", day(2026, 10, 25)},
		{"Australia/Lord_Howe", day(2026, 4, 5)}, {"Australia/Lord_Howe", day(2026, 10, 4)}, {"America/Santiago", day(2026, 4, 5)}, {"America/Santiago", day(2026, 9, 6)},
		{"Africa/Casablanca", day(2026, 2, 15)}, {"Africa/Casablanca", day(2026, 3, 22)}, {"Pacific/Apia", day(2011, 12, 30)}, {"Asia/Kathmandu", day(2026, 1, 1)},
		{"Asia/Seoul", day(1987, 5, 10)}, {"Asia/Seoul", day(1988, 10, 9)}, {"Asia/Seoul", day(2028, 2, 29)}, {"America/Havana", day(2026, 11, 1)}, {"UTC", day(2026, 12, 31)},
	}
	rng := rand.New(rand.NewPCG(17, 17))
	for range 600 {
		at := changes[rng.IntN(len(changes))]
		c := calendar(rng, zone(t, at.zone), at.when)
		a := at.when.Add(time.Duration(rng.IntN(6*24*60)-3*24*60) * time.Minute)
		b := a.Add(time.Duration(rng.IntN(5*24*60)) * time.Minute)
		want := time.Duration(0)
		var due time.Time
		target := time.Duration(rng.IntN(600)+1) * time.Minute
		var next time.Time
		for m := a; m.Before(b); m = m.Add(time.Minute) {
			if !onTheWall(c, m) {
				if c.Open(m) {
					t.Fatalf("%s: open at %v", at.zone, m.In(c.Zone))
				}
				continue
			}
			if !c.Open(m) {
				t.Fatalf("%s: closed at %v", at.zone, m.In(c.Zone))
			}
			if next.IsZero() {
				next = m
			}
			if want += time.Minute; want == target {
				due = m.Add(time.Minute)
			}
		}
		if got := c.Between(a, b); got != want {
			t.Fatalf("%s: from %v to %v %v, want %v\n%+v", at.zone, a.In(c.Zone), b.In(c.Zone), got, want, c)
		}
		if got, ok := c.Add(a, target); !due.IsZero() && (!ok || !got.Equal(due)) {
			t.Fatalf("%s: %v after %v is %v, want %v", at.zone, target, a.In(c.Zone), got, due.In(c.Zone))
		} else if due.IsZero() && ok && got.Before(b) {
			t.Fatalf("%s: %v after %v is %v, too early", at.zone, target, a, got)
		}
		if got, ok := c.Next(a); !next.IsZero() && (!ok || !got.Equal(next)) {
			t.Fatalf("%s: after %v it opens at %v, want %v", at.zone, a, got, next)
		}
		half := a.Add(b.Sub(a) / 2)
		if c.Between(a, half)+c.Between(half, b) != want {
			t.Fatalf("%s: the halves are not the whole", at.zone)
		}
	}
}

func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

func calendar(rng *rand.Rand, z *time.Location, around time.Time) hours.Calendar {
	blocks := func() []hours.Block {
		var out []hours.Block
		for from := rng.IntN(300); from < 24*60 && len(out) < 4; {
			to := min(from+1+rng.IntN(500), 24*60)
			out = append(out, hours.Block{From: from, To: to})
			from = to + rng.IntN(200)
		}
		return out
	}
	c := hours.Calendar{Zone: z, Days: map[hours.Date][]hours.Block{}}
	for d := range c.Week {
		if rng.IntN(4) > 0 {
			c.Week[d] = blocks()
		}
	}
	for range rng.IntN(3) {
		c.Days[hours.DateOf(around.AddDate(0, 0, rng.IntN(5)-2), time.UTC)] = blocks()
	}
	return c
}

func onTheWall(c hours.Calendar, at time.Time) bool {
	wall := at.In(c.Zone)
	blocks, special := c.Days[hours.Date{Year: wall.Year(), Month: wall.Month(), Day: wall.Day()}]
	if !special {
		blocks = c.Week[wall.Weekday()]
	}
	for _, b := range blocks {
		if m := wall.Hour()*60 + wall.Minute(); b.From <= m && m < b.To {
			return true
		}
	}
	return false
}

func TestParseBlocks(t *testing.T) {
	for in, want := range map[string]string{
		"": "[]", "09:00-18:00": "[09:00-18:00]", "9-12, 13:30–18:00": "[09:00-12:00 13:30-18:00]", "0-24": "[00:00-24:00]", "09：00～18：00": "[09:00-18:00]",
		"18-9": "error", "9": "error", "9-25": "error", "9:60-10": "error", "9-12,11-13": "error", "x-y": "error", "24:01-24:02": "error", "9:5-10": "error",
	} {
		blocks, err := hours.ParseBlocks(in)
		got := "error"
		if err == nil {
			got = "["
			for i, b := range blocks {
				if i > 0 {
					got += " "
				}
				got += b.String()
			}
			got += "]"
		}
		if got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
}

func TestBadCalendarsAreFoundAndDoNoHarm(t *testing.T) {
	c := hours.Calendar{}
	c.Week[1] = []hours.Block{{From: 600, To: 700}, {From: 650, To: 800}, {From: -5, To: 10}, {From: 1400, To: 2000}, {From: 5, To: 5}}
	if c.Check() == nil {
		t.Error("not found")
	}
	monday := day(2026, 11, 23)
	if got := c.Between(monday, monday.AddDate(0, 0, 1)); got != (200+10+40)*time.Minute {
		t.Errorf("counted %v", got)
	}
	if err := office(time.UTC).Check(); err != nil {
		t.Error(err)
	}
}

func TestRough(t *testing.T) {
	for d, want := range map[time.Duration]string{-time.Hour: "0m", 0: "0m", 59*time.Minute + 59*time.Second: "59m", time.Hour: "1h", 23*time.Hour + time.Hour - 1: "23h", 24 * time.Hour: "1d", 100 * time.Hour: "4d"} {
		n, u := hours.Rough(d)
		if got := string(rune('0'+n/10)) + string(rune('0'+n%10)) + string(u); got != want && got != "0"+want {
			t.Errorf("%v: %s, want %s", d, got, want)
		}
	}
}

func FuzzParseBlocks(f *testing.F) {
	f.Add("09:00-12:00, 13:00–18:00")
	f.Fuzz(func(t *testing.T, in string) {
		blocks, err := hours.ParseBlocks(in)
		if err != nil {
			return
		}
		for _, b := range blocks {
			if again, err := hours.ParseBlocks(b.String()); err != nil || len(again) != 1 || again[0] != b {
				t.Errorf("%v became %v, %v", b, again, err)
			}
		}
	})
}

func BenchmarkBetweenAMonth(b *testing.B) {
	c := office(zone(b, "Europe/Berlin"))
	from := day(2026, 3, 10)
	to := from.AddDate(0, 1, 0)
	for b.Loop() {
		c.Between(from, to)
	}
}

func TestDates(t *testing.T) {
	d, err := hours.ParseDate("2024-02-28")
	if err != nil || d.Add(2).String() != "2024-03-01" || d.Add(-59).String() != "2023-12-31" || d.Weekday() != time.Wednesday {
		t.Errorf("%v %v: in two days %v", d, err, d.Add(2))
	}
	if d.Compare(d.Add(1)) != -1 || d.Add(1).Compare(d) != 1 || d.Compare(d) != 0 {
		t.Error("dates are not in order")
	}
	for _, bad := range []string{"", "2023-02-29", "2023-1-1", "20230101", "0000-00-00"} {
		if got, err := hours.ParseDate(bad); err == nil {
			t.Errorf("%q is %v", bad, got)
		}
	}
}

// TestWallAndInstantAreEachOther: over the odd changes of clocks the first moment of a time on the wall is the first at which
// the wall has come to it, and not a moment earlier.
func TestWallAndInstantAreEachOther(t *testing.T) {
	for _, tt := range []struct{ zone, near string }{{"America/New_York", "2026-03-08"}, {"America/New_York", "2026-11-01"}, {"Europe/Berlin", "2026-10-25"},
		{"Australia/Lord_Howe", "2026-04-05"}, {"Australia/Lord_Howe", "2026-10-04"}, {"America/Santiago", "2026-04-05"}, {"Africa/Casablanca", "2026-02-15"},
		{"Pacific/Apia", "2011-12-30"}, {"Asia/Kathmandu", "2026-03-01"}, {"Asia/Seoul", "1987-05-10"}, {"Asia/Seoul", "1987-10-11"}} {
		zone, err := time.LoadLocation(tt.zone)
		if err != nil {
			t.Fatal(err)
		}
		near, err := hours.ParseDate(tt.near)
		if err != nil {
			t.Fatal(err)
		}
		for minute := -1440; minute < 3*1440; minute++ {
			at := hours.Instant(zone, near, minute)
			wall := time.Date(near.Year, near.Month, near.Day, 0, 0, 0, 0, time.UTC).Add(time.Duration(minute) * time.Minute)
			if now, before := hours.Wall(at), hours.Wall(at.Add(-1)); now.Before(wall) || !before.Before(wall) {
				t.Fatalf("%s %s %d: at %s the wall shows %s, and before it %s", tt.zone, tt.near, minute, at, now, before)
			}
		}
	}
}
