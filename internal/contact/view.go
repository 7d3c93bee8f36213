package contact

import (
	"context"
	"fmt"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/team"
)

// viewEvery is how often one person's looking at another is noted.
const viewEvery = time.Hour

// Looked says whether it is noted already that who acts looked at a person this
// hour. A page asks it in the Read in which it loads the person, and needs no
// Write if so.
func Looked(ctx context.Context, tx *db.Tx, id ID) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM contact_view WHERE viewer = $1 AND contact_id = $2 AND at > $3`,
		team.From(ctx).String(), id, tx.Now().Add(-viewEvery))
}

// View notes that who acts looked at a person's data, and from which network
// address: once an hour, since one look is many requests. The program itself is not noted.
func View(ctx context.Context, tx *db.Tx, id ID, from string) error {
	if team.From(ctx).IsSystem() {
		return nil
	}
	n, err := tx.Exec(ctx, `INSERT INTO contact_view (viewer, contact_id, at) VALUES ($1, $2, $3)
		ON CONFLICT (viewer, contact_id) DO UPDATE SET at = excluded.at WHERE contact_view.at <= $4`,
		team.From(ctx).String(), id, tx.Now(), tx.Now().Add(-viewEvery))
	if err != nil {
		return fmt.Errorf("note a look at %s: %w", id, err)
	}
	if n == 0 {
		return nil
	}
	return event.Record(ctx, tx, Viewed{id, from})
}
