package automation

import (
	"context"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
)

// Hear adds the work that a fact makes, once more.
var Hear = func(ctx context.Context, tx *db.Tx, e event.Event) error { return add(ctx, tx, e, 0) }
