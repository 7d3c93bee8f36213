package email

import (
	"context"
	"strings"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
)

// Ceilings for automatic mail, which need no header to hold: a responder that
// answers everything at once, from changing addresses, is stopped by them.
const (
	autoPerAddressDay = 3
	autoPerDomainHour = 10
	autoPerHour       = 500
)

// OnReceived answers the first mail of a conversation by itself, where the inbox
// has a text for that. Never a machine, a list or a bounce (RFC 3834), never an
// address of ours, and never beyond the ceilings.
func (m *Mail) OnReceived(ctx context.Context, tx *db.Tx, f conversation.Received) error {
	if !f.First || f.Auto {
		return nil
	}
	c, err := conversation.Get(ctx, tx, f.ID)
	if err != nil || c.Channel != "email" {
		return err
	}
	language := c.Language
	in, err := inbox.Get(ctx, tx, c.Inbox)
	if err != nil {
		return err
	}
	if language == "" {
		language = in.Language
	}
	text, err := inbox.Text(ctx, tx, in.ID, inbox.AutoReply, language)
	if err != nil || text == "" {
		return err
	}
	msg, err := conversation.GetMessage(ctx, tx, f.Message)
	if err != nil {
		return err
	}
	ok, err := m.mayAnswer(ctx, tx, msg.FromAddress)
	if err != nil || !ok {
		return err
	}
	answer, err := conversation.AutoReply(ctx, tx, c.ID, strings.NewReplacer("{name}", c.ContactName, "{firm}", in.Name).Replace(text))
	if err != nil {
		return err
	}
	return m.post(ctx, tx, in, c, answer)
}

// mayAnswer holds the ceilings, and counts the mail if it may leave.
func (m *Mail) mayAnswer(ctx context.Context, tx *db.Tx, address string) (bool, error) {
	address = strings.ToLower(address)
	_, domain, _ := strings.Cut(address, "@")
	ours, err := db.Exists(ctx, tx, `SELECT 1 FROM inbox WHERE channel = 'email' AND address = $1`, address)
	if err != nil || ours {
		return false, err
	}
	for _, c := range []struct {
		where string
		what  string
		since time.Duration
		most  int
	}{
		{`address = $2`, address, 24 * time.Hour, autoPerAddressDay},
		{`domain = $2`, domain, time.Hour, autoPerDomainHour},
		{`address <> $2`, "", time.Hour, autoPerHour},
	} {
		n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM email_auto_sent WHERE at > $1 AND `+c.where, tx.Now().Add(-c.since), c.what)
		if err != nil || n >= c.most {
			if err == nil {
				m.log.Warn("automatic mail held back", "ceiling", c.where, "domain", domain)
			}
			return false, err
		}
	}
	_, err = tx.Exec(ctx, `INSERT INTO email_auto_sent (address, domain, at) VALUES ($1, $2, $3)`, address, domain, tx.Now())
	return err == nil, err
}

// ForgetAutoSent drops counts that no ceiling asks for any more.
func ForgetAutoSent(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `DELETE FROM email_auto_sent WHERE at < $1`, tx.Now().Add(-48*time.Hour))
	return err
}
