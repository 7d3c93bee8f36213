package shift_test

import (
	"slices"
	"testing"

	"baraji/internal/kit/db"
	"baraji/internal/shift"
)

func TestTurnsBeginAndEndAtTheirInstant(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		rota := h.make(h.day("Kim", "Noah+Oh"))
		h.at("2026-11-23 09:00")
		h.at("2026-11-23 12:00")
		h.at("2026-11-23 18:00")
		if got := h.duty(rota, "2026-11-24 10:00"); got != "Noah Oh" {
			t.Errorf("on Tuesday: %q", got)
		}
		h.at("2026-11-26 08:00") // the program was away
		want := []string{"+Kim 11-23 09:00", "-Kim 11-23 18:00", "+Noah 11-24 09:00 late", "+Oh 11-24 09:00 late", "-Noah 11-24 18:00 late", "-Oh 11-24 18:00 late",
			"+Kim 11-25 09:00 late", "-Kim 11-25 18:00 late"}
		if got := h.told(rota); !slices.Equal(got, want) {
			t.Errorf("told\n%q, want\n%q", got, want)
		}
		h.Clock.Advance(-30 * 3600e9) // the clock is put back: nothing is told again
		h.drain()
		h.do(func(tx *db.Tx) error { return shift.Ticked(h.ctx, tx, rota) })
		if got := h.told(rota); len(got) != len(want) {
			t.Errorf("told again: %q", got)
		}
	})
}
