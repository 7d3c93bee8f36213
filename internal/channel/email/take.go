package email

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/blob"
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

// takeOld is the same for a mail of a backlog, which has workers of its own: what
// arrives now does not wait behind it.
type takeOld struct {
	Item ItemID `json:"item"`
}

func (takeOld) JobKind() string { return "email.take_old" }

// Reasons for which a mail is held or left out.
const (
	ReasonDuplicate  = "duplicate"   // the same bytes came into the same mailbox before
	ReasonOwn        = "own"         // we sent it ourselves
	ReasonErased     = "erased"      // its sender was erased, or its conversation deleted
	ReasonUnreadable = "unreadable"  // the mail could not be read
	ReasonTooComplex = "too_complex" // it would take too much to read it
	ReasonNoSender   = "no_sender"   // nobody to answer
	ReasonFailed     = "failed"      // we failed, several times
)

// parseLimit bounds how long a mail may take to be read.
const parseLimit = 20 * time.Second

// opened is a mail that was read.
type opened struct {
	Item
	inbox    inbox.Inbox
	raw      []byte
	mail     *mail.Message
	kind     mail.Kind
	null     bool // the envelope sender was null: a machine's mail
	sender   mail.Address
	reply    string
	flags    []string
	language string
	files    []conversation.Attachment
}

func (m *Mail) take(ctx context.Context, run *job.Run, j take) error {
	return m.takeItem(ctx, run, j.Item)
}

func (m *Mail) takeOld(ctx context.Context, run *job.Run, j takeOld) error {
	return m.takeItem(ctx, run, j.Item)
}

// takeItem reads a mail and puts it where it belongs. What cannot be read is held
// at once; what we could not do is tried again beside the others, so that one mail
// never holds up the next.
func (m *Mail) takeItem(ctx context.Context, run *job.Run, id ItemID) error {
	o := opened{Item: Item{ID: id}}
	err := m.deal(ctx, run, &o)
	var held *held
	switch {
	case err == nil, errors.Is(err, errNotNew):
		return nil
	case errors.As(err, &held):
		return m.hold(ctx, run, o, held)
	case errors.Is(ctx.Err(), context.DeadlineExceeded): // this mail takes too long
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 8*time.Second)
		defer cancel()
		return m.again(ctx, run, o, err)
	case errors.Is(err, job.ErrLost), ctx.Err() != nil, db.IsFull(err), db.IsAway(err), errors.Is(err, blob.ErrFull):
		return err // not the mail's fault: the lane waits
	}
	return m.again(ctx, run, o, err)
}

// deal does all that a mail needs. A panic is an error like another one.
func (m *Mail) deal(ctx context.Context, run *job.Run, o *opened) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	reason, err := m.fetched(ctx, o)
	if err != nil {
		return err
	}
	if reason != "" {
		return m.suppress(ctx, run, o.ID, reason)
	}
	if err := o.read(); err != nil {
		return err
	}
	if err := m.keepFiles(ctx, o); err != nil {
		return err
	}
	reason, err = m.place(ctx, run, *o)
	if reason != "" && err == nil {
		m.dropFiles(ctx, o.files)
	}
	return err
}

// fetched reads what is stored of a mail, and says why it needs no reading if it is known.
func (m *Mail) fetched(ctx context.Context, o *opened) (reason string, err error) {
	var key blob.Key
	err = m.db.Read(ctx, func(tx *db.Tx) (err error) {
		if o.Item, err = getItem(ctx, tx, o.ID); err != nil {
			return err
		}
		if o.State != Arrived {
			return errNotNew
		}
		if reason, err = m.known(ctx, tx, o.Item); reason != "" || err != nil {
			return err
		}
		if o.inbox, err = inbox.Get(ctx, tx, o.Inbox); err != nil {
			return err
		}
		o.raw, key, err = getRaw(ctx, tx, o.ID)
		return err
	})
	switch {
	case errors.Is(err, db.ErrNoRow) && o.Source == "": // erased in the meantime
		return "", errNotNew
	case err == nil && reason == "" && key != "":
		o.raw, err = m.readBlob(ctx, key)
	}
	return reason, err
}

func (m *Mail) suppress(ctx context.Context, run *job.Run, id ItemID, reason string) error {
	return m.db.Write(ctx, func(tx *db.Tx) error {
		if err := run.Finish(ctx, tx); err != nil {
			return err
		}
		return end(ctx, tx, id, Suppressed, reason, nil, 0)
	})
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
	err := m.db.Write(ctx, func(tx *db.Tx) error {
		if err := run.Finish(ctx, tx); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE email_item SET tries = tries + 1 WHERE id = $1 AND state = 'new'`, o.ID); err != nil {
			return err
		}
		if err := end(ctx, tx, o.ID, Quarantined, h.reason, h.cause, 0); err != nil {
			return err
		}
		return event.Record(ctx, tx, Held{o.ID, o.Inbox, h.reason})
	})
	return m.left(ctx, o, err)
}

// left ends a try that came to nothing: the files that it stored go again. That is
// safe once it is written that the mail did not become a message.
func (m *Mail) left(ctx context.Context, o opened, err error) error {
	switch {
	case err == nil:
		m.dropFiles(ctx, o.files)
	case errors.Is(err, errNotNew):
		return nil
	}
	return err
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
	err := m.db.Write(ctx, func(tx *db.Tx) error {
		if err := run.Finish(ctx, tx); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE email_item SET tries = tries + 1, error = $2 WHERE id = $1 AND state = 'new'`, o.ID, clip(cause.Error(), 2000))
		if err == nil && n == 0 {
			err = errNotNew
		}
		if err != nil {
			return err
		}
		return job.Add(ctx, tx, take{o.ID}, job.Options{Lane: o.ID.String(), At: tx.Now().Add(time.Duration(o.Tries+1) * 5 * time.Second)})
	})
	return m.left(ctx, o, err)
}

// keepFiles puts the mail's files into the blob store.
func (m *Mail) keepFiles(ctx context.Context, o *opened) error {
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

// dropFiles removes files that no message has; what stays behind is swept later.
func (m *Mail) dropFiles(ctx context.Context, files []conversation.Attachment) {
	for _, f := range files {
		if err := m.blobs.Delete(ctx, blob.Key(f.Blob)); err != nil {
			m.log.Warn("file not removed", "file", f.Blob, "error", err)
		}
	}
}

// read parses in a goroutine of its own: whatever a mail does to a parser, it
// does not take the worker with it.
func (o *opened) read() error {
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
		err := parse(&work)
		done <- result{work, err}
	}()
	t := time.NewTimer(parseLimit)
	defer t.Stop()
	select {
	case r := <-done:
		if r.err == nil {
			*o = r.o
		}
		return r.err
	case <-t.C:
		return &held{ReasonTooComplex, fmt.Errorf("it took longer than %v", parseLimit)}
	}
}

func parse(o *opened) error {
	msg, err := mail.Parse(o.raw)
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
	o.null = strings.Trim(from, "<>") == ""
	o.reply, o.flags, o.language = mail.Reply(msg), flags(*o), languageOf(msg.Subject+" "+mail.Reply(msg))
	if o.sender.Addr == "" && o.nobodys() {
		o.sender.Addr = daemon
	}
	if o.sender.Addr == "" {
		return &held{ReasonNoSender, errors.New("neither From nor Reply-To nor an envelope sender")}
	}
	return nil
}

// daemon stands for the sender of reports that name none.
const daemon = "mailer-daemon"

// nobodys says whether a mail without a sender is what mail servers send so: a
// report, or mail with the null sender given.
func (o *opened) nobodys() bool {
	switch o.kind.Class {
	case mail.Bounced, mail.Receipt, mail.Feedback:
		return true
	}
	return o.EnvelopeFrom == nullSender || o.null && o.mail.Header.Has("Return-Path")
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
	return mail.Address{Addr: clip(strings.Trim(envelope, "<>"), 500)}
}

func shownName(p mail.Part) string {
	if p.Name != "" {
		return p.Name
	}
	_, kind, _ := strings.Cut(p.Type, "/")
	return "file." + strings.TrimPrefix(kind, "x-")
}

// place decides where the mail belongs and puts it there, in one commit with the
// end of its job; or it says why it was left out.
func (m *Mail) place(ctx context.Context, run *job.Run, o opened) (reason string, err error) {
	return reason, m.db.Write(ctx, func(tx *db.Tx) error {
		if err := run.Finish(ctx, tx); err != nil {
			return err
		}
		if reason, err = m.leaveOut(ctx, tx, o); err != nil {
			return err
		}
		if reason != "" {
			return end(ctx, tx, o.ID, Suppressed, reason, nil, 0)
		}
		msg, err := m.receive(ctx, tx, o)
		if err != nil {
			return err
		}
		return o.arrived(ctx, tx, msg)
	})
}

// maxID is the longest Message-ID that is kept to be answered to. A longer one
// could not stand in a header of ours.
const maxID = 900

// arrived notes which message the mail became.
func (o opened) arrived(ctx context.Context, tx *db.Tx, msg conversation.MessageID) error {
	name := o.mail.MessageID
	if len(name) > maxID {
		name = ""
	}
	n, err := tx.Exec(ctx, `UPDATE email_item SET state = 'conversation', reason = '', error = '', message_id = $2, rfc_id = $3
		WHERE id = $1 AND state = 'new'`, o.ID, msg, name)
	if err == nil && n == 0 {
		err = errNotNew
	}
	return err
}

// known says why a mail whose bytes we know is not to become a message, or "".
// A twin that came later counts if it is a message already: this one was held
// and is tried again.
func (m *Mail) known(ctx context.Context, tx *db.Tx, i Item) (string, error) {
	gone, err := m.entombed(ctx, tx, i.Digest)
	if err != nil || gone {
		return ReasonErased, err
	}
	twin, err := db.Exists(ctx, tx, `SELECT 1 FROM email_item WHERE digest = $1 AND inbox_id = $2
		AND (id < $3 AND state <> 'quarantine' OR id > $3 AND state = 'conversation')`, i.Digest, i.Inbox, i.ID)
	if err != nil || twin {
		return ReasonDuplicate, err
	}
	return "", nil
}

// leaveOut says why a mail is not to become a message, or "".
func (m *Mail) leaveOut(ctx context.Context, tx *db.Tx, o opened) (string, error) {
	reason, err := m.known(ctx, tx, o.Item)
	if err != nil || reason != "" {
		return reason, err
	}
	erased, err := contact.ErasedAt(ctx, tx, contact.Email, o.sender.Addr)
	if err != nil {
		return "", err
	}
	if o.ReceivedAt.Before(erased) {
		return ReasonErased, nil
	}
	own, err := m.own(ctx, tx, o)
	if err != nil || own {
		return ReasonOwn, err
	}
	return "", nil
}

// own says whether we sent a mail ourselves: it has an id of ours and comes from
// an address of ours. The id alone would let whoever has seen it hide a mail.
func (m *Mail) own(ctx context.Context, tx *db.Tx, o opened) (bool, error) {
	if _, ours := ourMessage(m.keys, o.mail.MessageID); !ours || o.kind.Bounce != nil {
		return false, nil
	}
	return isInbox(ctx, tx, o.sender.Addr)
}

// isInbox says whether an address is one that customers write to.
func isInbox(ctx context.Context, tx *db.Tx, address string) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM inbox WHERE channel = 'email' AND address = $1`, inbox.Fold(address))
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
	who, _, err := contact.Resolve(ctx, tx, contact.Sender{Email: o.sender.Addr, Name: o.sender.Name, Language: o.language})
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
	if o.kind.Class == mail.Bounced && o.kind.Bounce != nil && p.answered != 0 {
		if err := bounced(ctx, tx, p.answered, *o.kind.Bounce); err != nil {
			return 0, err
		}
	}
	return got.Message, nil
}

// belongs says which conversation a mail belongs to. A report about a mail of ours
// proves itself by the id of that mail: who sends it takes no part.
func (m *Mail) belongs(ctx context.Context, tx *db.Tx, o opened) (place, error) {
	refs := append([]string{}, o.mail.References...)
	refs = append(refs, o.mail.InReplyTo...)
	report := o.kind.Class == mail.Bounced || o.kind.Class == mail.Receipt && o.kind.Bounce != nil
	if report && o.kind.Bounce != nil && o.kind.Bounce.MessageID != "" {
		refs = append(refs, o.kind.Bounce.MessageID)
	}
	refs = refs[max(0, len(refs)-maxRefs):]
	p, err := m.find(ctx, tx, refs, o.sender.Addr, func(msg conversation.MessageID) (bool, error) {
		if !report {
			return false, nil
		}
		return o.reports(ctx, tx, msg)
	})
	if err != nil || p.continues != 0 || p.related != 0 {
		return p, err
	}
	p.related, err = hint(ctx, tx, o, refs)
	return p, err
}

// maxRefs is how many of the newest ids that a mail refers to are looked up.
const maxRefs = 100

// reports says whether a report may be about a mail of ours: it has the null
// sender that reports have, or names somebody whom that mail went to.
func (o opened) reports(ctx context.Context, tx *db.Tx, msg conversation.MessageID) (bool, error) {
	if o.null || o.kind.Bounce == nil {
		return o.null, nil
	}
	to, err := sentTo(ctx, tx, msg)
	return err == nil && contains(to, foldAddress(o.kind.Bounce.Recipient)), err
}

// hint looks for a conversation that the mail may have to do with: the same mail
// in another mailbox, the mail that it answers, or a number in its subject.
func hint(ctx context.Context, tx *db.Tx, o opened, refs []string) (conversation.ID, error) {
	c, err := ofItem(ctx, tx, `digest = $1 AND inbox_id <> $2`, o.Digest, o.Inbox)
	for i := len(refs) - 1; i >= max(0, len(refs)-10) && c == 0 && err == nil; i-- {
		c, err = ofItem(ctx, tx, `rfc_id = $1`, refs[i])
	}
	for _, n := range subjectNumbers(o.mail.Subject) {
		if c != 0 || err != nil {
			break
		}
		if c, err = conversation.IDOfNumber(ctx, tx, n); errors.Is(err, db.ErrNoRow) {
			c, err = 0, nil
		}
	}
	return c, err
}

// ofItem is the conversation of the newest mail that a condition finds, 0 if there is none.
func ofItem(ctx context.Context, tx *db.Tx, where string, args ...any) (conversation.ID, error) {
	msg, err := db.Value[conversation.MessageID](ctx, tx, `SELECT message_id FROM email_item WHERE `+where+` AND message_id <> 0 ORDER BY id DESC LIMIT 1`, args...)
	if err == nil {
		var c conversation.ID
		if c, err = conversation.OfMessage(ctx, tx, msg); err == nil {
			return c, nil
		}
	}
	if errors.Is(err, db.ErrNoRow) {
		err = nil
	}
	return 0, err
}

// subjectNumbers reads the first numbers written as #1042 in a subject.
func subjectNumbers(s string) (all []int64) {
	for len(all) < 3 {
		_, rest, ok := strings.Cut(s, "#")
		if !ok {
			break
		}
		digits := rest[:len(rest)-len(strings.TrimLeft(rest, "0123456789"))]
		if n, err := strconv.ParseInt(digits, 10, 64); err == nil {
			all = append(all, n)
		}
		s = rest
	}
	return all
}

// recent is how old a mail may be that was there before us and still waits for
// an answer.
const recent = 3 * 24 * time.Hour

func (o opened) inbound(who contact.Contact, p place) conversation.Inbound {
	in := conversation.Inbound{Inbox: o.inbox, Contact: who, Continues: p.continues, Related: p.related,
		Message: conversation.Message{
			FromName: o.sender.Name, FromAddress: o.sender.Addr, Subject: o.mail.Subject, Text: o.mail.Text, ReplyText: o.reply, HTML: o.mail.HTML,
			Recipients: conversation.Recipients{To: addresses(o.mail.To), Cc: addresses(o.mail.Cc), ReplyTo: elsewhere(o)},
			Auto:       o.kind.Automatic(), Flags: o.flags, Source: int64(o.ID), Attachments: o.files,
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
func languageOf(text string) string {
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
