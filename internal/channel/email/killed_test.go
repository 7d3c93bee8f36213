package email

import (
	"errors"
	"testing"
)

// What is done with a mail that was in hand when the process died.
func TestWhatKilledTheProcess(t *testing.T) {
	for _, c := range []struct {
		what                 string
		cuts, kills, reading int
		want                 string // "" is: done as ever
	}{
		{"never", 0, 0, 0, ""},
		{"once, by chance", 1, 0, 0, ""},
		{"twice, not while it was read", 2, 0, 0, "aside"},
		{"twice, the second time while it was read", 2, 0, 1, "aside"},
		{"a third time, while it was read", 1, 2, 2, "held"},
		{"again and again by chance", 1, 6, 0, ""},
		{"somebody has it tried again", 0, 3, 2, ""},
		{"too often for chance", 2, 8, 0, "held"},
	} {
		o := opened{Item: Item{Kills: c.kills, Reading: c.reading}}
		err, got := o.killed(c.cuts), ""
		var h *held
		switch {
		case errors.As(err, &h):
			got = "held"
		case err != nil:
			got = "aside"
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}
