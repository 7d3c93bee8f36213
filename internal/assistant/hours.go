package assistant

import (
	"context"
	"time"

	"baraji/internal/calendar"
	"baraji/internal/kit/db"
)

// isOpen says whether somebody of the team is there. What was asked before keeps what was so at its time.
func isOpen(ctx context.Context, tx *db.Tx, at time.Time) (bool, error) {
	h, err := calendar.Hours(ctx, tx, calendar.Firm)
	return h.Open(at), err
}
