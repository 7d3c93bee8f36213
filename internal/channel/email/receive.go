package email

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/mail"
)

// receive makes a message of the mail.
func (m *Mail) receive(ctx context.Context, tx *db.Tx, o opened) (conversation.MessageID, error) {
	var err error
	if o.forged, err = o.isForged(ctx, tx); err != nil {
		return 0, err
	}
	who, err := o.from(ctx, tx)
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
	if p.gathered != 0 {
		if err := m.gathered(ctx, tx, o, p.gathered, who.ID); err != nil {
			return 0, err
		}
	}
	if o.kind.Class == mail.Bounced && o.kind.Bounce != nil && p.answered != 0 {
		if err := bounced(ctx, tx, p.answered, *o.kind.Bounce); err != nil {
			return 0, err
		}
	}
	if ref := m.bulkOf(o); ref != "" && got.New && !in.Auto && !o.forged {
		if err := m.answeredBulk(ctx, tx, ref, who.ID, got.Conversation, got.Message); err != nil {
			return 0, err
		}
	}
	return got.Message, nil
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
	if o.forged {
		in.Flags = append(slices.Clip(in.Flags), FlagForged)
	}
	if p.gathered != 0 { // nobody waits for an answer to it
		in.Continues, in.Auto, in.Flags = p.gathered, true, append(slices.Clip(in.Flags), FlagGathered)
	}
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
