package conversation

import (
	"context"
	"fmt"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/team"
)

// Delete takes a conversation away for good, with all that was said in it. The
// channel remembers that its mail was here, so that it does not come back.
func Delete(ctx context.Context, tx *db.Tx, id ID) error {
	if err := team.Allow(ctx, team.Delete); err != nil {
		return err
	}
	if _, err := Get(ctx, tx, id); err != nil {
		return err
	}
	if err := remove(ctx, tx, id); err != nil {
		return fmt.Errorf("delete %s: %w", id, err)
	}
	return event.Record(ctx, tx, Deleted{id})
}

func remove(ctx context.Context, tx *db.Tx, id ID) error {
	ids, err := db.All(ctx, tx, func(r db.Row) (m MessageID, err error) { return m, r.Scan(&m) },
		`SELECT id FROM conversation_message WHERE conversation_id = $1 ORDER BY id`, id)
	if err != nil {
		return err
	}
	if err := unindex(ctx, tx, ids...); err != nil {
		return err
	}
	for _, stmt := range []string{
		`DELETE FROM conversation_draft WHERE conversation_id = $1`,
		`DELETE FROM conversation_move WHERE from_id = $1 OR to_id = $1`,
		`UPDATE conversation SET merged_into = 0 WHERE merged_into = $1 AND merged_into <> 0`,
		`DELETE FROM conversation WHERE id = $1`, // its messages and the rest go with it
	} {
		if _, err := tx.Exec(ctx, stmt, id); err != nil {
			return err
		}
	}
	return nil
}
