package night

import (
	"context"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/hours"
	"baraji/internal/kit/id"
)

// Shares is how much came when.
type Shares struct {
	All, After int
	ByHour     [7][24]int // by weekday (Sunday is 0) and hour, in the zone of the calendar
}

// Part is the share that came outside working hours, 0 to 1.
func (s Shares) Part() float64 {
	if s.All == 0 {
		return 0
	}
	return float64(s.After) / float64(s.All)
}

// Share counts the conversations that customers opened since an instant, of those that one may see, by the working hours as they
// are now.
func Share(ctx context.Context, tx *db.Tx, h hours.Calendar, since time.Time) (s Shares, err error) {
	var a db.Args
	zone := h.Zone
	if zone == nil {
		zone = time.UTC
	}
	err = db.Each(ctx, tx, func(r db.Row) error {
		var at time.Time
		if err := r.Scan(db.Time(&at)); err != nil {
			return err
		}
		s.All++
		if !h.Open(at) {
			s.After++
		}
		local := at.In(zone)
		s.ByHour[local.Weekday()][local.Hour()]++
		return nil
	}, `SELECT c.created_at FROM conversation c WHERE c.id >= `+a.Add(id.From(since))+` AND c.created_at >= `+a.Add(since)+` AND c.merged_into = 0 AND `+conversation.Visible(ctx, &a, "c"), a.List()...)
	return s, err
}
