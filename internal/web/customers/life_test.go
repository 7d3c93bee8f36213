package customers

import (
	"context"
	"strings"
	"testing"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/i18n"
)

func reader(l i18n.Locale, now time.Time) context.Context {
	return i18n.With(context.Background(), i18n.Reader{Locale: l, Zone: time.FixedZone("KST", 9*3600), Now: now})
}

// However long or short a life is, its line is readable: a few ticks, dots that
// do not touch, everything between the edges.
func TestALifeOfAnyLengthCanBeDrawn(t *testing.T) {
	now := time.Date(2026, 11, 20, 5, 7, 0, 0, time.UTC)
	for _, days := range []int{0, 1, 6, 13, 20, 45, 74, 90, 200, 400, 800, 2000, 4000, 12000} {
		for _, l := range i18n.Locales() {
			ctx := reader(l, now)
			from := now.Add(-time.Duration(days) * 24 * time.Hour)
			p := person{Life: []contact.Spell{{Stage: contact.PreSale, From: from}, {Stage: contact.PostSale, From: from.Add(now.Sub(from) / 3)}}}
			p.CreatedAt = from
			for i := range 300 {
				p.Sum.Marks = append(p.Sum.Marks, conversation.Mark{At: from.Add(now.Sub(from) / 300 * time.Duration(i))})
			}
			d := p.draw(ctx)
			if len(d.Ticks) > 10 || days > 13 && len(d.Ticks) < 2 {
				t.Errorf("%d days in %s: %d ticks: %v", days, l, len(d.Ticks), d.Ticks)
			}
			for i, x := range d.Ticks[:max(0, len(d.Ticks)-1)] {
				if gap := d.Ticks[i+1].X - x.X; gap > 0 && gap < 40 || gap < 0 && gap > -40 {
					t.Errorf("%d days in %s: %q and %q are %.0f apart", days, l, x.Text, d.Ticks[i+1].Text, gap)
				}
			}
			for i, dot := range d.Dots {
				if dot.X < left || dot.X > d.Today || i > 0 && dot.X-d.Dots[i-1].X < 13 {
					t.Errorf("%d days: a dot at %.1f", days, dot.X)
				}
			}
			for _, s := range d.Spans {
				if s.From < left || s.To > right || s.From > s.To {
					t.Errorf("%d days: a span from %.1f to %.1f", days, s.From, s.To)
				}
			}
		}
	}
}

func TestTheWordsOfTicks(t *testing.T) {
	now := time.Date(2026, 11, 20, 5, 7, 0, 0, time.UTC)
	for _, test := range []struct {
		from time.Time
		l    i18n.Locale
		want string
	}{
		{time.Date(2025, 3, 4, 0, 0, 0, 0, time.UTC), i18n.Korean, "2025년 4월 7월 10월 2026년 1월 4월 7월 10월"},
		{time.Date(2025, 3, 4, 0, 0, 0, 0, time.UTC), i18n.English, "Apr 2025 Jul Oct Jan 2026 Apr Jul Oct"},
		{time.Date(2018, 3, 4, 0, 0, 0, 0, time.UTC), i18n.Korean, "2019년 2020년 2021년 2022년 2023년 2024년 2025년 2026년"},
	} {
		p := person{Life: []contact.Spell{{From: test.from}}}
		p.CreatedAt = test.from
		var words []string
		for _, tick := range p.draw(reader(test.l, now)).Ticks {
			words = append(words, strings.ReplaceAll(tick.Text, "\u00a0", " "))
		}
		if got := strings.Join(words, " "); got != test.want {
			t.Errorf("from %s in %s:\n got %s\nwant %s", test.from.Format(time.DateOnly), test.l, got, test.want)
		}
	}
}

func TestHowLongTwoKnowEachOther(t *testing.T) {
	now := time.Date(2026, 11, 20, 5, 7, 0, 0, time.UTC)
	for _, test := range []struct {
		since, want string
	}{{"2026-11-20T01:00:00Z", "오늘부터"}, {"2026-11-10T01:00:00Z", "10일"}, {"2026-09-21T01:00:00Z", "60일"}, {"2026-08-21T01:00:00Z", "2개월"},
		{"2025-03-04T01:00:00Z", "20개월"}, {"2021-12-31T01:00:00Z", "4년"}} {
		since, err := time.Parse(time.RFC3339, test.since)
		if err != nil {
			t.Fatal(err)
		}
		if got := together(reader(i18n.Korean, now), since); got != test.want {
			t.Errorf("since %s: %q, want %q", test.since, got, test.want)
		}
	}
}
