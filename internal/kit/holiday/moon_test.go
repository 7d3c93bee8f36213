package holiday

import (
	"maps"
	"math"
	"testing"
	"time"

	"baraji/internal/kit/hours"
)

// The sky, so that the table does not have to be believed: new moons and the place of the sun after Meeus, Astronomical
// Algorithms (2nd ed.), chapters 49 and 25. New moons are good to half a minute, the sun's place to about a quarter of an
// hour; each test says how far its decisions are from that.

const (
	synodic = 29.530588861 // days from one new moon to the next, on average
	seoul   = 9.0 / 24     // what the walls of Korea are ahead of UTC, in days
	deltaT  = 75.0 / 86400 // dynamical time less UTC in these years, in days: 69 s in 2020, about as much in 2050
)

func sin(degrees float64) float64 { return math.Sin(degrees * math.Pi / 180) }

// newMoon is the instant of the new moon k after that of 6 January 2000, as a Julian day on the wall of Korea.
func newMoon(k float64) float64 {
	t := k / 1236.85
	e := 1 - 0.002516*t - 0.0000074*t*t
	s := 2.5534 + 29.10535670*k - 0.0000014*t*t       // mean anomaly of the sun
	m := 201.5643 + 385.81693528*k + 0.0107582*t*t    // of the moon
	f := 160.7108 + 390.67050284*k - 0.0016118*t*t    // its argument of latitude
	node := 124.7746 - 1.56375588*k + 0.0020672*t*t   // of its orbit
	jde := 2451550.09766 + synodic*k + 0.00015437*t*t // the mean new moon
	jde += -0.40720*sin(m) + 0.17241*e*sin(s) + 0.01608*sin(2*m) + 0.01039*sin(2*f) + 0.00739*e*sin(m-s) - 0.00514*e*sin(m+s) +
		0.00208*e*e*sin(2*s) - 0.00111*sin(m-2*f) - 0.00057*sin(m+2*f) + 0.00056*e*sin(2*m+s) - 0.00042*sin(3*m) +
		0.00042*e*sin(s+2*f) + 0.00038*e*sin(s-2*f) - 0.00024*e*sin(2*m-s) - 0.00017*sin(node) - 0.00007*sin(m+2*s) +
		0.00004*sin(2*m-2*f) + 0.00004*sin(3*s) + 0.00003*sin(m+s-2*f) + 0.00003*sin(2*m+2*f) - 0.00003*sin(m+s+2*f) +
		0.00003*sin(m-s+2*f) - 0.00002*sin(m-s-2*f) - 0.00002*sin(3*m+s) + 0.00002*sin(4*m)
	for _, a := range [][3]float64{{299.77, 0.107408, 325}, {251.88, 0.016321, 165}, {251.83, 26.651886, 164}, {349.42, 36.412478, 126},
		{84.66, 18.206239, 110}, {141.74, 53.303771, 62}, {207.14, 2.453732, 60}, {154.84, 7.306860, 56}, {34.52, 27.261239, 47},
		{207.19, 0.121824, 42}, {291.34, 1.844379, 40}, {161.72, 24.198154, 37}, {239.56, 25.513099, 35}, {331.55, 3.592518, 23}} {
		jde += a[2] * 1e-6 * sin(a[0]+a[1]*k)
	}
	return jde - deltaT + seoul
}

// sun is the apparent longitude of the sun, in degrees from the spring equinox, at a Julian day on the wall of Korea.
func sun(jd float64) float64 {
	t := (jd - seoul + deltaT - 2451545) / 36525
	m := 357.52911 + 35999.05029*t - 0.0001537*t*t
	center := (1.914602-0.004817*t)*sin(m) + (0.019993-0.000101*t)*sin(2*m) + 0.000289*sin(3*m)
	l := 280.46646 + 36000.76983*t + 0.0003032*t*t + center - 0.00569 - 0.00478*sin(125.04-1934.136*t)
	return math.Mod(math.Mod(l, 360)+360, 360)
}

// term is when the sun comes to a longitude, next after a Julian day.
func term(after, longitude float64) float64 {
	at := after + math.Mod(longitude-sun(after)+360, 360)/360*365.2422
	for range 8 {
		at += (math.Mod(longitude-sun(at)+540, 360) - 180) / 360 * 365.2422
	}
	return at
}

// day is the number of the day on which an instant falls, and how far it is from midnight, in minutes.
func day(jd float64) (number, margin float64) {
	number = math.Floor(jd + 0.5)
	within := jd + 0.5 - number
	return number, min(within, 1-within) * 24 * 60
}

func julian(d hours.Date) float64 {
	return float64(time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Unix()/86400) + 2440588
}

func dated(number float64) hours.Date {
	return hours.DateOf(time.Unix(int64(number-2440588)*86400, 0), time.UTC)
}

// month is a lunar month: its first day and its number; a leap month has that of the month before.
type month struct {
	first  float64
	number int
	leap   bool
}

// months are the months from the one with the winter solstice of a year to the month before the next such one, and how far
// in minutes the closest decision was: of a new moon from midnight, and of a solar term from a day on which a month begins.
func months(t *testing.T, year int) (list []month, moon, solar float64) {
	t.Helper()
	solstice := func(y int) float64 { return term(julian(hours.Date{Year: y, Month: 12, Day: 10}), 270) }
	moon, solar = math.Inf(1), math.Inf(1)
	begin := func(k float64) float64 {
		first, margin := day(newMoon(k))
		moon = min(moon, margin)
		return first
	}
	from, _ := day(solstice(year - 1))
	until, _ := day(solstice(year))
	k := math.Round((from-2451550)/synodic) + 2
	for begin(k) > from {
		k--
	}
	var firsts []float64
	for ; ; k++ {
		firsts = append(firsts, begin(k))
		if begin(k+1) > until {
			break
		}
	}
	leap := len(firsts) == 14 // with the month of the next solstice; else 13
	number := 11
	for i, first := range firsts[:len(firsts)-1] {
		at := term(first-2.5, math.Mod(math.Ceil(sun(first-0.5)/30)*30, 360))
		edge := min(math.Abs(at-(first-0.5)), math.Abs(at-(firsts[i+1]-0.5)))
		solar = min(solar, edge*24*60)
		if leap && i > 0 && at >= firsts[i+1]-0.5 {
			list, leap = append(list, month{first, list[i-1].number, true}), false
			continue
		}
		list = append(list, month{first, number, false})
		number = number%12 + 1
	}
	return list, moon, solar
}

func TestTheMoonAgreesWithTheTable(t *testing.T) {
	leaps := map[int]int{}
	for year := First; year <= Last; year++ {
		list, moon, solar := months(t, year)
		if moon < 1 || solar < 60 {
			t.Errorf("%d: a new moon is %.1f min from midnight, a solar term %.0f min from the edge of a month: too close to tell", year, moon, solar)
		}
		got := [3]hours.Date{}
		for _, m := range list {
			if m.leap {
				leaps[year] = m.number
				continue
			}
			switch m.number {
			case 1:
				got[0] = dated(m.first)
			case 4:
				got[1] = dated(m.first + 7)
			case 8:
				got[2] = dated(m.first + 14)
			}
		}
		want := lunar[year-First]
		for i := range want {
			if got[i] != (hours.Date{Year: year, Month: want[i].month, Day: want[i].day}) {
				t.Errorf("%d: the moon says %v, the table %v", year, got[i], want[i])
			}
		}
	}
	want := map[int]int{2020: 4, 2023: 2, 2025: 6, 2028: 5, 2031: 3, 2034: 11, 2036: 6, 2039: 5, 2042: 2, 2044: 7, 2047: 5, 2050: 3}
	if !maps.Equal(leaps, want) { // that of 2034 begins in December 2033
		t.Errorf("leap months %v, want %v", leaps, want)
	}
}
