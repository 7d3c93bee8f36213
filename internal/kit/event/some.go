package event

import (
	"context"

	"baraji/internal/kit/db"
)

// Some returns events by their ids, in one question.
func Some(ctx context.Context, tx *db.Tx, ids []ID) (map[ID]Event, error) {
	out := map[ID]Event{}
	if len(ids) == 0 {
		return out, nil
	}
	var a db.Args
	list, err := db.All(ctx, tx, scan, `SELECT `+columns+` FROM event WHERE id IN `+db.In(&a, ids), a.List()...)
	for _, e := range list {
		out[e.ID] = e
	}
	return out, err
}
