package acts

import (
	"context"
	"strconv"
	"strings"

	"baraji/internal/kit/i18n"
	"baraji/internal/web/ui"
)

// Units are those in which a span of time is typed.
var Units = []string{"minutes", "hours", "days"}

func unitMinutes(unit string) int {
	switch unit {
	case "hours":
		return 60
	case "days":
		return 24 * 60
	}
	return 1
}

// InMinutes is a number of a unit in minutes; what is no number stays as it is.
func InMinutes(n, unit string) string {
	v, err := strconv.Atoi(strings.TrimSpace(n))
	if err != nil || v > 100_000 {
		return n
	}
	return strconv.Itoa(v * unitMinutes(unit))
}

// InUnits is a number of minutes in the largest unit that it fills.
func InUnits(minutes string) (n, unit string) {
	v, err := strconv.Atoi(minutes)
	if err != nil || v == 0 {
		return minutes, "hours"
	}
	for _, u := range []string{"days", "hours"} {
		if v%unitMinutes(u) == 0 {
			return strconv.Itoa(v / unitMinutes(u)), u
		}
	}
	return minutes, "minutes"
}

// Span is a number of minutes in words: 3 days, 3일.
func Span(ctx context.Context, minutes string) string {
	n, unit := InUnits(minutes)
	if i18n.Of(ctx).Locale == i18n.Korean {
		return n + word(ctx, "unit_"+unit)
	}
	return n + " " + word(ctx, "unit_"+unit)
}

// UnitOptions are the units as a choice.
func UnitOptions(ctx context.Context) (list []ui.Option) {
	for _, u := range Units {
		list = append(list, ui.Option{Value: u, Label: word(ctx, "unit_"+u)})
	}
	return list
}
