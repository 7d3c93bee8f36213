package settings

import (
	"context"
	"strconv"
	"strings"
	"time"

	"baraji/internal/calendar"
	"baraji/internal/kit/hours"
	"baraji/internal/kit/i18n"
	"baraji/internal/web/ui"
)

// weekdays in the order in which a week is read here: from Monday.
var weekdays = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}

func dayField(d time.Weekday) string { return "day_" + strconv.Itoa(int(d)) }

func rotaHead(ctx context.Context, p rota) string {
	switch {
	case p.ID == calendar.Firm:
		return t(ctx, "hours_firm")
	case p.ID == 0:
		return t(ctx, "hours_new")
	}
	return p.Calendar.Name
}

func rotaPath(p rota) string {
	if p.ID == 0 {
		return "/settings/hours/new"
	}
	return "/settings/hours/" + p.ID.String()
}

// stateWord says what holds now: open, closes 18:00; closed, opens on Monday at 9. Times are those of the calendar's own zone.
func stateWord(ctx context.Context, p rota) string {
	key := "hours_closed"
	if p.State.Open {
		key = "hours_open"
	}
	if p.State.Until.IsZero() || p.State.Until.Sub(p.Now) > 300*24*time.Hour {
		return t(ctx, key+"_always")
	}
	r := i18n.Of(ctx)
	r.Zone = p.Place()
	there := i18n.With(ctx, r)
	at := i18n.Clock(there, p.State.Until)
	if hours.DateOf(p.State.Until, r.Zone) != hours.DateOf(p.Now, r.Zone) {
		at = i18n.Date(there, p.State.Until) + " " + at
	}
	return t(ctx, key, "at", at)
}

func openTone(p rota) string {
	if p.State.Open {
		return "good"
	}
	return ""
}

// servesWord says whose hours they are.
func servesWord(ctx context.Context, p rota) string {
	if p.ID == calendar.Firm {
		return t(ctx, "hours_for_all")
	}
	list := append([]string{}, p.Tiers...)
	for _, c := range p.All {
		for _, id := range p.Teams {
			if c.ID == id {
				list = append(list, c.Name)
			}
		}
	}
	if len(list) == 0 {
		return t(ctx, "hours_for_none")
	}
	return strings.Join(list, ", ")
}

// spanWord says some days: 24 Dec – 26 Dec.
func spanWord(ctx context.Context, c coming) string {
	first := dateWord(ctx, c.First)
	if c.First == c.Last {
		return first
	}
	return first + " – " + dateWord(ctx, c.Last)
}

func dateWord(ctx context.Context, d hours.Date) string {
	r := i18n.Of(ctx)
	r.Zone = time.UTC
	return i18n.Date(i18n.With(ctx, r), time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC))
}

// whatWord says what such days are.
func whatWord(ctx context.Context, c coming) string {
	if c.Hours == "" {
		return t(ctx, "hours_kind_"+string(c.Kind))
	}
	return t(ctx, "hours_kind_"+string(c.Kind)) + " " + c.Hours
}

func kindChoices(ctx context.Context) (list []ui.Option) {
	for _, k := range calendar.Kinds {
		list = append(list, ui.Option{Value: string(k), Label: t(ctx, "hours_kind_"+string(k))})
	}
	return list
}

func dateValue(d hours.Date) string {
	if (d == hours.Date{}) {
		return ""
	}
	return d.String()
}

// unreadLines are what is wrong with a file, line by line.
func unreadLines(ctx context.Context, trouble ui.Trouble) (list []string) {
	for _, e := range trouble.Errors {
		if n, ok := strings.CutPrefix(e.Name, "line_"); ok {
			list = append(list, t(ctx, "hours_line", "n", n, "text", e.Text))
		}
	}
	return list
}

// drawn are the hours of a day as parts of it, in minutes.
func drawn(text string) []hours.Block {
	blocks, _ := hours.ParseBlocks(text) // what is wrong stands below the field
	return blocks
}

func minutes(n int) string { return strconv.Itoa(n) }
