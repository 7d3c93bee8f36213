package conversation

import (
	"context"
	"fmt"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Beginning is a conversation that we begin, with its first message.
type Beginning struct {
	Inbox   inbox.Inbox
	Contact contact.Contact
	Subject string
	Answer  // Then "" is Pending: the customer has to answer
}

// Start begins a conversation with a customer. It belongs to whoever begins it,
// and whatever delivers the message reacts to Replied, as for an answer.
func Start(ctx context.Context, tx *db.Tx, b Beginning) (Conversation, Message, error) {
	if err := team.Allow(ctx, team.Reply); err != nil {
		return Conversation{}, Message{}, err
	}
	if err := b.check(); err != nil {
		return Conversation{}, Message{}, err
	}
	actor, now := team.From(ctx), tx.Now()
	c := Conversation{Inbox: b.Inbox.ID, Channel: b.Inbox.Channel, Contact: b.Contact.ID, Company: b.Contact.Company, Team: b.Inbox.Team,
		Subject: b.Subject, Snippet: snippet(b.Text), Language: b.Contact.Language, Status: b.Then, Stage: Stage(b.Contact.Stage).orPostSale(),
		Assignee: actor.Person, Messages: 1, LastAt: now, LastKind: FromAgent, CreatedAt: now}
	if c.Status == "" {
		c.Status = Pending
	}
	facts, err := open(ctx, tx, &c, nil, 0)
	if err != nil {
		return c, Message{}, err
	}
	m := Message{Conversation: c.ID, Kind: FromAgent, Channel: c.Channel, Subject: c.Subject, Text: b.Text, HTML: b.HTML, Delivery: Queued, SendAt: b.SendAt,
		Recipients: Recipients{To: b.To, Cc: b.Cc, Bcc: b.Bcc}}
	if err := say(ctx, tx, c, &m, b.Files); err != nil {
		return c, m, fmt.Errorf("start %s: %w", c.ID, err)
	}
	if err := b.takePart(ctx, tx, c.ID); err != nil {
		return c, m, err
	}
	if c.Assignee != 0 {
		facts = append(facts, Assigned{ID: c.ID, To: c.Assignee})
	}
	return c, m, event.Record(ctx, tx, append(facts, Replied{ID: c.ID, Message: m.ID, Channel: m.Channel, SendAt: b.SendAt})...)
}

func (b *Beginning) check() error {
	b.Subject = strings.TrimSpace(b.Subject)
	var k problem.Check
	k.That(b.Subject != "", "subject", "Enter a subject.")
	k.That(strings.TrimSpace(b.Text) != "" || len(b.Files) > 0, "text", "Write something first.")
	k.That(b.canBe(), "status", "There is no status “%s”.", string(b.Then))
	return k.Err()
}

func (b Beginning) takePart(ctx context.Context, tx *db.Tx, id ID) error {
	for i, list := range [][]Address{b.To, b.Cc, b.Bcc} {
		for _, a := range list {
			who := contact.ID(0)
			if i == 0 {
				who = b.Contact.ID
			}
			if err := addParticipant(ctx, tx, id, a.Address, who, i > 0); err != nil {
				return err
			}
		}
	}
	return nil
}
