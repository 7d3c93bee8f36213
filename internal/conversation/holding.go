package conversation

import (
	"context"

	"baraji/internal/kit/db"
	"baraji/internal/kit/fulltext"
	"baraji/internal/kit/token"
)

// Holding are messages of the conversations of a filter that may hold words, older than before (0: from the newest on), the newest
// first. The index only says that they might, and knows what stands in notes: it is for whoever looks at each message
// himself, since he may see some of a conversation and not all.
func Holding(ctx context.Context, tx *db.Tx, q token.Query, f Filter, before MessageID, limit int) ([]Message, error) {
	var a db.Args
	where := fulltext.Match(tx, &a, searchTable, "m.id", q) + ` AND ` + f.where(ctx, &a)
	if before != 0 {
		where += ` AND m.id < ` + a.Add(before)
	}
	return db.All(ctx, tx, scanMessage, `SELECT `+messageColumns+` FROM conversation_message m JOIN conversation c ON c.id = m.conversation_id
		WHERE `+where+` ORDER BY m.id DESC`+db.Limit(limit), a.List()...)
}
