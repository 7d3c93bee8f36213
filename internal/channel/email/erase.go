package email

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
)

// Bury forgets the mail of a conversation that is about to be deleted, and
// leaves a keyed digest of each, so that it does not come back when the mailbox
// is read again. It has to be called before the messages go.
func (m *Mail) Bury(ctx context.Context, tx *db.Tx, id conversation.ID) error {
	if err := m.buryWhere(ctx, tx, `m.conversation_id = $1`, id); err != nil {
		return err
	}
	// The outbox by message: after a merge a mail stands in another conversation than it was written in.
	_, err := tx.Exec(ctx, `DELETE FROM email_out WHERE message_id IN (SELECT id FROM conversation_message WHERE conversation_id = $1)`, id)
	return err
}

// buryWhere forgets the mails whose messages a condition on m finds.
func (m *Mail) buryWhere(ctx context.Context, tx *db.Tx, where string, arg any) error {
	list, err := db.All(ctx, tx, scanGrave, `SELECT i.id, i.digest FROM email_item i JOIN conversation_message m ON m.source_id = i.id WHERE `+where+` ORDER BY i.id`, arg)
	if err != nil {
		return err
	}
	for _, g := range list {
		if err := m.bury(ctx, tx, g); err != nil {
			return err
		}
	}
	return nil
}

type grave struct {
	item   ItemID
	digest []byte
}

func scanGrave(r db.Row) (g grave, err error) { return g, r.Scan(&g.item, &g.digest) }

// bury forgets one mail, and the copies of it that no message was made of.
func (m *Mail) bury(ctx context.Context, tx *db.Tx, g grave) error {
	if _, err := tx.Exec(ctx, `INSERT INTO email_tombstone (mac, at) VALUES ($1, $2) ON CONFLICT (mac) DO NOTHING`, m.tombstone(g.digest), tx.Now()); err != nil {
		return err
	}
	for _, stmt := range []string{
		`DELETE FROM email_raw WHERE item_id IN (SELECT id FROM email_item WHERE id = $1 OR digest = $2 AND message_id = 0)`,
		`UPDATE email_item SET state = 'suppressed', reason = 'erased', error = '', envelope_from = '', rfc_id = '', message_id = 0, digest = $3
			WHERE id = $1 OR digest = $2 AND message_id = 0`,
	} {
		args := []any{g.item, g.digest, []byte{}}
		if _, err := tx.Exec(ctx, stmt, args[:strings.Count(stmt, "$3")+2]...); err != nil {
			return err
		}
	}
	return nil
}

// UsesBlob says whether the original of a mail is kept in a blob.
func UsesBlob(ctx context.Context, tx *db.Tx, key string) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM email_raw WHERE blob = $1`, key)
}

// Part is what the channel knows about people: the originals of their mail. It
// has to stand before the conversations' part, while their messages are there.
func (m *Mail) Part() contact.Part {
	return contact.Part{Name: "mail", Erase: func(ctx context.Context, tx *db.Tx, who contact.ID, had []contact.Address) error {
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
		if err := m.buryGuest(ctx, tx, who, addressesOf(had)); err != nil {
			return err
		}
		return m.buryHeld(ctx, tx, had)
	}}
}

func addressesOf(had []contact.Address) (list []string) {
	for _, a := range had {
		if a.Kind == contact.Email {
			list = append(list, strings.ToLower(a.Value))
		}
	}
	return list
}

// buryGuest forgets what somebody wrote in the conversations of others, and that mail
// of ours went to him there. Mail that is still on its way keeps its recipients.
func (m *Mail) buryGuest(ctx context.Context, tx *db.Tx, who contact.ID, addresses []string) error {
	if err := m.buryWhere(ctx, tx, `m.contact_id = $1`, who); err != nil {
		return err
	}
	for _, stmt := range []string{
		`DELETE FROM email_out_recipient WHERE lower(address) = $1 AND out_id NOT IN (SELECT id FROM email_out WHERE state IN ('queued', 'sending'))`,
		`UPDATE email_out_recipient SET answer = '' WHERE lower(answer) LIKE '%' || $1 || '%' ESCAPE '\'`,
		`DELETE FROM email_auto_sent WHERE lower(address) = $1`,
		`UPDATE email_item SET envelope_from = '' WHERE lower(envelope_from) = $1`,
	} {
		for _, address := range addresses {
			if strings.Contains(stmt, "LIKE") {
				address = db.Like(address)
			}
			if _, err := tx.Exec(ctx, stmt, address); err != nil {
				return err
			}
		}
	}
	return nil
}

// buryHeld forgets what stands in the quarantine and has an address of the person
// in it. It reads those mails: there are few.
func (m *Mail) buryHeld(ctx context.Context, tx *db.Tx, had []contact.Address) error {
	var names [][]byte
	for _, a := range addressesOf(had) {
		names = append(names, []byte(a))
	}
	if len(names) == 0 {
		return nil
	}
	list, err := db.All(ctx, tx, scanGrave, `SELECT id, digest FROM email_item WHERE state = 'quarantine' ORDER BY id`)
	if err != nil {
		return err
	}
	for _, g := range list {
		raw, key, err := getRaw(ctx, tx, g.item)
		if errors.Is(err, db.ErrNoRow) {
			continue
		}
		if err == nil && key != "" {
			raw, err = m.readBlob(ctx, key)
		}
		if err != nil {
			return err
		}
		head := bytes.ToLower(raw[:min(len(raw), 256<<10)])
		if !slices.ContainsFunc(names, func(n []byte) bool { return bytes.Contains(head, n) }) {
			continue
		}
		if err := m.bury(ctx, tx, g); err != nil {
			return err
		}
	}
	return nil
}
