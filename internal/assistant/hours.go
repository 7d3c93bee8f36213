package assistant

import (
	"context"
	"strconv"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/hours"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/setting"
	"baraji/internal/team"
)

// Hours is when somebody of the team is there, as far as the figures care: a week in the firm's zone, from Sunday, as people
// write it ("09:00-12:00, 13:00-18:00"; nothing is closed).
type Hours struct{ Days [7]string }

const workday = "09:00-18:00"

var openHours = setting.Of[Hours]{Name: "assistant.hours", Default: Hours{[7]string{"", workday, workday, workday, workday, workday, ""}}}

// GetHours returns the hours.
func GetHours(ctx context.Context, tx *db.Tx) (Hours, error) { return setting.Get(ctx, tx, openHours) }

// SetHours changes them. What was asked before keeps what was so at its time.
func SetHours(ctx context.Context, tx *db.Tx, h Hours) error {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return err
	}
	var c problem.Check
	for day, text := range h.Days {
		blocks, err := hours.ParseBlocks(text)
		c.That(err == nil, "day_"+strconv.Itoa(day), "Enter hours such as 09:00-18:00.")
		h.Days[day] = written(blocks)
	}
	if err := c.Err(); err != nil {
		return err
	}
	if err := setting.Set(ctx, tx, openHours, h); err != nil {
		return err
	}
	return event.Record(ctx, tx, HoursChanged{})
}

func written(blocks []hours.Block) (s string) {
	for i, b := range blocks {
		if i > 0 {
			s += ", "
		}
		s += b.String()
	}
	return s
}

// isOpen says whether somebody of the team is there.
func isOpen(ctx context.Context, tx *db.Tx, at time.Time) (bool, error) {
	c, err := calendar(ctx, tx)
	return c.Open(at), err
}
