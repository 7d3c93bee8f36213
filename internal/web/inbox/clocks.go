package inbox

import (
	"context"

	"baraji/internal/kit/i18n"
	"baraji/internal/sla"
	"baraji/internal/web/ui"
)

// ticks says that a clock runs against us, with a time that is known.
func ticks(l sla.Clocks) bool {
	_, c, ok := l.Soonest()
	return ok && !c.Due.IsZero()
}

// timer is the clock that is due first, amber for the last fifth of its time.
func timer(ctx context.Context, l sla.Clocks) ui.TimerProps {
	which, c, _ := l.Soonest()
	return ui.TimerProps{Due: c.Due, Soon: c.Due.Sub(c.Warn), About: i18n.T(ctx, "inbox.clock_"+string(which), "due", i18n.Moment(ctx, c.Due))}
}
