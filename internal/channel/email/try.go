package email

import (
	"context"
	"fmt"

	"baraji/internal/inbox"
	"baraji/internal/kit/db"

	"github.com/emersion/go-imap/v2"
)

// Trial is how an attempt to use the servers of an inbox went; nil is fine, or that
// there is no such server.
type Trial struct{ IMAP, SMTP error }

// Try connects to the servers of an inbox, signs in and opens its mailbox, and does
// nothing there: for whoever has just typed the settings. It uses the network, so
// it is called outside of any transaction, with a deadline.
func (m *Mail) Try(ctx context.Context, id inbox.ID) (t Trial, err error) {
	var a Account
	err = m.db.Read(ctx, func(tx *db.Tx) (err error) {
		a, err = m.Account(ctx, tx, id)
		return err
	})
	if err != nil {
		return t, err
	}
	if a.IMAP.Set() {
		t.IMAP = m.tryIMAP(ctx, a.IMAP)
	}
	if a.SMTP.Set() {
		t.SMTP = m.trySMTP(ctx, a.SMTP)
	}
	return t, nil
}

func (m *Mail) tryIMAP(ctx context.Context, s Server) error {
	c, err := m.imap(ctx, s, nil)
	if err != nil {
		return err
	}
	defer c.Close()
	stop := context.AfterFunc(ctx, func() { c.Close() })
	defer stop()
	if _, err := c.Select(s.Mailbox(), &imap.SelectOptions{ReadOnly: true}).Wait(); err != nil {
		return fmt.Errorf("open the folder %s: %w", s.Mailbox(), err)
	}
	return nil
}

func (m *Mail) trySMTP(ctx context.Context, s Server) error {
	c, err := m.smtp(ctx, s)
	if err != nil {
		return err
	}
	defer c.Close()
	stop := context.AfterFunc(ctx, func() { c.Close() })
	defer stop()
	return c.Noop()
}
