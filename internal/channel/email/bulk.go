package email

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/html"
	"baraji/internal/kit/mail"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/secret"

	"github.com/emersion/go-smtp"
)

// Bulk is one of many mails that say the same to many people. Whoever sends them keeps a row for each, and says by Ref which row it is: the mail's
// Message-ID is made of it and signed, so an answer, a report that it came back and a complaint find the row again ([BulkAnswered]).
type Bulk struct {
	Ref     string // small letters, digits and "_"
	To      mail.Address
	Subject string
	Text    string
	HTML    string // a fragment
	Off     string // where a POST takes its reader off (RFC 8058)
	List    string // what the mails are of, for List-Id (RFC 2919): small letters, digits, "_" and "-"
	Date    time.Time
}

// Carrier sends bulk mail of one inbox, by one connection as long as the server keeps it. It is used by one goroutine and closed in the end.
type Carrier struct {
	mail    *Mail
	inbox   inbox.Inbox
	account Account
	client  *smtp.Client
	line    *line
	sent    int // by this connection
}

// perConnection is how many mails go by one connection: servers cut those that stay for long.
const perConnection = 100

// Carrier opens nothing yet: it reads what an inbox sends with.
func (m *Mail) Carrier(ctx context.Context, tx *db.Tx, id inbox.ID) (*Carrier, error) {
	in, account, err := m.bulkSender(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	return &Carrier{mail: m, inbox: in, account: account}, nil
}

func (m *Mail) bulkSender(ctx context.Context, tx *db.Tx, id inbox.ID) (inbox.Inbox, Account, error) {
	in, err := inbox.Get(ctx, tx, id)
	if err != nil {
		return in, Account{}, err
	}
	if in.Channel != "email" || !in.Enabled {
		return in, Account{}, problem.For("inbox", "Choose an inbox that sends mail.")
	}
	account, err := m.Account(ctx, tx, id)
	if err == nil && !account.SMTP.Set() {
		err = problem.For("inbox", "This inbox has no server to send mail with. Set one up, or choose another inbox.")
	}
	return in, account, err
}

// MaySendBulk is nil if an inbox can send mail.
func (m *Mail) MaySendBulk(ctx context.Context, tx *db.Tx, id inbox.ID) error {
	_, _, err := m.bulkSender(ctx, tx, id)
	return err
}

// Refused is a server's answer that it does not take a mail: now, or ever.
type Refused struct {
	Code   int
	Answer string
}

func (r Refused) Error() string { return fmt.Sprintf("%d %s", r.Code, r.Answer) }

// ForEver says whether it is of no use to try again.
func (r Refused) ForEver() bool { return r.Code >= 500 }

// Dead says whether the address itself is refused, not the mail: nobody should write to it again.
func (r Refused) Dead() bool {
	return r.ForEver() && (strings.HasPrefix(r.Answer, "5.1.1") || strings.HasPrefix(r.Answer, "5.1.10") || strings.HasPrefix(r.Answer, "5.1.2") || strings.HasPrefix(r.Answer, "5.1.6"))
}

// ErrUnconfirmed says that the connection ended when the server had the mail and had not said so: nobody knows whether it took it.
var ErrUnconfirmed = errors.New("the connection ended before the server confirmed the mail")

// Away says that the server could not be spoken with, or does not want us now: other mail would fare no better.
type Away struct{ error }

func (a Away) Unwrap() error { return a.error }

// Send hands one mail over. Before the data is ended it calls aboutToEnd, which writes down that from then on only the server knows whether it has the
// mail; if that fails, the mail is not sent. The error is nil, [Refused], [Away], [ErrUnconfirmed], or one of ours.
func (c *Carrier) Send(ctx context.Context, b Bulk, aboutToEnd func(context.Context) error) error {
	to, ok := routable(b.To.Addr)
	if !ok {
		return Refused{Code: 553, Answer: "5.1.3 not an address that mail can go to"}
	}
	raw, err := c.build(b)
	if err != nil {
		return Refused{Code: 554, Answer: clip("5.6.0 "+err.Error(), 500)}
	}
	if raw, err = c.mail.signed(raw, c.account.DKIM); err != nil { // the key is broken, for every mail
		return Away{err}
	}
	if err := c.begin(ctx, raw); err != nil {
		c.Close()
		return err
	}
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(grace, c.hangUp()) })
	defer stop()
	err = c.hand(ctx, to, raw, aboutToEnd)
	var no Refused
	switch {
	case err != nil && (!errors.As(err, &no) || c.client.Reset() != nil):
		c.Close()
	case err == nil:
		if c.sent++; c.sent >= perConnection {
			c.quit()
		}
	}
	return err
}

// begin has a connection on which a mail has begun. One that the server ended between two mails, or on which it wants no more, is made anew once.
func (c *Carrier) begin(ctx context.Context, raw []byte) error {
	from, ok := routable(c.inbox.Address)
	if !ok {
		from = c.inbox.Address
	}
	used := c.client != nil
	if err := c.open(ctx); err != nil {
		return Away{err}
	}
	err := c.client.Mail(from, options(c.client, raw))
	if err != nil && used {
		c.Close()
		return c.begin(ctx, raw)
	}
	return away(aboutUs(err))
}

// hangUp ends this connection, and no later one.
func (c *Carrier) hangUp() func() {
	client := c.client
	return func() { client.Close() }
}

func (c *Carrier) hand(ctx context.Context, to string, raw []byte, aboutToEnd func(context.Context) error) error {
	if err := c.client.Rcpt(to, nil); err != nil {
		return away(err)
	}
	w, err := c.client.Data()
	if err != nil {
		return away(err)
	}
	if _, err := w.Write(raw); err != nil {
		return away(err)
	}
	if err := aboutToEnd(ctx); err != nil {
		return err
	}
	if !c.line.silent() { // whatever it says before the end of the data, it does not have the mail
		return Away{errHungUp}
	}
	err = w.Close()
	if a := isAnswer(err); err != nil && (a == nil || a.Code == 421) {
		if a != nil { // it said no, and leaves
			return Away{err}
		}
		return ErrUnconfirmed
	}
	return away(err)
}

func isAnswer(err error) *smtp.SMTPError {
	var a *smtp.SMTPError
	if errors.As(err, &a) {
		return a
	}
	return nil
}

// away tells what a server says of this mail from all else.
func away(err error) error {
	if err == nil {
		return nil
	}
	var now notNow
	a := isAnswer(err)
	if a == nil || a.Code == 421 || errors.As(err, &now) {
		return Away{err}
	}
	said := clip(a.Message, 500)
	if a.EnhancedCode[0] > 0 {
		said = fmt.Sprintf("%d.%d.%d %s", a.EnhancedCode[0], a.EnhancedCode[1], a.EnhancedCode[2], said)
	}
	return Refused{a.Code, said}
}

func (c *Carrier) open(ctx context.Context) (err error) {
	if c.client != nil {
		return nil
	}
	c.client, c.line, err = c.mail.smtp(ctx, c.account.SMTP)
	c.sent = 0
	return err
}

// Close ends the connection, if there is one.
func (c *Carrier) Close() {
	if c.client != nil {
		c.client.Close()
	}
	c.client = nil
}

func (c *Carrier) quit() {
	if c.client != nil {
		c.client.Quit() // what it answers no longer matters
	}
	c.Close()
}

// Trouble tells how it goes with the server of the inbox; nil: well.
func (c *Carrier) Trouble(ctx context.Context, cause error) error {
	return c.mail.trouble(ctx, c.inbox.ID, true, cause)
}

// From is whom the mails are from.
func (c *Carrier) From() mail.Address { return mail.Address{Name: c.inbox.Name, Addr: c.inbox.Address} }

// build makes the bytes of a mail: the same each time.
func (c *Carrier) build(b Bulk) ([]byte, error) {
	_, domain, _ := strings.Cut(c.inbox.Address, "@")
	name := bulkID(c.mail.keys, b.Ref, domain)
	extra := []mail.Field{{Name: "Precedence", Value: "bulk"}}
	if b.List != "" {
		extra = append(extra, mail.Field{Name: "List-Id", Value: "<" + b.List + "." + domain + ">"})
	}
	if b.Off != "" {
		extra = append(extra, mail.Field{Name: "List-Unsubscribe", Value: "<" + b.Off + ">"}, mail.Field{Name: "List-Unsubscribe-Post", Value: "List-Unsubscribe=One-Click"})
	}
	raw, err := mail.Compose(mail.Outgoing{From: c.From(), To: []mail.Address{b.To}, Subject: b.Subject, Date: b.Date, MessageID: name,
		Text: b.Text, HTML: b.HTML, Extra: extra, Seed: c.mail.keys.Tag("mail.boundary", name)})
	if err != nil {
		return nil, fmt.Errorf("compose a mail to many: %w", err)
	}
	return raw, nil
}

// BulkHTML makes the HTML of a text in Markdown and of what stands below it.
func BulkHTML(body, foot string) string {
	return html.FromMarkdown(body) + `<hr>` + html.FromMarkdown(foot)
}

const bulkPurpose = "mail.bulk"

// bulkID is the Message-ID of a mail to many, without angle brackets: like that of an answer (thread.go), but what it names is the sender's.
func bulkID(keys *secret.Keys, ref, domain string) string {
	return ref + "." + keys.Tag(bulkPurpose, ref) + "@" + domain
}

// ourBulk reads a Message-ID and says which mail to many it is, if we signed it.
func ourBulk(keys *secret.Keys, messageID string) (ref string, ok bool) {
	local, _, _ := strings.Cut(strings.ToLower(strings.Trim(messageID, "<> \t")), "@")
	ref, mac, ok := strings.Cut(local, ".")
	if !ok || !keys.CheckTag(bulkPurpose, mac, ref) {
		return "", false
	}
	return ref, true
}
