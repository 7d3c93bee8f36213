package email

import (
	"context"
	"encoding/hex"

	"baraji/internal/contact"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
)

// known says why a mail whose bytes we know is not to become a message, or "".
// A twin that came later counts if it is a message already: this one was held
// and is tried again.
func (m *Mail) known(ctx context.Context, tx *db.Tx, i Item) (string, error) {
	gone, err := m.entombed(ctx, tx, i.Digest)
	if err != nil || gone {
		return ReasonErased, err
	}
	twin, err := db.Exists(ctx, tx, `SELECT 1 FROM email_item WHERE digest = $1 AND inbox_id = $2
		AND (id < $3 AND state <> 'quarantine' OR id > $3 AND state = 'conversation')`, i.Digest, i.Inbox, i.ID)
	if err != nil || twin {
		return ReasonDuplicate, err
	}
	return "", nil
}

// leaveOut says why a mail is not to become a message, or "".
func (m *Mail) leaveOut(ctx context.Context, tx *db.Tx, o opened) (string, error) {
	reason, err := m.known(ctx, tx, o.Item)
	if err != nil || reason != "" {
		return reason, err
	}
	erased, err := contact.ErasedAt(ctx, tx, contact.Email, o.sender.Addr)
	if err != nil {
		return "", err
	}
	if o.ReceivedAt.Before(erased) {
		return ReasonErased, nil
	}
	own, err := m.own(ctx, tx, o)
	if err != nil || own {
		return ReasonOwn, err
	}
	return "", nil
}

// own says whether we sent a mail ourselves: it has an id of ours and comes from
// an address of ours. The id alone would let whoever has seen it hide a mail.
func (m *Mail) own(ctx context.Context, tx *db.Tx, o opened) (bool, error) {
	_, answer := ourMessage(m.keys, o.mail.MessageID)
	_, bulk := ourBulk(m.keys, o.mail.MessageID)
	if !answer && !bulk || o.kind.Bounce != nil {
		return false, nil
	}
	return isInbox(ctx, tx, o.sender.Addr)
}

// isInbox says whether an address is one that customers write to.
func isInbox(ctx context.Context, tx *db.Tx, address string) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM inbox WHERE channel = 'email' AND address = $1`, inbox.Fold(address))
}

// entombed says whether a mail was erased before.
func (m *Mail) entombed(ctx context.Context, tx *db.Tx, digest []byte) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM email_tombstone WHERE mac = $1`, m.tombstone(digest))
}

func (m *Mail) tombstone(digest []byte) string {
	return m.keys.Tag("mail.tombstone", hex.EncodeToString(digest))
}
