package conversation

import (
	"context"

	"baraji/internal/kit/db"
	"baraji/internal/team"
)

// Unread says which of the conversations hold something of the customer's that
// whoever acts has not read. Solved ones are nobody's unread work.
func Unread(ctx context.Context, tx *db.Tx, ids []ID) (map[ID]bool, error) {
	out := map[ID]bool{}
	if len(ids) == 0 {
		return out, nil
	}
	var a db.Args
	me := a.Add(team.From(ctx).Person)
	return out, db.Each(ctx, tx, func(r db.Row) error {
		var id ID
		err := r.Scan(&id)
		out[id] = true
		return err
	}, `SELECT c.id FROM conversation c LEFT JOIN conversation_seen s ON s.conversation_id = c.id AND s.person_id = `+me+`
		WHERE c.id IN `+db.In(&a, ids)+` AND c.status <> 'solved' AND EXISTS (SELECT 1 FROM conversation_message m
		WHERE m.conversation_id = c.id AND m.id > COALESCE(s.message_id, 0) AND m.kind = 'customer')`, a.List()...)
}

// SeenUpTo is the last message of a conversation that whoever acts has read; 0: none.
func SeenUpTo(ctx context.Context, tx *db.Tx, id ID) (MessageID, error) {
	list, err := db.All(ctx, tx, func(r db.Row) (m MessageID, err error) { return m, r.Scan(&m) },
		`SELECT message_id FROM conversation_seen WHERE conversation_id = $1 AND person_id = $2`, id, team.From(ctx).Person)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	return list[0], nil
}

// ReadUpTo is the last message of a conversation that anybody of the team has read; 0: none.
func ReadUpTo(ctx context.Context, tx *db.Tx, id ID) (MessageID, error) {
	return db.Value[MessageID](ctx, tx, `SELECT COALESCE(MAX(message_id), 0) FROM conversation_seen WHERE conversation_id = $1`, id)
}

// mentionsCounted bounds the count of mentions: whoever has more looks at the list.
const mentionsCounted = 200

// MentionCount says how many conversations that are not solved have lately named
// whoever acts in a note.
func MentionCount(ctx context.Context, tx *db.Tx) (int, error) {
	var a db.Args
	me := a.Add(team.From(ctx).Person)
	return db.Value[int](ctx, tx, `SELECT COUNT(DISTINCT c.id) FROM conversation c WHERE c.status <> 'solved' AND c.merged_into = 0 AND c.id IN
		(SELECT n.conversation_id FROM (SELECT conversation_id FROM conversation_mention WHERE person_id = `+me+` ORDER BY message_id DESC`+db.Limit(mentionsCounted)+`) n)
		AND `+Visible(ctx, &a, "c"), a.List()...)
}

// LastFromCustomer is the newest message of the customer in a conversation, so
// that an answer can tell whether something came in the meantime; 0: none.
func LastFromCustomer(ctx context.Context, tx *db.Tx, id ID) (MessageID, error) {
	return db.Value[MessageID](ctx, tx, `SELECT COALESCE(MAX(id), 0) FROM conversation_message WHERE conversation_id = $1 AND kind = 'customer' AND NOT auto`, id)
}
