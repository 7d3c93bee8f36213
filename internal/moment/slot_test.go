package moment

import (
	"testing"
	"time"

	"baraji/internal/kit/hours"
)

func TestSlots(t *testing.T) {
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return v.UTC()
	}
	for _, test := range []struct {
		name  string
		when  When
		zone  string
		after string
		want  []string
	}{
		{"each hour", When{Every: "hour", At: 15}, "UTC", "2026-11-23T10:15:00Z", []string{"2026-11-23T11:15:00Z", "2026-11-23T12:15:00Z"}},
		{"each hour in a zone of half hours", When{Every: "hour"}, "Asia/Kolkata", "2026-11-23T10:00:00Z", []string{"2026-11-23T10:30:00Z", "2026-11-23T11:30:00Z"}},
		{"each day", When{Every: "day", At: 9 * 60}, "Asia/Seoul", "2026-11-23T00:00:00Z", []string{"2026-11-24T00:00:00Z"}},
		{"its own zone", When{Every: "day", At: 9 * 60, Zone: "Europe/Berlin"}, "Asia/Seoul", "2026-11-23T00:00:00Z", []string{"2026-11-23T08:00:00Z"}},
		{"some days", When{Every: "week", Days: []string{"monday", "friday"}, At: 60}, "UTC", "2026-11-23T01:00:00Z", []string{"2026-11-27T01:00:00Z", "2026-11-30T01:00:00Z"}},
		{"the last day", When{Every: "month", Day: LastDay}, "UTC", "2027-01-31T00:00:00Z", []string{"2027-02-28T00:00:00Z", "2027-03-31T00:00:00Z", "2027-04-30T00:00:00Z"}},
		{"a day that February has not", When{Every: "month", Day: 30}, "UTC", "2028-01-30T00:00:00Z", []string{"2028-02-29T00:00:00Z", "2028-03-30T00:00:00Z"}},
		{"a time that clocks leave out", When{Every: "day", At: 150}, "Europe/Berlin", "2027-03-27T02:00:00Z", []string{"2027-03-28T01:00:00Z", "2027-03-29T00:30:00Z"}},
		{"a time that comes twice", When{Every: "day", At: 150}, "Europe/Berlin", "2026-10-24T12:00:00Z", []string{"2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"}},
	} {
		got := at(test.after)
		for i, want := range test.want {
			if got = test.when.Next(got, test.zone); !got.Equal(at(want)) {
				t.Errorf("%s: %d is %s, want %s", test.name, i, got, want)
			}
		}
	}
	w := When{Every: "hour"}
	if got := w.last(at("2026-11-20T10:00:00Z"), at("2026-11-23T10:59:00Z"), "UTC"); !got.Equal(at("2026-11-23T10:00:00Z")) {
		t.Errorf("of what was missed %s", got)
	}
	if got := w.last(at("2026-11-23T10:00:00Z"), at("2026-11-23T10:59:00Z"), "UTC"); !got.IsZero() {
		t.Errorf("nothing was missed: %s", got)
	}
}

// What happens on a day is found by the dates for which it does, and by no others.
func TestDatesAndDaysAreEachOther(t *testing.T) {
	for _, w := range []When{{Count: 30, Unit: "days", Before: true}, {Count: 1, Unit: "months"}, {Count: 1, Unit: "months", Before: true}, {Count: 13, Unit: "months", Before: true}, {Count: 2, Unit: "weeks"}, {Unit: "days"}} {
		from := hours.Date{Year: 2027, Month: 12, Day: 20}
		for n := range 500 {
			d := from.Add(n)
			on, found := w.moved(d), false
			for _, m := range w.meant(on) {
				found = found || m == d
				if w.moved(m) != on {
					t.Errorf("%+v: %s is meant on %s and happens on %s", w, m, on, w.moved(m))
				}
			}
			if !found {
				t.Errorf("%+v: %s happens on %s and is not found", w, d, on)
			}
		}
	}
}
