package automation

import (
	"context"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/outcall"
)

// Hear adds the work that a fact makes, once more.
var Hear = func(ctx context.Context, tx *db.Tx, e event.Event) error { return add(ctx, tx, e, 0) }

// Fits looks through all rules for a fact and gives the first that fits.
func Fits(ctx context.Context, tx *db.Tx, e event.Event) (ID, error) {
	r, _, err := db.Attached[*Rules](tx).first(ctx, tx, e, 0)
	return r.ID, err
}

// outHeaders looks at headers as a rule's maker writes them.
func outHeaders(c *problem.Check, text string) { outcall.ReadHeaders(c, "headers", text) }
