package holiday

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"baraji/internal/kit/hours"
)

// published are the public holidays as the government published them for each year (월력요항 and what was added in its course),
// the weekday ones and those of the weekend: months and days.
var published = map[int]string{
	2020: "0101 0124 0125 0126 0127 0301 0415 0430 0505 0606 0815 0817 0930 1001 1002 1003 1009 1225",
	2021: "0101 0211 0212 0213 0301 0505 0519 0606 0815 0816 0920 0921 0922 1003 1004 1009 1011 1225",
	2022: "0101 0131 0201 0202 0301 0309 0505 0508 0601 0606 0815 0909 0910 0911 0912 1003 1009 1010 1225",
	2023: "0101 0121 0122 0123 0124 0301 0505 0527 0529 0606 0815 0928 0929 0930 1002 1003 1009 1225",
	2024: "0101 0209 0210 0211 0212 0301 0410 0505 0506 0515 0606 0815 0916 0917 0918 1001 1003 1009 1225",
	2025: "0101 0127 0128 0129 0130 0301 0303 0505 0506 0603 0606 0815 1003 1005 1006 1007 1008 1009 1225",
	2026: "0101 0216 0217 0218 0301 0302 0501 0505 0524 0525 0603 0606 0717 0815 0817 0924 0925 0926 1003 1005 1009 1225",
	2027: "0101 0206 0207 0208 0209 0301 0501 0503 0505 0513 0606 0717 0719 0815 0816 0914 0915 0916 1003 1004 1009 1011 1225 1227",
}

func TestKoreaIsAsPublished(t *testing.T) {
	for year, want := range published {
		var got []string
		for _, d := range Korea(year) {
			got = append(got, strings.ReplaceAll(d.Date.String()[5:], "-", ""))
		}
		if got := strings.Join(slices.Compact(got), " "); got != want {
			t.Errorf("%d:\n got %s\nwant %s", year, got, want)
		}
	}
}

func TestSubstituteDays(t *testing.T) {
	for _, tt := range []struct {
		name string
		year int
		want string
	}{
		{"no substitute for national days before August 2021", 2020, "2020-01-27 대체공휴일(설날)"},
		{"one for two holidays on one day", 2025, "2025-03-03 대체공휴일(삼일절), 2025-05-06 대체공휴일(부처님오신날), 2025-10-08 대체공휴일(추석)"},
		{"Chuseok on the day of National Foundation", 2028, "2028-10-05 대체공휴일(추석)"},
		{"on a Saturday and before a Sunday: two days, one after the other", 2036, "2036-01-30 대체공휴일(설날), 2036-03-03 대체공휴일(삼일절), 2036-05-06 대체공휴일(부처님오신날), 2036-10-06 대체공휴일(추석), 2036-10-07 대체공휴일(추석)"},
		{"a Sunday and a shared Monday", 2039, "2039-01-26 대체공휴일(설날), 2039-05-02 대체공휴일(부처님오신날), 2039-05-03 대체공휴일(노동절), 2039-07-18 대체공휴일(제헌절), 2039-10-04 대체공휴일(추석), 2039-10-05 대체공휴일(추석), 2039-10-10 대체공휴일(한글날), 2039-12-26 대체공휴일(성탄절)"},
	} {
		var got []string
		for _, d := range Korea(tt.year) {
			if d.Substitute {
				got = append(got, d.Date.String()+" "+d.Korean)
			}
		}
		if got := strings.Join(got, ", "); got != tt.want {
			t.Errorf("%s: %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

func TestEveryYearHoldsTogether(t *testing.T) {
	if Korea(First-1) != nil || Korea(Last+1) != nil {
		t.Error("a year that is not known has holidays")
	}
	for year := First; year <= Last; year++ {
		list := Korea(year)
		seen := map[string]hours.Date{}
		for i, d := range list {
			if d.Date.Year != year || i > 0 && d.Date.Compare(list[i-1].Date) < 0 {
				t.Errorf("%v: not in its year, or not in order", d.Date)
			}
			if d.Korean == "" || d.English == "" || d.Name("ko") != d.Korean || d.Name("en") != d.English {
				t.Errorf("%v has no name", d.Date)
			}
			if d.Substitute {
				if weekend(d.Date) || i > 0 && list[i-1].Date == d.Date {
					t.Errorf("%v makes up for nothing", d.Date)
				}
				continue
			}
			seen[d.Korean] = d.Date
		}
		if d := seen["설날"]; d.Compare(hours.Date{Year: year, Month: 1, Day: 21}) < 0 || d.Compare(hours.Date{Year: year, Month: 2, Day: 20}) > 0 {
			t.Errorf("Seollal on %v", d)
		}
		if d := seen["부처님오신날"]; d.Month != time.April && d.Month != time.May {
			t.Errorf("Buddha's Birthday on %v", d)
		}
		full := fullMoon(seen["추석"])
		if d := seen["추석"]; full < -2 || full > 2 || d.Month != time.September && d.Month != time.October {
			t.Errorf("Chuseok on %v, %.1f days after the full moon", d, full)
		}
	}
}

// fullMoon is how many days noon of a date is after the full moon that is next to it, halfway between two new moons.
func fullMoon(d hours.Date) float64 {
	noon := julian(d)
	new := newMoon(math.Round((noon - synodic/2 - 2451550.1) / synodic))
	return noon - new - synodic/2
}
