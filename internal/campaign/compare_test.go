package campaign

import (
	"math"
	"testing"
	"time"

	"baraji/internal/contact"
)

func TestCompare(t *testing.T) {
	for _, c := range []struct {
		name       string
		a, n, b, m int
		low, high  float64
		few, clear bool
	}{
		{"Newcombe's own example", 56, 70, 48, 80, 0.0524, 0.3339, false, true},
		{"too few mails", 20, 40, 1, 400, 0, 0, true, false},
		{"too little happened", 3, 1000, 5, 1000, 0, 0, true, false},
		{"no difference to be seen", 20, 1000, 22, 1000, -0.0150, 0.0110, false, false},
		{"none of one side", 0, 500, 30, 500, -0.0844, -0.0400, false, true},
	} {
		d := Compare(c.a, c.n, c.b, c.m)
		if d.TooFew != c.few || d.Clear() != c.clear || math.Abs(d.Low-c.low) > 0.003 || math.Abs(d.High-c.high) > 0.003 {
			t.Errorf("%s: %.4f to %.4f, too few %v, clear %v", c.name, d.Low, d.High, d.TooFew, d.Clear())
		}
	}
}

func TestHalfGetTheOtherText(t *testing.T) {
	for _, share := range []int{0, 10, 50, 90} {
		n := 0
		for i := range 10000 {
			if (Campaign{ID: 77, Share: share}).variant(contact.ID(i<<22+5)) == Second {
				n++
			}
		}
		if math.Abs(float64(n)-float64(share)*100) > 200 {
			t.Errorf("%d percent: %d of 10000", share, n)
		}
	}
}

func TestNights(t *testing.T) {
	seoul, err := time.LoadLocation("Asia/Seoul")
	if err != nil {
		t.Fatal(err)
	}
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, seoul) }
	across := Manners{Quiet: true, From: 21 * 60, To: 8 * 60}
	within := Manners{Quiet: true, From: 60, To: 5 * 60}
	for _, c := range []struct {
		m    Manners
		now  time.Time
		want time.Time
	}{
		{across, at(23, 20, 59), time.Time{}}, {across, at(23, 21, 0), at(24, 8, 0)}, {across, at(23, 23, 59), at(24, 8, 0)}, {across, at(24, 0, 0), at(24, 8, 0)},
		{across, at(24, 7, 59), at(24, 8, 0)}, {across, at(24, 8, 0), time.Time{}}, {across, at(30, 22, 0), at(31, 8, 0)},
		{within, at(23, 0, 59), time.Time{}}, {within, at(23, 1, 0), at(23, 5, 0)}, {within, at(23, 5, 0), time.Time{}},
	} {
		if got := c.m.nightEnds(c.now, seoul); !got.Equal(c.want) {
			t.Errorf("%v: %v, want %v", c.now, got, c.want)
		}
	}
}
