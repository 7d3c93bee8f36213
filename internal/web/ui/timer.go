package ui

import (
	"context"
	"time"

	"baraji/internal/kit/i18n"
)

// TimerProps is a clock that runs against somebody: a target of the SLA, a
// promise. It is text, then an amber pill, then a red one, always with its words.
type TimerProps struct {
	Due   time.Time
	Soon  time.Duration // amber so long before; 15 minutes when 0
	Held  bool          // the clock stands
	Why   string        // why it stands: "waits for the customer"
	About string        // what the target is, shown as a tip
}

func (t TimerProps) soon() time.Duration {
	if t.Soon == 0 {
		return 15 * time.Minute
	}
	return t.Soon
}

// state is "held", "over", "soon" or nothing. Without a time of reading the clock
// is drawn calm; the script corrects it.
func (t TimerProps) state(now time.Time) string {
	left := t.Due.Sub(now)
	switch {
	case t.Held:
		return "held"
	case now.IsZero():
		return ""
	case left < 0:
		return "over"
	case left < t.soon():
		return "soon"
	}
	return ""
}

func (t TimerProps) classes(now time.Time) string {
	if s := t.state(now); s != "" {
		return "timer timer--" + s
	}
	return "timer"
}

func (t TimerProps) text(ctx context.Context) string {
	now := i18n.Of(ctx).Now
	left := t.Due.Sub(now)
	switch {
	case t.Held && t.Why != "":
		return t.Why
	case t.Held:
		return i18n.T(ctx, "common.held")
	case now.IsZero():
		return i18n.Clock(ctx, t.Due)
	case left <= -time.Minute:
		return i18n.T(ctx, "time.over", "span", i18n.Duration(ctx, left))
	case left < 0:
		return i18n.T(ctx, "time.due_now")
	case left < time.Minute:
		return i18n.T(ctx, "time.due_soon")
	}
	return i18n.T(ctx, "time.left", "span", i18n.Duration(ctx, left))
}
