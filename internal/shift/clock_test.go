package shift_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/hours"
	"baraji/internal/shift"
	"baraji/internal/team"
)

// TestTurnsAreToldOnceWhateverTheClockDoes (T17, T18): rotas in the zones in which clocks are odd, over their changes, with a
// machine whose clock jumps an hour, a day and ten minutes back and forth, and which is off for up to six hours. What was told in the end
// is each beginning and each end of a turn, once, at its instant.
func TestTurnsAreToldOnceWhateverTheClockDoes(t *testing.T) {
	places := []struct{ zone, near string }{{"America/New_York", "2026-03-08"}, {"Europe/Berlin", "2026-03-29"}, {"Australia/Lord_Howe", "2026-04-05"},
		{"America/Santiago", "2026-04-05"}, {"Africa/Casablanca", "2026-03-22"}, {"Asia/Kathmandu", "2026-02-28"}, {"America/New_York", "2026-11-01"}, {"Asia/Seoul", "2028-02-29"}}
	each(t, func(t *testing.T, h *house) {
		total, late := 0, 0
		for n, p := range places {
			zone, err := time.LoadLocation(p.zone)
			if err != nil {
				t.Fatal(err)
			}
			begin := hours.Instant(zone, date(p.near).Add(-3), 0)
			h.Clock.Advance(begin.Sub(h.Clock.Now())) // also back to another year
			rota := h.make(shift.Rota{Name: fmt.Sprint(p.zone, n), Zone: p.zone, Mode: shift.OnCall, Layers: []shift.Layer{
				{Slots: h.slots("Kim", "Noah+Oh", "Mun"), First: date(p.near).Add(-20), Hand: 2*60 + 15, Every: 5, Unit: shift.Hours},
				{Slots: h.slots("Oh", "Kim"), First: date(p.near).Add(-20), Hand: 2 * 60, Every: 1, Unit: shift.Days, Level: 1,
					Hours: []shift.Span{{Days: []time.Weekday{0, 1, 6}, From: 90, To: 2*60 + 30}, {Days: []time.Weekday{5, 6}, From: 23 * 60, To: 60}}},
			}})
			r := rand.New(rand.NewPCG(uint64(n), 5))
			last := h.Clock.Now()
			for end := begin.AddDate(0, 0, 7); h.Clock.Now().Before(end); {
				switch r.IntN(12) {
				case 0:
					h.Clock.Advance(time.Duration(r.IntN(6*60)) * time.Minute) // off
				case 1:
					h.Clock.Advance([]time.Duration{-time.Hour, time.Hour, -10 * time.Minute, -24 * time.Hour}[r.IntN(4)])
				default:
					h.Clock.Advance(time.Duration(1+r.IntN(90)) * time.Minute)
				}
				h.drain()
				if now := h.Clock.Now(); now.After(last) {
					last = now
				}
			}
			told, wasLate := toldOf(t, h, rota)
			want := wanted(t, h, rota, begin, last)
			if !slices.Equal(told, want) {
				t.Fatalf("%s: told %d, want %d: %s", p.zone, len(told), len(want), firstOther(told, want))
			}
			total, late = total+len(told), late+wasLate
			h.do(func(tx *db.Tx) error { return shift.Delete(h.ctx, tx, rota) })
		}
		t.Logf("%d beginnings and ends, %d of them late; 0 missed, 0 repeated", total, late)
	})
}

type toldFact struct {
	Kind   string
	Person team.ID
	At     int64
}

// toldOf is what was told of a rota, in order; at one instant ends before beginnings, by person.
func toldOf(t *testing.T, h *house, rota shift.RotaID) (list []toldFact, late int) {
	h.do(func(tx *db.Tx) error {
		events, err := event.Of(h.ctx, tx, rota.String(), 1<<62, 5000)
		for _, e := range events {
			var f struct {
				Person team.ID
				At     time.Time
				Late   bool
			}
			if e.Kind != "shift.turn_began" && e.Kind != "shift.turn_ended" {
				continue
			}
			if err := json.Unmarshal(e.Body, &f); err != nil {
				return err
			}
			if f.Late {
				late++
			}
			list = append(list, toldFact{e.Kind, f.Person, f.At.Unix()})
		}
		return err
	})
	sortFacts(list)
	return list, late
}

// wanted is what should have been: who stands in each minute, against the minute before.
func wanted(t *testing.T, h *house, rota shift.RotaID, begin, last time.Time) (list []toldFact) {
	h.do(func(tx *db.Tx) error {
		list = nil
		b, err := shift.LoadOne(h.ctx, tx, rota, begin, last)
		var before []team.ID
		for at := begin; !at.After(last); at = at.Add(time.Minute) {
			now := b.At(at)
			for _, p := range before {
				if !slices.Contains(now, p) {
					list = append(list, toldFact{"shift.turn_ended", p, at.Unix()})
				}
			}
			for _, p := range now {
				if !slices.Contains(before, p) {
					list = append(list, toldFact{"shift.turn_began", p, at.Unix()})
				}
			}
			before = now
		}
		return err
	})
	sortFacts(list)
	return list
}

func sortFacts(list []toldFact) {
	slices.SortFunc(list, func(a, b toldFact) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(b.Kind, a.Kind), cmp.Compare(a.Person, b.Person))
	})
}

func firstOther(a, b []toldFact) string {
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || a[i] != b[i] {
			return fmt.Sprintf("at %d: %+v and %+v", i, a[min(i, len(a)-1)], b[min(i, len(b)-1)])
		}
	}
	return ""
}
