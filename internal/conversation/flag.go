package conversation

import (
	"context"
	"strings"

	"baraji/internal/kit/db"
)

// Flag marks a message as odd for the eyes of agents; see Message.Flags.
func Flag(ctx context.Context, tx *db.Tx, id MessageID, flag string) error {
	had, err := db.Value[string](ctx, tx, `SELECT flags FROM conversation_message WHERE id = $1`, id)
	if err != nil {
		return err
	}
	list := strings.Fields(had)
	if contains(list, flag) {
		return nil
	}
	_, err = tx.Exec(ctx, `UPDATE conversation_message SET flags = $2 WHERE id = $1`, id, strings.Join(append(list, flag), " "))
	return err
}
