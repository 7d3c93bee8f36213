package chat

import (
	"testing"
	"time"

	"baraji/internal/routing"
)

func TestWhatAVisitorMayExpect(t *testing.T) {
	seoul := time.FixedZone("KST", 9*3600)
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, seoul) } // the 16th is a Monday
	answered := func(day, hour int, after ...time.Duration) (list []first) {
		for i, d := range after {
			list = append(list, first{at(day+i, hour, 10), at(day+i, hour, 10).Add(d)})
		}
		return list
	}
	const m = time.Minute
	open, closed := routing.Expected{Open: true, Served: true, By: at(20, 14, 10)}, routing.Expected{Opens: at(23, 9, 0), By: at(23, 9, 10)}
	night := routing.Expected{Served: true, By: at(20, 20, 15), Opens: at(23, 9, 0)}
	for name, c := range map[string]struct {
		now   time.Time
		list  []first
		there bool
		hours routing.Expected
		want  Expectation
	}{
		"as a rule within four minutes":       {at(20, 14, 0), answered(16, 14, 2*m, 4*m, 50*m), true, open, Expectation{Within: 4 * m}},
		"a little more is said as more":       {at(20, 14, 0), answered(16, 13, 2*m, 11*m, 50*m), true, open, Expectation{Within: 15 * m}},
		"another hour says nothing":           {at(20, 14, 0), answered(16, 9, m, m, m), true, open, Expectation{}},
		"two talks say nothing":               {at(20, 14, 0), answered(16, 14, m, m), true, open, Expectation{}},
		"hours are said in hours":             {at(20, 14, 0), answered(16, 14, 61*m, 70*m, 90*m), true, open, Expectation{Within: 2 * time.Hour}},
		"around midnight":                     {at(20, 0, 30), answered(16, 23, m, m, m), true, open, Expectation{Within: m}},
		"nobody there, but answers come soon": {at(19, 14, 0), answered(16, 14, m, m, m), false, open, Expectation{Within: m}},
		"nobody there after hours":            {at(20, 20, 0), answered(16, 20, 13*time.Hour, 13*time.Hour, 13*time.Hour), false, closed, Expectation{Away: true, Back: at(23, 9, 0)}},
		"after hours, but answers come soon":  {at(20, 20, 0), answered(16, 20, m, m, m), false, closed, Expectation{Within: m}},
		"somebody there after hours":          {at(20, 20, 0), nil, true, closed, Expectation{}},
		"nobody there in the hours":           {at(20, 14, 0), nil, false, open, Expectation{Away: true}},
		"somebody stands for it at night":     {at(20, 20, 0), nil, false, night, Expectation{Within: 15 * m}},
		"closed for good":                     {at(20, 14, 0), nil, false, routing.Expected{}, Expectation{Away: true}},
	} {
		if got := expect(c.now, c.list, c.there, c.hours); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}
