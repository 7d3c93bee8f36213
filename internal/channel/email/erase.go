package email

import (
	"context"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
)

// Bury forgets the mail of a conversation that is about to be deleted, and
// leaves a keyed digest of each, so that it does not come back when the mailbox
// is read again. It has to be called before the messages go.
func (m *Mail) Bury(ctx context.Context, tx *db.Tx, id conversation.ID) error {
	type grave struct {
		item   ItemID
		digest []byte
	}
	list, err := db.All(ctx, tx, func(r db.Row) (g grave, err error) { return g, r.Scan(&g.item, &g.digest) }, `
		SELECT i.id, i.digest FROM email_item i JOIN conversation_message m ON m.source_id = i.id WHERE m.conversation_id = $1 ORDER BY i.id`, id)
	if err != nil {
		return err
	}
	for _, g := range list {
		if _, err := tx.Exec(ctx, `INSERT INTO email_tombstone (mac, at) VALUES ($1, $2) ON CONFLICT (mac) DO NOTHING`, m.tombstone(g.digest), tx.Now()); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM email_raw WHERE item_id = $1`, g.item); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE email_item SET state = 'suppressed', reason = 'erased', envelope_from = '', rfc_id = '', message_id = 0, digest = $2
			WHERE id = $1`, g.item, []byte{}); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `DELETE FROM email_out WHERE conversation_id = $1`, id)
	return err
}

// UsesBlob says whether the original of a mail is kept in a blob.
func UsesBlob(ctx context.Context, tx *db.Tx, key string) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM email_raw WHERE blob = $1`, key)
}

// Part is what the channel knows about people: the originals of their mail. It
// has to stand before the conversations' part, while their messages are there.
func (m *Mail) Part() contact.Part {
	return contact.Part{Name: "mail", Erase: func(ctx context.Context, tx *db.Tx, who contact.ID, _ []contact.Address) error {
		ids, err := db.All(ctx, tx, func(r db.Row) (id conversation.ID, err error) { return id, r.Scan(&id) },
			`SELECT id FROM conversation WHERE contact_id = $1 ORDER BY id`, who)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := m.Bury(ctx, tx, id); err != nil {
				return err
			}
		}
		return nil
	}}
}
