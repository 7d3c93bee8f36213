package form

import (
	"context"
	"slices"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
)

// Unverified marks the message of somebody who has not proven who he is.
const Unverified = "unverified"

// place makes a conversation of what was sent.
func (f *Forms) place(ctx context.Context, tx *db.Tx, form Form, d Definition, s *Submission, files []File) error {
	who, known, err := s.sender(ctx, tx)
	if err != nil {
		return err
	}
	in, err := inbox.Get(ctx, tx, form.Inbox)
	if err != nil {
		return err
	}
	in.Channel = Channel
	text := d.Letter(s.Answers, s.Language)
	who.Language = string(s.Language) // the language of this talk, not what is known of the customer
	got, err := conversation.Receive(ctx, tx, conversation.Inbound{Inbox: in, Contact: who, Tags: d.Tags, Type: d.Type,
		Message: conversation.Message{FromName: s.calls(who), FromAddress: s.Email, Subject: d.subject(*s), Text: text, ReplyText: text,
			Flags: []string{Unverified}, Attachments: attached(files)}})
	if err != nil {
		return err
	}
	s.Contact, s.Conversation = who.ID, got.Conversation
	if _, err = tx.Exec(ctx, `UPDATE form_submission SET contact_id = $2, conversation_id = $3 WHERE id = $1`, s.ID, s.Contact, s.Conversation); err != nil {
		return err
	}
	if err := d.fill(ctx, tx, *s, known); err != nil {
		return err
	}
	return d.agreed(ctx, tx, *s)
}

// sender is the customer with the address that was typed in, or a new one, and whether he was known. A known customer stays as he is: nobody has
// proven to be him. A phone number counts only where no mail address was given: else whoever knows the number of somebody
// would have his own mail address beside it.
func (s Submission) sender(ctx context.Context, tx *db.Tx) (who contact.Contact, known bool, err error) {
	from := contact.Sender{Email: s.Email}
	switch {
	case s.Email != "":
	case s.Phone != "":
		from = contact.Sender{Phone: s.Phone}
	default:
		from = contact.Sender{Channel: Channel, Handle: s.ID.String()}
	}
	if _, known, err = contact.Find(ctx, tx, from); err != nil {
		return who, known, err
	}
	if !known {
		from.Name, from.Language = s.Name, string(s.Language)
	}
	who, _, err = contact.Resolve(ctx, tx, from)
	return who, known, err
}

// calls is the name under which the message stands: what was typed in.
func (s Submission) calls(who contact.Contact) string {
	if s.Name != "" {
		return s.Name
	}
	return who.Name
}

// subject is what the conversation is called: the answer that is meant for that, else the title of the form.
func (d Definition) subject(s Submission) string {
	for _, f := range d.Asked(s.Answers) {
		if f.As == AsSubject && len(s.Answers[f.Key]) > 0 {
			return short(f.Says(s.Answers[f.Key], s.Language), 200)
		}
	}
	return d.Title.In(s.Language)
}

// Letter is what was sent as one text: what was written at length first, since that is what one reads in a list; then
// every answer in the order of the form.
func (d Definition) Letter(a Answers, l i18n.Locale) string {
	var long, rest []string
	asked := d.Asked(a)
	one := len(slices.DeleteFunc(slices.Clone(asked), func(f Field) bool { return f.Kind != Long || len(a[f.Key]) == 0 })) == 1
	for _, f := range asked {
		v := a[f.Key]
		switch {
		case len(v) == 0:
		case f.Kind == Long && one:
			long = append(long, v[0])
		case f.Kind == Long:
			long = append(long, f.Called(l)+"\n"+v[0])
		case f.Kind == Consent:
			rest = append(rest, "✓ "+f.Called(l))
		default:
			rest = append(rest, short(f.Called(l), 120)+": "+f.Says(v, l))
		}
	}
	if len(rest) > 0 {
		long = append(long, strings.Join(rest, "\n"))
	}
	return strings.Join(long, "\n\n")
}

func attached(files []File) (list []conversation.Attachment) {
	for _, f := range files {
		list = append(list, conversation.Attachment{Name: f.Name, Type: f.Type, Size: f.Size, Blob: f.Blob})
	}
	return list
}
