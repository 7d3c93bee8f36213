package conversation

import (
	"context"
	"strconv"

	"baraji/internal/kit/db"
)

// Titles is what people call conversations, "#7 Where is my lamp?", for those that whoever acts may see: one question for a list.
func Titles(ctx context.Context, tx *db.Tx, ids []ID) (map[ID]string, error) {
	out := map[ID]string{}
	if len(ids) == 0 {
		return out, nil
	}
	var a db.Args
	return out, db.Each(ctx, tx, func(r db.Row) error {
		var id ID
		var number int64
		var subject string
		err := r.Scan(&id, &number, &subject)
		out[id] = "#" + strconv.FormatInt(number, 10) + " " + subject
		return err
	}, `SELECT c.id, c.number, c.subject FROM conversation c WHERE c.id IN `+db.In(&a, ids)+` AND `+Visible(ctx, &a, "c"), a.List()...)
}

// These are the conversations of some ids that whoever acts may see, in no order.
func These(ctx context.Context, tx *db.Tx, ids []ID) ([]Conversation, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var a db.Args
	return db.All(ctx, tx, scan, `SELECT `+columns+from+`WHERE c.id IN `+db.In(&a, ids)+` AND `+Visible(ctx, &a, "c"), a.List()...)
}
