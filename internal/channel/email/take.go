package email

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/kit/mail"
)

// take is the job of dealing with one mail that was stored.
type take struct {
	Item ItemID `json:"item"`
}

func (take) JobKind() string { return "email.take" }

// Reasons for which a mail is held or left out.
const (
	ReasonDuplicate  = "duplicate"   // the same bytes came into the same mailbox before
	ReasonOwn        = "own"         // we sent it ourselves
	ReasonErased     = "erased"      // its sender was erased, or its conversation deleted
	ReasonUnreadable = "unreadable"  // the mail could not be read
	ReasonTooComplex = "too_complex" // it would take too much to read it
	ReasonNoSender   = "no_sender"   // nobody to answer
	ReasonFailed     = "failed"      // we failed, several times
	ReasonBlocked    = "blocked"     // the contact is blocked
)

// parseLimit bounds how long a mail may take to be read.
const parseLimit = 20 * time.Second

// opened is a mail that was read.
type opened struct {
	Item
	inbox  inbox.Inbox
	mail   *mail.Message
	kind   mail.Kind
	sender mail.Address
	reply  string
	files  []conversation.Attachment
}

// take reads a mail and puts it where it belongs. What cannot be read is held at
// once; what we could not do is tried again beside the others, so that one mail
// never holds up the next.
func (m *Mail) take(ctx context.Context, run *job.Run, j take) error {
	var o opened
	var raw []byte
	err := m.db.Read(ctx, func(tx *db.Tx) (err error) {
		if o.Item, err = getItem(ctx, tx, j.Item); err != nil {
			return err
		}
		o.inbox, err = inbox.Get(ctx, tx, o.Inbox)
		return err
	})
	if errors.Is(err, db.ErrNoRow) || err == nil && o.State != Arrived {
		return nil
	}
	if err == nil {
		raw, err = m.Raw(ctx, o.ID)
	}
	if err == nil {
		err = m.open(ctx, &o, raw)
	}
	if err == nil {
		err = m.place(ctx, run, o)
	}
	var held *held
	switch {
	case err == nil, errors.Is(err, errNotNew):
		return nil
	case errors.As(err, &held):
		return m.hold(ctx, run, o, held)
	case errors.Is(err, job.ErrLost), ctx.Err() != nil, db.IsFull(err), db.IsAway(err):
		return err // not the mail's fault: the lane waits
	}
	return m.again(ctx, run, o, err)
}

// held says that a mail goes into quarantine.
type held struct {
	reason string
	cause  error
}

func (h *held) Error() string { return h.reason }

// hold puts a mail into quarantine.
func (m *Mail) hold(ctx context.Context, run *job.Run, o opened, h *held) error {
	m.log.Warn("mail held", "item", o.ID, "inbox", o.Inbox, "reason", h.reason, "error", h.cause)
	return m.db.Write(ctx, func(tx *db.Tx) error {
		if err := run.Finish(ctx, tx); err != nil {
			return err
		}
		if err := end(ctx, tx, o.ID, Quarantined, h.reason, h.cause, 0); err != nil {
			return err
		}
		return event.Record(ctx, tx, Held{o.ID, o.Inbox, h.reason})
	})
}

// Held says that a mail was put into quarantine; Released that it left it.
type (
	Held struct {
		Item   ItemID   `json:"item"`
		Inbox  inbox.ID `json:"inbox"`
		Reason string   `json:"reason"`
	}
	Released struct {
		Item ItemID `json:"item"`
		How  string `json:"how"` // "retried" or "discarded"
	}
)

// EventKind names the fact.
func (Held) EventKind() string { return "email.held" }

// Subject is the mail.
func (f Held) Subject() string { return f.Item.String() }

// EventKind names the fact.
func (Released) EventKind() string { return "email.released" }

// Subject is the mail.
func (f Released) Subject() string { return f.Item.String() }

// tries bounds how often we try one mail.
const tries = 3

// again counts a failure of ours; after the last one the mail is held. The next
// try is a job of a lane of its own.
func (m *Mail) again(ctx context.Context, run *job.Run, o opened, cause error) error {
	if o.Tries+1 >= tries {
		return m.hold(ctx, run, o, &held{ReasonFailed, cause})
	}
	m.log.Warn("mail not taken", "item", o.ID, "try", o.Tries+1, "error", cause)
	return m.db.Write(ctx, func(tx *db.Tx) error {
		if err := run.Finish(ctx, tx); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE email_item SET tries = tries + 1, error = $2 WHERE id = $1`, o.ID, clip(cause.Error(), 2000)); err != nil {
			return err
		}
		return job.Add(ctx, tx, take{o.ID}, job.Options{Lane: o.ID.String(), At: tx.Now().Add(time.Duration(o.Tries+1) * 5 * time.Second)})
	})
}

// open reads the mail and puts its files into the blob store.
func (m *Mail) open(ctx context.Context, o *opened, raw []byte) error {
	if err := read(o, raw); err != nil {
		return err
	}
	for _, p := range o.mail.Attachments {
		f, err := m.blobs.Put(ctx, bytes.NewReader(p.Data))
		if err != nil {
			return fmt.Errorf("store file: %w", err)
		}
		o.files = append(o.files, conversation.Attachment{Name: shownName(p), Type: p.Type, Size: f.Size, Blob: string(f.Key),
			Inline: p.Inline, ContentID: p.ContentID})
	}
	return nil
}

// read parses in a goroutine of its own: whatever a mail does to a parser, it
// does not take the worker with it.
func read(o *opened, raw []byte) error {
	type result struct {
		o   opened
		err error
	}
	done := make(chan result, 1)
	work := *o
	go func() {
		defer func() {
			if p := recover(); p != nil {
				done <- result{err: &held{ReasonUnreadable, fmt.Errorf("panic: %v", p)}}
			}
		}()
		done <- result{work, parse(&work, raw)}
	}()
	t := time.NewTimer(parseLimit)
	defer t.Stop()
	select {
	case r := <-done:
		if r.err == nil {
			*o = r.o
			o.mail, o.kind, o.sender, o.reply = work.mail, work.kind, work.sender, work.reply
		}
		return r.err
	case <-t.C:
		return &held{ReasonTooComplex, errors.New("it took longer than 20 s")}
	}
}

func parse(o *opened, raw []byte) error {
	msg, err := mail.Parse(raw)
	switch {
	case errors.Is(err, mail.ErrTooComplex):
		return &held{ReasonTooComplex, err}
	case err != nil:
		return &held{ReasonUnreadable, err}
	}
	from := o.EnvelopeFrom
	if from == "" {
		from = mail.Envelope(msg)
	}
	o.mail, o.kind, o.sender = msg, mail.Classify(msg, from), sender(msg, from)
	o.reply = mail.Reply(msg)
	if o.sender.Addr == "" {
		return &held{ReasonNoSender, errors.New("neither From nor Reply-To nor an envelope sender")}
	}
	return nil
}

// sender is whom a mail is from. Reply-To does not change that (S. T32), it only
// helps where there is nothing else.
func sender(msg *mail.Message, envelope string) mail.Address {
	if a := msg.Sent(); a.Addr != "" {
		return a
	}
	for _, a := range msg.ReplyTo {
		if a.Addr != "" {
			return a
		}
	}
	return mail.Address{Addr: strings.Trim(envelope, "<>")}
}

func shownName(p mail.Part) string {
	if p.Name != "" {
		return p.Name
	}
	_, kind, _ := strings.Cut(p.Type, "/")
	return "file." + strings.TrimPrefix(kind, "x-")
}

// place decides where the mail belongs and puts it there, in one commit with the
// end of its job.
func (m *Mail) place(ctx context.Context, run *job.Run, o opened) error {
	return m.db.Write(ctx, func(tx *db.Tx) error {
		if err := run.Finish(ctx, tx); err != nil {
			return err
		}
		reason, err := m.leaveOut(ctx, tx, o)
		if err != nil {
			return err
		}
		if reason != "" {
			return end(ctx, tx, o.ID, Suppressed, reason, nil, 0)
		}
		msg, err := m.receive(ctx, tx, o)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE email_item SET rfc_id = $2 WHERE id = $1`, o.ID, clip(o.mail.MessageID, 900)); err != nil {
			return err
		}
		return end(ctx, tx, o.ID, InConversation, "", nil, msg)
	})
}

// leaveOut says why a mail is not to become a message, or "".
func (m *Mail) leaveOut(ctx context.Context, tx *db.Tx, o opened) (string, error) {
	twin, err := db.Exists(ctx, tx, `SELECT 1 FROM email_item WHERE digest = $1 AND inbox_id = $2 AND id < $3 AND state <> 'quarantine'`,
		o.Digest, o.Inbox, o.ID)
	if err != nil || twin {
		return ReasonDuplicate, err
	}
	gone, err := m.entombed(ctx, tx, o.Digest)
	if err != nil || gone {
		return ReasonErased, err
	}
	if _, ours := ourMessage(m.keys, o.mail.MessageID); ours && o.kind.Bounce == nil {
		return ReasonOwn, nil
	}
	return "", nil
}

// entombed says whether a mail was erased before.
func (m *Mail) entombed(ctx context.Context, tx *db.Tx, digest []byte) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM email_tombstone WHERE mac = $1`, m.tombstone(digest))
}

func (m *Mail) tombstone(digest []byte) string {
	return m.keys.Tag("mail.tombstone", hex.EncodeToString(digest))
}

// receive makes a message of the mail.
func (m *Mail) receive(ctx context.Context, tx *db.Tx, o opened) (conversation.MessageID, error) {
	who, _, err := contact.Resolve(ctx, tx, contact.Sender{Email: o.sender.Addr, Name: o.sender.Name, Language: languageOf(o)})
	if err != nil {
		return 0, fmt.Errorf("resolve sender: %w", err)
	}
	p, err := m.belongs(ctx, tx, o)
	if err != nil {
		return 0, fmt.Errorf("find conversation: %w", err)
	}
	in := o.inbound(who, p)
	got, err := conversation.Receive(ctx, tx, in)
	if err != nil {
		return 0, err
	}
	if o.kind.Bounce != nil && p.answered != 0 {
		if err := m.bounced(ctx, tx, p.answered, *o.kind.Bounce); err != nil {
			return 0, err
		}
	}
	return got.Message, nil
}

func (m *Mail) belongs(ctx context.Context, tx *db.Tx, o opened) (place, error) {
	refs := append([]string{}, o.mail.References...)
	refs = append(refs, o.mail.InReplyTo...)
	machine := o.kind.Class == mail.Bounced || o.kind.Class == mail.Receipt
	if machine && o.kind.Bounce != nil && o.kind.Bounce.MessageID != "" {
		refs = append(refs, o.kind.Bounce.MessageID)
	}
	p, err := m.find(ctx, tx, refs, o.sender.Addr, machine)
	if err != nil || p.continues != 0 || p.related != 0 {
		return p, err
	}
	p.related, err = m.hint(ctx, tx, o)
	return p, err
}

// hint looks for a conversation that the mail may have to do with: the same mail
// in another mailbox, the mail that it answers, or a number in its subject.
func (m *Mail) hint(ctx context.Context, tx *db.Tx, o opened) (conversation.ID, error) {
	msg, err := db.Value[conversation.MessageID](ctx, tx, `SELECT message_id FROM email_item WHERE digest = $1 AND inbox_id <> $2 AND message_id <> 0 ORDER BY id LIMIT 1`,
		o.Digest, o.Inbox)
	if err == nil {
		c, err := conversation.OfMessage(ctx, tx, msg)
		if !errors.Is(err, db.ErrNoRow) {
			return c, err
		}
	} else if !errors.Is(err, db.ErrNoRow) {
		return 0, err
	}
	n := subjectNumber(o.mail.Subject)
	if n == 0 {
		return 0, nil
	}
	c, err := conversation.IDOfNumber(ctx, tx, n)
	if errors.Is(err, db.ErrNoRow) {
		return 0, nil
	}
	return c, err
}

// subjectNumber reads #1042 in a subject.
func subjectNumber(s string) (n int64) {
	_, rest, ok := strings.Cut(s, "#")
	if !ok {
		return 0
	}
	for i, r := range rest {
		if r < '0' || r > '9' || i > 12 {
			break
		}
		n = n*10 + int64(r-'0')
	}
	return n
}

// recent is how old a mail may be that was there before us and still waits for
// an answer.
const recent = 3 * 24 * time.Hour

func (o opened) inbound(who contact.Contact, p place) conversation.Inbound {
	in := conversation.Inbound{Inbox: o.inbox, Contact: who, Continues: p.continues, Related: p.related,
		Message: conversation.Message{
			FromName: o.sender.Name, FromAddress: o.sender.Addr, Subject: o.mail.Subject, Text: o.mail.Text, ReplyText: o.reply, HTML: o.mail.HTML,
			Recipients: conversation.Recipients{To: addresses(o.mail.To), Cc: addresses(o.mail.Cc), ReplyTo: elsewhere(o)},
			Auto:       o.kind.Automatic(), Flags: flags(o), Source: int64(o.ID), Attachments: o.files,
		}}
	if o.History {
		in.At, in.History = o.ReceivedAt, o.Seen || o.CreatedAt.Sub(o.ReceivedAt) > recent
		in.Quiet = true
	}
	if b := o.kind.Bounce; b != nil && o.kind.Class == mail.Bounced {
		in.Bounce = &conversation.Bounce{Recipient: b.Recipient, Permanent: b.Permanent, Status: b.Status}
	}
	return in
}

func addresses(list []mail.Address) (out []conversation.Address) {
	for _, a := range list {
		if a.Addr != "" {
			out = append(out, conversation.Address{Name: a.Name, Address: a.Addr})
		}
	}
	return out
}

// elsewhere is Reply-To where it differs from the sender.
func elsewhere(o opened) []conversation.Address {
	for _, a := range o.mail.ReplyTo {
		if !strings.EqualFold(a.Addr, o.sender.Addr) {
			return addresses(o.mail.ReplyTo)
		}
	}
	return nil
}

// flags are what is odd about a mail, for the agent's eyes.
func flags(o opened) (list []string) {
	for _, s := range mail.Suspicions(o.mail) {
		f := strings.ReplaceAll(string(s.Doubt), " ", "_")
		if !contains(list, f) {
			list = append(list, f)
		}
	}
	if o.kind.Automatic() {
		list = append(list, "auto_"+string(o.kind.Class))
	}
	return list
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// languageOf guesses Korean from Hangul; else English where there are letters.
func languageOf(o opened) string {
	text := o.mail.Subject + " " + o.reply
	hangul, latin := 0, 0
	for i, r := range text {
		if i > 4000 {
			break
		}
		switch {
		case r >= 0xac00 && r <= 0xd7a3:
			hangul++
		case r >= 'a' && r <= 'z':
			latin++
		}
	}
	switch {
	case hangul > 0 && hangul*6 >= latin:
		return "ko"
	case latin > 20:
		return "en"
	}
	return ""
}

// bounced marks the answer that came back.
func (m *Mail) bounced(ctx context.Context, tx *db.Tx, msg conversation.MessageID, b mail.Bounce) error {
	if b.Delayed || !b.Permanent {
		return nil
	}
	if _, err := tx.Exec(ctx, `UPDATE email_out_recipient SET state = 'failed', answer = $3
		WHERE out_id IN (SELECT id FROM email_out WHERE message_id = $1) AND address = $2`, msg, strings.ToLower(b.Recipient), clip(b.Detail, 500)); err != nil {
		return err
	}
	why := strings.TrimSpace(b.Status + " " + b.Detail)
	return conversation.SetDelivery(ctx, tx, msg, conversation.Failed, 0, clip(why, 500))
}
