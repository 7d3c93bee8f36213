package email

import (
	"cmp"
	"context"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/blob"
	"baraji/internal/kit/db"
	"baraji/internal/kit/html"
	"baraji/internal/kit/id"
	"baraji/internal/kit/job"
	"baraji/internal/kit/mail"
	"baraji/internal/kit/problem"
)

// OutID is the id of a mail in the outbox.
type OutID = id.Of[outKind]

type outKind struct{}

func (outKind) Prefix() string { return "out" }

// out is a mail in the outbox.
type out struct {
	id           OutID
	inbox        inbox.ID
	message      conversation.MessageID
	conversation conversation.ID
	rfcID        string // without angle brackets, fixed before the first attempt
	auto         bool
	state        conversation.Delivery
	phase        string // of an attempt that runs or was cut off: "" or phaseData
	attempts     int
	since        time.Time // it has been tried from then on
}

// phaseData says that the end of the data may have been sent.
const phaseData = "data"

const outColumns = `id, inbox_id, message_id, conversation_id, rfc_id, auto, state, phase, attempts, since`

func scanOut(r db.Row) (o out, err error) {
	return o, r.Scan(&o.id, &o.inbox, &o.message, &o.conversation, &o.rfcID, &o.auto, &o.state, &o.phase, &o.attempts, db.Time(&o.since))
}

// OnReplied puts an answer that goes by mail into the outbox.
func (m *Mail) OnReplied(ctx context.Context, tx *db.Tx, f conversation.Replied) error {
	c, err := conversation.Get(ctx, tx, f.ID)
	if problem.KindOf(err) == problem.NotFound { // deleted in the meantime
		return nil
	}
	if by := cmp.Or(f.Channel, c.Channel); err != nil || by != "email" && by != "api" {
		return err
	}
	if c.Inbox == 0 { // it came through the API when there was no inbox yet
		return conversation.SetDelivery(ctx, tx, f.Message, conversation.Failed, 0, "The conversation is in no inbox that mail could leave from.")
	}
	in, err := inbox.Get(ctx, tx, c.Inbox)
	if err != nil {
		return err
	}
	if in.Channel != "email" { // it began elsewhere
		return m.Onward(ctx, tx, f.Message)
	}
	msg, err := conversation.GetMessage(ctx, tx, f.Message)
	if err != nil || msg.Delivery != conversation.Queued {
		return err
	}
	return m.post(ctx, tx, in, c, msg)
}

// post makes the outbox row of an answer and the job that sends it.
func (m *Mail) post(ctx context.Context, tx *db.Tx, in inbox.Inbox, c conversation.Conversation, msg conversation.Message) error {
	to, err := m.recipients(ctx, tx, in, c, msg)
	if err != nil {
		return err
	}
	if len(to) == 0 {
		return conversation.SetDelivery(ctx, tx, msg.ID, conversation.Failed, 0, "The customer has no e-mail address.")
	}
	_, domain, _ := strings.Cut(in.Address, "@")
	o := out{id: OutID(tx.NewID()), inbox: in.ID, message: msg.ID, conversation: c.ID, rfcID: signedID(m.keys, msg.ID, domain), auto: msg.Auto}
	n, err := tx.Exec(ctx, `INSERT INTO email_out (id, inbox_id, message_id, conversation_id, rfc_id, auto, state, since, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, 'queued', $8, $7, $7) ON CONFLICT (message_id) DO NOTHING`,
		o.id, o.inbox, o.message, o.conversation, o.rfcID, o.auto, tx.Now(), later(tx.Now(), msg.SendAt))
	if err != nil || n == 0 {
		return err
	}
	for _, r := range to {
		if _, err := tx.Exec(ctx, `INSERT INTO email_out_recipient (out_id, address, name, role, state) VALUES ($1, $2, $3, $4, 'waiting')
			ON CONFLICT (out_id, address) DO NOTHING`, o.id, r.Address.Address, r.Name, r.role); err != nil {
			return err
		}
	}
	return job.Add(ctx, tx, send{o.id}, job.Options{At: msg.SendAt, Lane: m.lane(o)})
}

// lane: mails of one conversation leave in order, and one inbox has eight
// conversations under way at once.
func (m *Mail) lane(o out) string {
	return o.inbox.String() + "/" + string('a'+rune(uint64(o.conversation)*0x9E3779B97F4A7C15>>61))
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// recipient is one of those a mail goes to. waiting: he is still to get it.
type recipient struct {
	conversation.Address
	role    string
	waiting bool
}

// recipients are those whom the agent chose, or the customer. The inbox never
// writes to itself.
func (m *Mail) recipients(ctx context.Context, tx *db.Tx, in inbox.Inbox, c conversation.Conversation, msg conversation.Message) (all []recipient, err error) {
	seen := map[string]bool{foldAddress(in.Address): true}
	add := func(role string, list []conversation.Address) {
		for _, a := range list {
			to, ok := routable(a.Address)
			if !ok || seen[foldAddress(to)] {
				continue
			}
			seen[foldAddress(to)] = true
			a.Name, a.Address = clip(a.Name, 500), to
			all = append(all, recipient{a, role, true})
		}
	}
	add("to", msg.Recipients.To)
	if len(all) == 0 {
		who, err := m.customer(ctx, tx, c)
		if err != nil {
			return nil, err
		}
		add("to", who)
	}
	add("cc", msg.Recipients.Cc)
	add("bcc", msg.Recipients.Bcc)
	return all, nil
}

// routable is the form of an address in which a server takes it: its domain in ASCII.
func routable(address string) (string, bool) {
	one, err := mail.Outgoing{To: []mail.Address{{Addr: strings.TrimSpace(address)}}}.Recipients()
	if err != nil || len(one) != 1 {
		return "", false
	}
	return one[0], true
}

// customer is the address that the customer last wrote from, or else his first.
func (m *Mail) customer(ctx context.Context, tx *db.Tx, c conversation.Conversation) ([]conversation.Address, error) {
	a, err := conversation.LastSender(ctx, tx, c.ID)
	if err != nil || a.Address != "" {
		return []conversation.Address{a}, err
	}
	email, err := contact.Reach(ctx, tx, c.Contact, contact.Email)
	if err != nil || email == "" {
		return nil, err
	}
	return []conversation.Address{{Name: c.ContactName, Address: email}}, nil
}

// letter is all that is needed to build a mail.
type letter struct {
	out
	inbox     inbox.Inbox
	account   Account
	conv      conversation.Conversation
	msg       conversation.Message
	signature string
	to        []recipient
	refs      []string
}

// letter reads what the mail is built of.
func (m *Mail) letter(ctx context.Context, tx *db.Tx, o out) (l letter, err error) {
	l.out = o
	if l.inbox, err = inbox.Get(ctx, tx, o.inbox); err != nil {
		return l, err
	}
	if l.account, err = m.Account(ctx, tx, o.inbox); err != nil {
		return l, err
	}
	if l.msg, err = conversation.GetMessage(ctx, tx, o.message); err != nil {
		return l, err
	}
	if l.conv, err = conversation.Get(ctx, tx, l.msg.Conversation); err != nil { // it may have been merged since
		return l, err
	}
	language := l.conv.Language
	if language == "" {
		language = l.inbox.Language
	}
	if l.signature, err = inbox.Text(ctx, tx, o.inbox, inbox.Signature, language); err != nil {
		return l, err
	}
	if l.to, err = recipientRows(ctx, tx, o.id); err != nil {
		return l, err
	}
	l.refs, err = m.references(ctx, tx, l)
	return l, err
}

// recipientRows are all to whom a mail goes or went.
func recipientRows(ctx context.Context, tx *db.Tx, id OutID) ([]recipient, error) {
	return db.All(ctx, tx, func(r db.Row) (p recipient, err error) {
		return p, r.Scan(&p.Address.Address, &p.Name, &p.role, &p.waiting)
	}, `SELECT address, name, role, state = 'waiting' FROM email_out_recipient WHERE out_id = $1 ORDER BY role DESC, address`, id)
}

// waiting are those who are still to get it.
func (l letter) waiting() (list []string) {
	for _, r := range l.to {
		if r.waiting {
			list = append(list, r.Address.Address)
		}
	}
	return list
}

// references are the Message-IDs of the mails before this one in the
// conversation, oldest first: the customer's and ours.
func (m *Mail) references(ctx context.Context, tx *db.Tx, l letter) ([]string, error) {
	type said struct {
		source int64
		rfcID  string
	}
	list, err := db.All(ctx, tx, func(r db.Row) (s said, err error) { return s, r.Scan(&s.source, &s.rfcID) }, `
		SELECT m.source_id, COALESCE(o.rfc_id, '') FROM conversation_message m LEFT JOIN email_out o ON o.message_id = m.id
		WHERE m.conversation_id = $1 AND m.id < $2 AND (m.source_id <> 0 OR o.rfc_id IS NOT NULL) ORDER BY m.id DESC LIMIT 10`, l.conv.ID, l.message)
	if err != nil {
		return nil, err
	}
	var refs []string
	for _, s := range list {
		if s.rfcID == "" {
			if s.rfcID, err = m.messageIDOf(ctx, tx, ItemID(s.source)); err != nil {
				return nil, err
			}
		}
		if s.rfcID != "" {
			refs = append([]string{s.rfcID}, refs...)
		}
	}
	return refs, nil
}

// messageIDOf reads the Message-ID of a mail that came in.
func (m *Mail) messageIDOf(ctx context.Context, tx *db.Tx, item ItemID) (string, error) {
	s, err := db.Value[string](ctx, tx, `SELECT rfc_id FROM email_item WHERE id = $1`, item)
	if errors.Is(err, db.ErrNoRow) {
		return "", nil
	}
	return s, err
}

// errFile says that a file of an answer could not be read.
var errFile = errors.New("read file")

// build makes the bytes of the mail: the same each time, whoever is still to get it.
func (m *Mail) build(ctx context.Context, l letter) ([]byte, error) {
	o := mail.Outgoing{
		From:      mail.Address{Name: l.fromName(), Addr: l.inbox.Address},
		Subject:   l.subject(),
		Date:      l.msg.CreatedAt,
		MessageID: l.rfcID, References: l.refs,
		Text: l.text(),
		Seed: m.keys.Tag("mail.boundary", l.rfcID),
	}
	o.HTML = l.html()
	if len(l.refs) > 0 {
		o.InReplyTo = l.refs[len(l.refs)-1]
	}
	if l.auto {
		o.AutoSubmitted = "auto-replied"
	}
	for _, r := range l.to {
		a := mail.Address{Name: r.Name, Addr: r.Address.Address}
		switch r.role {
		case "to":
			o.To = append(o.To, a)
		case "cc":
			o.Cc = append(o.Cc, a)
		default:
			o.Bcc = append(o.Bcc, a)
		}
	}
	for _, f := range l.msg.Attachments {
		data, err := m.readBlob(ctx, blob.Key(f.Blob))
		if err != nil {
			return nil, fmt.Errorf("%w %s: %w", errFile, f.ID, err)
		}
		o.Files = append(o.Files, mail.Part{Name: f.Name, Type: f.Type, ContentID: f.ContentID, Inline: f.Inline && f.ContentID != "", Data: data})
	}
	raw, err := mail.Compose(o)
	if err != nil {
		return nil, fmt.Errorf("compose mail: %w", err)
	}
	return m.signed(raw, l.account.DKIM)
}

func (l letter) fromName() string {
	if l.msg.FromName != "" && !l.auto && l.msg.Person != 0 {
		return l.msg.FromName + " · " + l.inbox.Name
	}
	return l.inbox.Name
}

func (l letter) subject() string {
	s := l.conv.Subject
	if s == "" {
		s = "#" + fmt.Sprint(l.conv.Number)
	}
	if len(l.refs) > 0 && !strings.HasPrefix(strings.ToLower(s), "re:") {
		return "Re: " + s
	}
	return s
}

func (l letter) text() string {
	if l.signature == "" {
		return l.msg.Text
	}
	return strings.TrimRight(l.msg.Text, "\n") + "\n\n-- \n" + l.sign()
}

func (l letter) sign() string {
	return strings.NewReplacer("{agent}", l.msg.FromName, "{firm}", l.inbox.Name).Replace(l.signature)
}

func (l letter) html() string {
	body := l.msg.HTML
	if body == "" {
		body = html.FromMarkdown(l.msg.Text)
	}
	if l.signature == "" {
		return body
	}
	return body + `<div class="baraji-signature"><p>-- </p>` + html.FromMarkdown(l.sign()) + `</div>`
}

func (m *Mail) signed(raw []byte, d DKIM) ([]byte, error) {
	if d.Domain == "" || d.Key == "" {
		return raw, nil
	}
	key, err := signer(d.Key)
	if err != nil {
		return nil, err
	}
	return mail.Sign(raw, d.Domain, d.Selector, key)
}

// signer reads a private key in PEM.
func signer(text string) (crypto.Signer, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errors.New("no PEM block")
	}
	if k, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return k, nil
	}
	k, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	s, ok := k.(crypto.Signer)
	if !ok {
		return nil, errors.New("not a key to sign with")
	}
	return s, nil
}
