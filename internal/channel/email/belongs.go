package email

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/mail"
)

// place is where a mail belongs.
type place struct {
	continues conversation.ID        // proven
	answered  conversation.MessageID // of ours, that it refers to
	gathered  conversation.ID        // belongs to none, but a machine sends too much of it (gather.go)
	related   conversation.ID        // a hint only
}

// reference is a message of ours that a mail refers to by the id that we signed,
// and what speaks for the mail being heard where that message is.
type reference struct {
	message conversation.MessageID
	in      conversation.ID
	part    bool // the sender takes part in that conversation, and is who he says
	report  bool // the mail is a mail server's report on that very message
}

func (r reference) proves() bool { return r.part || r.report }

// decide says where a mail belongs (docs/decisions/0007-threading.md). references
// come with the one that the mail answers first. A reference that proves nothing,
// or else hinted, is for the agent's eyes only.
func decide(references []reference, gathered, hinted conversation.ID) place {
	var p place
	for _, r := range references {
		if r.proves() {
			p.continues, p.answered = r.in, r.message
			return p
		}
		if p.related == 0 {
			p.related = r.in
		}
	}
	if p.gathered = gathered; p.related == 0 {
		p.related = hinted
	}
	return p
}

// belongs says which conversation a mail belongs to. What hints at one is only
// looked for when nothing better is there.
func (m *Mail) belongs(ctx context.Context, tx *db.Tx, o opened) (place, error) {
	ids := o.refersTo()
	found, err := m.referredTo(ctx, tx, o, ids)
	if err != nil || slices.ContainsFunc(found, reference.proves) {
		return decide(found, 0, 0), err
	}
	gathered, err := gathers(ctx, tx, o)
	if err != nil || gathered != 0 || len(found) > 0 {
		return decide(found, gathered, 0), err
	}
	hinted, err := hint(ctx, tx, o, ids)
	return decide(nil, 0, hinted), err
}

// maxRefs is how many of the newest ids that a mail refers to are looked up.
const maxRefs = 100

// isReport says whether a mail is what mail servers send about mail of ours.
func (o opened) isReport() bool {
	return o.kind.Class == mail.Bounced || o.kind.Class == mail.Receipt && o.kind.Bounce != nil
}

// referredTo looks up the messages of ours among the ids that a mail refers to,
// from the last on, up to the first that proves where the mail belongs.
func (m *Mail) referredTo(ctx context.Context, tx *db.Tx, o opened, ids []string) (found []reference, err error) {
	for _, id := range slices.Backward(ids) {
		msg, err := m.messageNamed(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		if msg == 0 {
			continue
		}
		r := reference{message: msg}
		if r.in, err = conversation.OfMessage(ctx, tx, msg); errors.Is(err, db.ErrNoRow) {
			continue
		}
		if err == nil {
			r.report, err = o.reports(ctx, tx, msg)
		}
		if err == nil && !r.report && !o.forged {
			r.part, err = conversation.TakesPart(ctx, tx, r.in, o.sender.Addr)
		}
		if err != nil {
			return nil, err
		}
		if found = append(found, r); r.proves() {
			break
		}
	}
	return found, nil
}

// messageNamed is the message of ours that a Message-ID names: an answer, or the first that was said to a mail of ours that went to many. 0 is none.
func (m *Mail) messageNamed(ctx context.Context, tx *db.Tx, id string) (conversation.MessageID, error) {
	if msg, ok := ourMessage(m.keys, id); ok {
		return msg, nil
	}
	ref, ok := ourBulk(m.keys, id)
	if !ok {
		return 0, nil
	}
	return firstAnswer(ctx, tx, ref)
}

// reports says whether a mail may be a report about a message of ours, which proves
// itself by the id of that mail and needs no sender who takes part: it has the null
// sender that reports have, or names somebody whom that message went to.
func (o opened) reports(ctx context.Context, tx *db.Tx, msg conversation.MessageID) (bool, error) {
	if !o.isReport() {
		return false, nil
	}
	if o.null || o.kind.Bounce == nil {
		return o.null, nil
	}
	to, err := sentTo(ctx, tx, msg)
	return err == nil && slices.Contains(to, foldAddress(o.kind.Bounce.Recipient)), err
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
