package email

import (
	"context"
	"errors"

	"baraji/internal/contact"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/mail"
)

// FlagForged marks a mail whose sender is not who it says, as far as our own mail
// server can tell: DMARC failed (docs/decisions/0010-forged-senders.md).
const FlagForged = "forged"

// isForged says whether the mail server of the inbox found that a mail is not from
// whom it names. Only the server that the inbox trusts is believed: everybody can
// write an Authentication-Results into his mail.
func (o opened) isForged(ctx context.Context, tx *db.Tx) (bool, error) {
	if !o.mail.Header.Has("Authentication-Results") {
		return false, nil
	}
	trusted, err := authServer(ctx, tx, o.Inbox)
	return mail.ReadVerdicts(o.mail.Header, trusted).DMARC == mail.Fail, err
}

// authServer is the name under which the mail server of an inbox writes what it found
// out about senders; "" if none is believed.
func authServer(ctx context.Context, tx *db.Tx, id inbox.ID) (string, error) {
	name, err := db.Value[string](ctx, tx, `SELECT auth_server FROM email_account WHERE inbox_id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return "", nil
	}
	return name, err
}

// from is the person whom a mail is from. Whoever forges an address is not its owner.
func (o opened) from(ctx context.Context, tx *db.Tx) (contact.Contact, error) {
	s := contact.Sender{Email: o.sender.Addr, Name: o.sender.Name, Language: o.language}
	if o.forged {
		return contact.Claimed(ctx, tx, s)
	}
	who, _, err := contact.Resolve(ctx, tx, s)
	return who, err
}
