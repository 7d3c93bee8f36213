package team

import (
	"context"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/setting"
)

// Lengths is how long people stay signed in: since they were last seen, and in all. Kept
// are the browsers that are to be remembered.
type Lengths struct {
	IdleHours int
	Days      int
	KeptIdle  int // days
	KeptDays  int
}

// Sessions of a shared machine end overnight, those of one's own after two weeks away
// (NIST SP 800-63B-4, 2.2.3 asks for an end after 24 h; OWASP for one that fits the risk).
var lengths = setting.Of[Lengths]{Name: "team.sessions", Default: Lengths{IdleHours: 12, Days: 7, KeptIdle: 14, KeptDays: 30}}

const day = 24 * time.Hour

func (l Lengths) idle(kept bool) time.Duration {
	if kept {
		return time.Duration(l.KeptIdle) * day
	}
	return time.Duration(l.IdleHours) * time.Hour
}

func (l Lengths) whole(kept bool) time.Duration {
	if kept {
		return time.Duration(l.KeptDays) * day
	}
	return time.Duration(l.Days) * day
}

// GetLengths returns how long sessions last.
func GetLengths(ctx context.Context, tx *db.Tx) (Lengths, error) {
	return setting.Get(ctx, tx, lengths)
}

// ChangeLengths says how long sessions last from now on. Those that are open end
// sooner if they are to, and not later than was said when they began.
func ChangeLengths(ctx context.Context, tx *db.Tx, l Lengths) error {
	if err := Allow(ctx, ManagePeople); err != nil {
		return err
	}
	var c problem.Check
	c.That(l.IdleHours >= 1 && l.IdleHours <= 72, "idle_hours", "Enter %d to %d hours.", 1, 72)
	c.That(l.Days >= 1 && l.Days <= 30, "days", "Enter %d to %d days.", 1, 30)
	c.That(l.KeptIdle >= 1 && l.KeptIdle <= 90, "kept_idle", "Enter %d to %d days.", 1, 90)
	c.That(l.KeptDays >= 1 && l.KeptDays <= 90, "kept_days", "Enter %d to %d days.", 1, 90)
	if err := c.Err(); err != nil {
		return err
	}
	was, err := GetLengths(ctx, tx)
	if err != nil || was == l {
		return err
	}
	if err := setting.Set(ctx, tx, lengths, l); err != nil {
		return err
	}
	if err := forgetKnown(ctx, tx); err != nil { // every process remembers sessions with their lengths
		return err
	}
	return event.Record(ctx, tx, LengthsChanged{l})
}

// bound puts the lengths that hold now into a session that was read.
func (s *Session) bound(l Lengths) {
	s.idle = l.idle(s.Kept)
	if last := s.CreatedAt.Add(l.whole(s.Kept)); last.Before(s.ExpiresAt) {
		s.ExpiresAt = last
	}
}
