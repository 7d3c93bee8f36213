package email

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/routing"
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
// address of ours or one that no mail may go to, never what was not written to us
// or has a forged sender, and never beyond the ceilings.
func (m *Mail) OnReceived(ctx context.Context, tx *db.Tx, f conversation.Received) error {
	if !f.First || f.Auto {
		return nil
	}
	c, err := conversation.Get(ctx, tx, f.ID)
	if problem.KindOf(err) == problem.NotFound { // deleted in the meantime
		return nil
	}
	if err != nil || c.Channel != "email" {
		return err
	}
	in, err := inbox.Get(ctx, tx, c.Inbox)
	if err != nil {
		return err
	}
	language := c.Language
	if language == "" {
		language = in.Language
	}
	text, err := inbox.Text(ctx, tx, in.ID, inbox.AutoReply, language)
	if err != nil || text == "" {
		return err
	}
	msg, err := conversation.GetMessage(ctx, tx, f.Message)
	if err != nil || !writtenTo(in, msg) || slices.Contains(msg.Flags, FlagForged) {
		return err
	}
	who, err := contact.Get(ctx, tx, c.Contact)
	if err != nil || who.Blocked != "" {
		return err
	}
	ok, err := m.mayAnswer(ctx, tx, c, msg)
	if err != nil || !ok {
		return err
	}
	when, err := expected(ctx, tx, c, language, text)
	if err != nil {
		return err
	}
	answer, err := conversation.AutoReply(ctx, tx, c.ID, strings.NewReplacer("{name}", harmless(c.ContactName), "{firm}", in.Name, "{expected}", when).Replace(text))
	if err != nil {
		return err
	}
	return m.post(ctx, tx, in, c, answer)
}

// expected says in the customer's language when he may expect an answer, where the text wants to say so.
func expected(ctx context.Context, tx *db.Tx, c conversation.Conversation, language, text string) (string, error) {
	if !strings.Contains(text, "{expected}") {
		return "", nil
	}
	l, known := i18n.Parse(language)
	if !known {
		l = i18n.English
	}
	ctx = i18n.With(ctx, i18n.Reader{Locale: l})
	when, err := routing.PromiseOf(ctx, tx, c)
	return cmp.Or(when, i18n.T(ctx, "routing.answer_soon")), err
}

// writtenTo says whether a mail names our house among those it goes to: a list or
// a blind copy is nobody's letter to us (RFC 3834, 2). Any address of our domain
// will do, as mail comes through aliases.
func writtenTo(in inbox.Inbox, msg conversation.Message) bool {
	all := append(append([]conversation.Address{}, msg.Recipients.To...), msg.Recipients.Cc...)
	ours := domain(in.Address)
	for _, a := range all {
		if domain(a.Address) == ours {
			return true
		}
	}
	return len(all) == 0
}

func domain(address string) string {
	address = foldAddress(address)
	return address[strings.LastIndexByte(address, '@')+1:]
}

// harmless is a name as a greeting may have it. The sender of a mail is easily
// forged: a name that says more than a name would reach whom it does not belong to.
func harmless(name string) string {
	lower := strings.ToLower(name)
	if len([]rune(name)) > 40 || strings.ContainsAny(name, "/@<>[]()\n") || strings.Contains(lower, "www.") || strings.Contains(lower, "http") {
		return ""
	}
	return name
}

// ceiling bounds automatic mail of one sender, one domain, or all.
type ceiling struct {
	name  string
	where string
	what  string
	since time.Duration
	most  int
}

func ceilings(address, domain string) []ceiling {
	return []ceiling{
		{"sender", `address = $2`, address, 24 * time.Hour, autoPerAddressDay},
		{"domain", `domain = $2`, domain, time.Hour, autoPerDomainHour},
		{"all", `address <> $2`, "", time.Hour, autoPerHour},
	}
}

// mayAnswer holds the ceilings, and counts the mail if it may leave.
func (m *Mail) mayAnswer(ctx context.Context, tx *db.Tx, c conversation.Conversation, msg conversation.Message) (bool, error) {
	address := foldAddress(msg.FromAddress)
	ours, err := isInbox(ctx, tx, msg.FromAddress)
	if err != nil || ours {
		return false, err
	}
	for _, l := range ceilings(address, domain(address)) {
		n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM email_auto_sent WHERE at > $1 AND `+l.where, tx.Now().Add(-l.since), l.what)
		if err != nil {
			return false, err
		}
		if n >= l.most {
			return false, m.closed(ctx, tx, l, c, msg)
		}
	}
	_, err = tx.Exec(ctx, `INSERT INTO email_auto_sent (address, domain, at, message_id) VALUES ($1, $2, $3, $4)`, address, domain(address), tx.Now(), msg.ID)
	return err == nil, err
}

// FlagStopped marks a mail that was not answered automatically, because a ceiling
// is reached.
const FlagStopped = "no_auto_reply"

// closed tells that a ceiling held a mail back: on the mail each time, in the log
// once until the ceiling opens again.
func (m *Mail) closed(ctx context.Context, tx *db.Tx, l ceiling, c conversation.Conversation, msg conversation.Message) error {
	if err := conversation.Flag(ctx, tx, msg.ID, FlagStopped); err != nil {
		return err
	}
	return m.stopped(ctx, tx, l, AutoStopped{c.ID, c.Inbox, c.Contact, l.name})
}

// stopped writes into the log that automatic mail is held back, once until the
// ceiling opens again.
func (m *Mail) stopped(ctx context.Context, tx *db.Tx, l ceiling, f AutoStopped) error {
	n, err := tx.Exec(ctx, `INSERT INTO email_auto_stopped (what, at) VALUES ($1, $2) ON CONFLICT (what) DO UPDATE SET at = excluded.at
		WHERE email_auto_stopped.at <= $3`, l.name+" "+m.keys.Tag("mail.ceiling", l.what), tx.Now(), tx.Now().Add(-l.since))
	if err != nil || n == 0 {
		return err
	}
	m.log.Warn("automatic mail held back", "ceiling", l.name, "conversation", f.Conversation)
	return event.Record(ctx, tx, f)
}

// AutoStopped says that automatic mail is held back, as a ceiling was reached or a
// machine answers us: somebody should look what does.
type AutoStopped struct {
	Conversation conversation.ID `json:"conversation"` // the first that was not answered
	Inbox        inbox.ID        `json:"inbox"`
	Contact      contact.ID      `json:"contact"`
	Ceiling      string          `json:"ceiling"` // "sender", "domain", "all" or "loop" (gather.go)
}

// EventKind names the fact.
func (AutoStopped) EventKind() string { return "email.auto_stopped" }

// Subject is the conversation.
func (f AutoStopped) Subject() string { return f.Conversation.String() }

// ForgetAutoSent drops counts that no ceiling asks for any more.
func ForgetAutoSent(ctx context.Context, tx *db.Tx) error {
	for _, stmt := range []string{`DELETE FROM email_auto_sent WHERE at < $1`, `DELETE FROM email_auto_stopped WHERE at < $1`} {
		if _, err := tx.Exec(ctx, stmt, tx.Now().Add(-48*time.Hour)); err != nil {
			return err
		}
	}
	return nil
}
