package email

import (
	"context"
	"slices"
	"strings"

	"baraji/internal/consent"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/mail"
	"baraji/internal/kit/problem"
)

// bounced marks an answer of ours that came back, and for whom. It can be sent
// again then: to those.
func bounced(ctx context.Context, tx *db.Tx, msg conversation.MessageID, b mail.Bounce) error {
	if b.Delayed || !b.Permanent {
		return nil
	}
	to, err := sentTo(ctx, tx, msg)
	if err != nil || len(to) == 0 {
		return err
	}
	who := foldAddress(b.Recipient)
	if !slices.Contains(to, who) {
		if len(to) > 1 {
			return nil // one of them forwards his mail: nobody knows who. The report itself says it
		}
		who = to[0]
	}
	if b.Hard { // the address itself is refused: nothing that goes to many goes there any more
		if err := consent.Suppress(ctx, tx, who, consent.HardBounce, msg.String()+" "+b.Status); err != nil && problem.KindOf(err) != problem.Invalid {
			return err
		}
	}
	why := clip(strings.TrimSpace(b.Status+" "+b.Detail), 500)
	o, err := db.One(ctx, tx, scanOut, `UPDATE email_out SET state = 'failed', error = $2, updated_at = $3 WHERE message_id = $1
		AND state IN ('sent', 'unconfirmed', 'failed') RETURNING `+outColumns, msg, why, tx.Now())
	if err == db.ErrNoRow {
		return nil // it is being sent again
	}
	if err != nil {
		return err
	}
	list, err := recipientRows(ctx, tx, o.id)
	if err != nil {
		return err
	}
	for _, r := range list {
		if foldAddress(r.Address.Address) != who {
			continue
		}
		if _, err := tx.Exec(ctx, `UPDATE email_out_recipient SET state = 'failed', answer = $3 WHERE out_id = $1 AND address = $2`,
			o.id, r.Address.Address, why); err != nil {
			return err
		}
	}
	return conversation.SetDelivery(ctx, tx, msg, conversation.Failed, o.attempts, why)
}

// sentTo are the addresses that a message of ours went to, in the form in which
// they are compared.
func sentTo(ctx context.Context, tx *db.Tx, msg conversation.MessageID) ([]string, error) {
	return db.All(ctx, tx, func(r db.Row) (string, error) {
		var s string
		err := r.Scan(&s)
		return foldAddress(s), err
	}, `SELECT r.address FROM email_out o JOIN email_out_recipient r ON r.out_id = o.id WHERE o.message_id = $1 ORDER BY r.address`, msg)
}

// foldAddress is the form in which addresses are compared.
func foldAddress(s string) string {
	if n, ok := contact.NormalEmail(s); ok {
		return n
	}
	return strings.ToLower(strings.TrimSpace(s))
}
