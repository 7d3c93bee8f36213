package conversation

import (
	"context"

	"baraji/internal/kit/db"
)

// MessagesFrom returns messages of a conversation that whoever acts may see, oldest
// first: at most limit from behind an id (0: from the first). For programs that
// read a conversation from its beginning.
func MessagesFrom(ctx context.Context, tx *db.Tx, id ID, after MessageID, limit int) ([]Message, error) {
	var a db.Args
	list, err := db.All(ctx, tx, scanMessage, `
		SELECT `+messageColumns+` FROM conversation_message m JOIN conversation c ON c.id = m.conversation_id
		WHERE m.conversation_id = `+a.Add(id)+` AND m.id > `+a.Add(after)+` AND `+Visible(ctx, &a, "c")+`
		ORDER BY m.id`+db.Limit(limit), a.List()...)
	if err != nil {
		return nil, err
	}
	return list, attach(ctx, tx, list)
}

// MessagesWith returns the messages with these ids that whoever acts may see, oldest first. Ids of what is gone are left out.
func MessagesWith(ctx context.Context, tx *db.Tx, ids []MessageID) ([]Message, error) {
	var a db.Args
	list, err := db.All(ctx, tx, scanMessage, `
		SELECT `+messageColumns+` FROM conversation_message m JOIN conversation c ON c.id = m.conversation_id
		WHERE m.id IN `+db.In(&a, ids)+` AND `+Visible(ctx, &a, "c")+` ORDER BY m.id`, a.List()...)
	if err != nil {
		return nil, err
	}
	return list, attach(ctx, tx, list)
}

// mostOf is how many messages MessagesOf reads in all.
const mostOf = 5000

// MessagesOf are the messages of some conversations that whoever acts may see, the newest first, without their files.
func MessagesOf(ctx context.Context, tx *db.Tx, ids []ID) (map[ID][]Message, error) {
	var a db.Args
	out := map[ID][]Message{}
	list, err := db.All(ctx, tx, scanMessage, `
		SELECT `+messageColumns+` FROM conversation_message m JOIN conversation c ON c.id = m.conversation_id
		WHERE m.conversation_id IN `+db.In(&a, ids)+` AND `+Visible(ctx, &a, "c")+`
		ORDER BY m.id DESC`+db.Limit(mostOf), a.List()...)
	for _, m := range list {
		out[m.Conversation] = append(out[m.Conversation], m)
	}
	return out, err
}
