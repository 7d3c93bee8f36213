package email

import (
	"context"
	"errors"
	"slices"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/mail"
)

// What comes back to a mail that went to many (bulk.go). What a person answers is a message like any other one, and what they answer again goes where
// the first answer went. What machines say about it is only counted, so that a thousand mails do not open fifty conversations that nobody has to read:
// that a mail did not arrive, that it was called spam, that somebody is away and says so with the mark that such answers have (RFC 3834).

// Back is what came back to a mail to many.
type Back string

// The kinds of it.
const (
	Answered   Back = "reply"
	Returned   Back = "bounce"    // for good
	Delayed    Back = "delay"     // or could not be delivered this time
	Complained Back = "complaint" // its reader called it spam
	AnsweredBy Back = "auto"      // a machine answered for its reader
)

// BulkAnswered says that something came back to a mail to many.
type BulkAnswered struct {
	Ref          string                 `json:"ref"`
	Back         Back                   `json:"back"`
	Dead         bool                   `json:"dead,omitempty"`   // of Returned: the address itself does not work
	Status       string                 `json:"status,omitempty"` // of Returned: the code of RFC 3463
	Contact      contact.ID             `json:"contact,omitzero"` // of Answered: who wrote
	Conversation conversation.ID        `json:"conversation,omitzero"`
	Message      conversation.MessageID `json:"message,omitzero"`
}

// EventKind names the fact.
func (BulkAnswered) EventKind() string { return "email.bulk_answered" }

// Subject is the mail that it came back to.
func (f BulkAnswered) Subject() string { return f.Ref }

// bulkOf is the mail to many that a mail refers to last; "" is none.
func (m *Mail) bulkOf(o opened) string {
	for _, id := range slices.Backward(o.refersTo()) {
		if ref, ok := ourBulk(m.keys, id); ok {
			return ref
		}
	}
	return ""
}

// refersTo are the Message-IDs that a mail refers to; the last is the one that it answers.
func (o opened) refersTo() []string {
	refs := slices.Concat(o.mail.References, o.mail.InReplyTo)
	if b := o.kind.Bounce; b != nil && b.MessageID != "" && o.kind.Class != mail.Person {
		refs = append(refs, b.MessageID)
	}
	return refs[max(0, len(refs)-maxRefs):]
}

// counted is what a machine says about a mail to many, which nobody has to read.
func (m *Mail) counted(o opened) (f BulkAnswered, ok bool) {
	f.Ref = m.bulkOf(o)
	if f.Ref == "" {
		return f, false
	}
	b := o.kind.Bounce
	switch o.kind.Class {
	case mail.Bounced:
		f.Back = Delayed
		if b != nil && b.Permanent && !b.Delayed {
			f.Back, f.Dead, f.Status = Returned, b.Hard, clip(b.Status, 20)
		}
	case mail.Feedback:
		if b == nil || notSpam(b.Detail) {
			return f, false
		}
		f.Back = Complained
	case mail.Receipt:
		f.Back = AnsweredBy
	case mail.Auto:
		f.Back = AnsweredBy
		return f, strings.HasPrefix(strings.ToLower(strings.TrimSpace(o.mail.Header.Get("Auto-Submitted"))), "auto-")
	default:
		return f, false
	}
	return f, true
}

// notSpam are the types of reports that say nothing of a reader: a signature that does not fit, or that it was no spam (RFC 5965, 6650).
func notSpam(kind string) bool {
	return slices.Contains([]string{"auth-failure", "not-spam", "virus"}, strings.ToLower(kind))
}

// answeredBulk notes that a person answered a mail to many: what they write to it next goes into the same conversation.
func (m *Mail) answeredBulk(ctx context.Context, tx *db.Tx, ref string, who contact.ID, in conversation.ID, msg conversation.MessageID) error {
	_, err := tx.Exec(ctx, `INSERT INTO email_bulk_answer (ref, message_id, at) VALUES ($1, $2, $3)
		ON CONFLICT (ref) DO UPDATE SET message_id = excluded.message_id, at = excluded.at`, ref, msg, tx.Now())
	if err != nil {
		return err
	}
	return event.Record(ctx, tx, BulkAnswered{Ref: ref, Back: Answered, Contact: who, Conversation: in, Message: msg})
}

// firstAnswer is the message that answered a mail to many, the last that opened a conversation; 0 is none.
func firstAnswer(ctx context.Context, tx *db.Tx, ref string) (conversation.MessageID, error) {
	msg, err := db.Value[conversation.MessageID](ctx, tx, `SELECT message_id FROM email_bulk_answer WHERE ref = $1`, ref)
	if errors.Is(err, db.ErrNoRow) {
		return 0, nil
	}
	return msg, err
}
