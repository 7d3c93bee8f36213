package inbox

import (
	"context"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/i18n"
	"baraji/internal/sla"
	"baraji/internal/web/ui"
)

// ticks says that a clock runs against us, with a time that is known.
func ticks(l sla.Clocks) bool {
	_, c, ok := l.Soonest()
	return ok && !c.Due.IsZero()
}

// stands says that a clock began, was not met and stands before it is due, while somebody still works on the conversation.
func (t talk) stands() bool {
	_, c, ok := t.Clocks.Soonest()
	return ok && c.Held != "" && c.Due.IsZero() && t.Status != conversation.Solved
}

// standing is the clock that stands: why, and how much is left of it.
func (t talk) standing(ctx context.Context) ui.TimerProps {
	which, clock, _ := t.Clocks.Soonest()
	c := ticking{clock, which, t.Promised.Counts}
	props := c.timer(ctx)
	props.Why = statusWord(ctx, c.Held) + " · " + i18n.T(ctx, "time.left", "span", c.left(ctx))
	return props
}

// timer is the clock that is due first, amber for the last fifth of its time.
func timer(ctx context.Context, l sla.Clocks) ui.TimerProps {
	which, c, _ := l.Soonest()
	return ui.TimerProps{Due: c.Due, Soon: c.Due.Sub(c.Warn), About: i18n.T(ctx, "inbox.clock_"+string(which), "due", i18n.Moment(ctx, c.Due))}
}

func statusWord(ctx context.Context, s conversation.Status) string {
	return i18n.T(ctx, "inbox.status_"+string(s))
}

// ticking is one clock as the card shows it.
type ticking struct {
	sla.Clock
	Which  sla.Which
	Counts sla.Counts
}

// ticking are the clocks that began, in the order in which they are due.
func (t talk) ticking() (list []ticking) {
	for _, w := range sla.All {
		if c, ok := t.Clocks[w]; ok {
			list = append(list, ticking{c, w, t.Promised.Counts})
		}
	}
	return list
}

// counted is the time that counts of a clock, with its target: "6 min of 10 min".
func (c ticking) counted(ctx context.Context) string {
	return i18n.T(ctx, "sla.used_of", "used", short(ctx, c.Used(c.Counts)), "target", short(ctx, c.Target))
}

// timer says how long a clock still has, also one that stands.
func (c ticking) timer(ctx context.Context) ui.TimerProps {
	if !c.Due.IsZero() {
		return timer(ctx, sla.Clocks{c.Which: c.Clock})
	}
	return ui.TimerProps{Held: true, Why: i18n.T(ctx, "sla.stands_left", "span", c.left(ctx)), About: i18n.T(ctx, "sla.stands_about", "clock", i18n.T(ctx, "sla."+string(c.Which)), "status", statusWord(ctx, c.Held))}
}

func (c ticking) left(ctx context.Context) string {
	return short(ctx, max(c.Target-c.Used(c.Counts), 0))
}

// paused is how long a clock stood until now.
func (c ticking) paused(now time.Time) time.Duration {
	until := now
	if !c.Met.IsZero() {
		until = c.Met
	}
	return max(until.Sub(c.Started)-c.Wall, 0)
}

// pauseWord says that and why a clock stands, or how long it stood; "" where it never did for a minute.
func (c ticking) pauseWord(ctx context.Context) string {
	long := c.paused(i18n.Of(ctx).Now)
	switch {
	case c.Held != "" && long < time.Minute:
		return i18n.T(ctx, "sla.stands", "status", statusWord(ctx, c.Held))
	case c.Held != "":
		return i18n.T(ctx, "sla.stands_since", "status", statusWord(ctx, c.Held), "span", i18n.Duration(ctx, long))
	case long >= time.Minute:
		return i18n.T(ctx, "sla.stood", "span", i18n.Duration(ctx, long))
	}
	return ""
}

// short is a length in whole minutes: seconds say nothing of a target. Hours stay hours, as a day of working time is none of the calendar.
func short(ctx context.Context, d time.Duration) string {
	minutes := i18n.T(ctx, "time.minutes", "n", int(d%time.Hour/time.Minute))
	if d < time.Hour {
		return minutes
	}
	hours := i18n.T(ctx, "time.hours", "n", int(d/time.Hour))
	if d%time.Hour < time.Minute {
		return hours
	}
	return hours + " " + minutes
}
