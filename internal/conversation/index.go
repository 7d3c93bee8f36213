package conversation

import (
	"context"

	"baraji/internal/kit/db"
	"baraji/internal/kit/fulltext"
	"baraji/internal/kit/token"
)

const searchTable = "conversation_search"

// index makes a message findable by its words, its subject and who it is from.
// Quoted text is left out where the new text is known: it stands in the message
// that it quotes.
func index(ctx context.Context, tx *db.Tx, m Message, name string) error {
	subject := m.Subject
	if subject == "" {
		s, err := db.Value[string](ctx, tx, `SELECT subject FROM conversation WHERE id = $1`, m.Conversation)
		if err != nil {
			return err
		}
		subject = s
	}
	return fulltext.Put(ctx, tx, searchTable, int64(m.ID), token.Index(searched(m, subject, name)))
}

// searched is the text that is searched for a message.
func searched(m Message, subject, name string) string {
	text := subject + "\n" + m.FromName + "\n" + name + "\n" + m.FromAddress + "\n" + m.words()
	for _, f := range m.Attachments {
		text += "\n" + f.Name
	}
	return text
}

func unindex(ctx context.Context, tx *db.Tx, ids ...MessageID) error {
	plain := make([]int64, len(ids))
	for i, id := range ids {
		plain[i] = int64(id)
	}
	return fulltext.Delete(ctx, tx, searchTable, plain...)
}

// reindex does it anew for every message of a conversation: its subject changed.
func reindex(ctx context.Context, tx *db.Tx, id ID) error {
	c, err := db.One(ctx, tx, scan, `SELECT `+columns+from+`WHERE c.id = $1`, id)
	if err != nil {
		return err
	}
	list, err := db.All(ctx, tx, scanMessage, `SELECT `+messageColumns+` FROM conversation_message m
		WHERE m.conversation_id = $1 AND m.kind <> 'system' AND m.delivery <> 'withdrawn' ORDER BY m.id`, id)
	if err != nil {
		return err
	}
	if err := attach(ctx, tx, list); err != nil {
		return err
	}
	for _, m := range list {
		m.Subject = c.Subject
		if err := index(ctx, tx, m, c.ContactName); err != nil {
			return err
		}
	}
	return nil
}

// Purge takes the words of deleted messages out of the search index's own pages.
func Purge(ctx context.Context, tx *db.Tx) error { return fulltext.Purge(ctx, tx, searchTable) }

// Settle keeps the search index compact; see [fulltext.Settle].
func Settle(ctx context.Context, d *db.DB) error { return fulltext.Settle(ctx, d, searchTable) }
