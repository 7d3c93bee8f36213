package contact

import (
	"context"
	"fmt"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Block makes that no mail goes to a person: he asked for it, or his address
// does not exist any more. The reason is for agents.
func Block(ctx context.Context, tx *db.Tx, id ID, why string) error {
	if err := team.Allow(ctx, team.EditContacts); err != nil {
		return err
	}
	if why = clean(why, 500); why == "" {
		return problem.For("reason", "Say why.")
	}
	c, err := load(ctx, tx, id)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE contact SET blocked = $2, blocked_at = $3, updated_at = $3 WHERE id = $1 AND blocked <> $2`, c.ID, why, tx.Now())
	if err != nil || n == 0 {
		return err
	}
	return event.Record(ctx, tx, Blocked{c.ID})
}

// Unblock lets mail go to a person again.
func Unblock(ctx context.Context, tx *db.Tx, id ID) error {
	if err := team.Allow(ctx, team.EditContacts); err != nil {
		return err
	}
	c, err := load(ctx, tx, id)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE contact SET blocked = '', blocked_at = NULL, updated_at = $2 WHERE id = $1 AND blocked <> ''`, c.ID, tx.Now())
	if err != nil {
		return fmt.Errorf("unblock %s: %w", c.ID, err)
	}
	if n == 0 {
		return nil
	}
	return event.Record(ctx, tx, Unblocked{c.ID})
}
