package app_test

import (
	"fmt"
	"testing"

	"baraji/internal/channel/email"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/test/rig"
)

// Mail is taken off the server only where the inbox says so, and only when it is
// ours.
func TestMailIsTakenOffTheServerOnlyWhenAskedFor(t *testing.T) {
	rig.Need(t, "dovecot")
	for _, asked := range []bool{false, true} {
		t.Run(fmt.Sprint(asked), func(t *testing.T) {
			dovecot := rig.Dovecot(t, shop)
			desk, ctx := start(t, db.SQLite, nil)
			err := desk.DB.Write(ctx, func(tx *db.Tx) error {
				in, err := inbox.Create(ctx, tx, inbox.Inbox{Name: "Shop", Channel: "email", Address: shop})
				if err != nil {
					return err
				}
				return desk.Mail.SetAccount(ctx, tx, email.Account{Inbox: in.ID, IMAP: server(dovecot.IMAP, shop, rig.Password), DeleteAfter: asked})
			})
			if err != nil {
				t.Fatal(err)
			}
			const n = 5
			for i := range n {
				dovecot.Append(shop, "INBOX", fmt.Appendf(nil, "From: kim@customer.example\r\nTo: %s\r\nSubject: question %d\r\nMessage-ID: <d%d@customer.example>\r\n\r\nWhere is my lamp?\r\n", shop, i, i), nil, desk.DB.Now())
			}
			eventually(t, "all are conversations", func() bool { return len(conversations(t, ctx, desk.App)) == n })
			if asked {
				eventually(t, "the mailbox is empty", func() bool { return dovecot.Messages(shop) == 0 })
			} else if left := dovecot.Messages(shop); left != n {
				t.Errorf("%d mails left of %d", left, n)
			}
		})
	}
}
