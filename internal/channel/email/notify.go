package email

import (
	"context"
	"crypto/rand"
	"errors"
	"net"
	"strings"
	"time"

	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/html"
	"baraji/internal/kit/mail"
)

// ErrNoInbox says that no inbox has a server to send with.
var ErrNoInbox = errors.New("no inbox can send mail yet")

// Notify sends a mail of the program itself to somebody who works here, through
// the oldest inbox that can send. It uses the network: for jobs only. Nobody
// answers such a mail, so its envelope sender is empty (RFC 3834).
func (m *Mail) Notify(ctx context.Context, to, name, subject, text string) error {
	return m.notify(ctx, to, name, subject, text, nil)
}

// Circular is Notify for a mail that goes to many who asked for it: its reader's program can take him off by a POST to off (RFC 8058).
func (m *Mail) Circular(ctx context.Context, to, subject, text, off string) error {
	return m.notify(ctx, to, "", subject, text, []mail.Field{{Name: "List-Unsubscribe", Value: "<" + off + ">"}, {Name: "List-Unsubscribe-Post", Value: "List-Unsubscribe=One-Click"}})
}

func (m *Mail) notify(ctx context.Context, to, name, subject, text string, extra []mail.Field) error {
	var in inbox.Inbox
	var account Account
	err := m.db.Read(ctx, func(tx *db.Tx) (err error) {
		in, account, err = m.sender(ctx, tx, 0)
		return err
	})
	if err != nil {
		return err
	}
	if in.ID == 0 {
		return ErrNoInbox
	}
	_, domain, _ := strings.Cut(in.Address, "@")
	raw, err := mail.Compose(mail.Outgoing{From: mail.Address{Name: in.Name, Addr: in.Address}, To: []mail.Address{{Name: name, Addr: to}},
		Subject: subject, Date: m.db.Now(), MessageID: "note." + strings.ToLower(rand.Text()) + "@" + domain, Text: text, HTML: html.FromText(text),
		AutoSubmitted: "auto-generated", Extra: extra, Seed: rand.Text()})
	if err != nil {
		return err
	}
	if raw, err = m.signed(raw, account.DKIM); err != nil {
		return err
	}
	c, _, err := m.smtp(ctx, account.SMTP)
	if err != nil {
		return err
	}
	defer c.Close()
	return c.SendMail("", []string{to}, strings.NewReader(string(raw)))
}

// Listener listens where inbound mail shall come in; see Listen for the address.
func Listener(address string) (net.Listener, error) {
	address = strings.TrimPrefix(address, "lmtp:")
	if path, ok := strings.CutPrefix(address, "unix:"); ok {
		return net.Listen("unix", path)
	}
	return net.Listen("tcp", address)
}

// IsLMTP says whether an address asks for LMTP instead of SMTP.
func IsLMTP(address string) bool { return strings.HasPrefix(address, "lmtp:") }

// deadAfter is how long a mailbox may be out of reach before we say that we are
// not ready.
const deadAfter = 10 * time.Minute

// Dead lists the names of the open inboxes that have been out of reach for long.
func Dead(ctx context.Context, tx *db.Tx) ([]string, error) {
	return db.All(ctx, tx, func(r db.Row) (s string, err error) { return s, r.Scan(&s) }, `
		SELECT i.name FROM email_account a JOIN inbox i ON i.id = a.inbox_id WHERE i.enabled AND a.in_trouble <> '' AND a.in_at < $1 ORDER BY i.name`,
		tx.Now().Add(-deadAfter))
}
