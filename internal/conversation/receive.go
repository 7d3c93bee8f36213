package conversation

import (
	"context"
	"fmt"
	"time"
	"unicode/utf8"

	"baraji/internal/contact"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
)

// Inbound is a message of a customer as a channel hands it over.
type Inbound struct {
	Inbox   inbox.Inbox
	Contact contact.Contact
	Message // Kind, ids and times are set by Receive

	Continues ID // the conversation that it answers, already proven to be the sender's; 0 opens one
	Related   ID // may have to do with it: only a hint for the agent
	Stage     Stage
	Type      string
	Priority  string
	Tags      []string
	At        time.Time // when it was written, for history; zero is now
	History   bool      // over and done with: it opens solved, and nobody waits
	Quiet     bool      // nobody reacts: imported
}

// ReceivedIn says where a message went.
type ReceivedIn struct {
	Conversation ID
	Message      MessageID
	Number       int64
	New          bool
}

// Receive takes a customer's message into its conversation, or a new one.
func Receive(ctx context.Context, tx *db.Tx, in Inbound) (ReceivedIn, error) {
	if in.History || in.Quiet {
		ctx = event.Quiet(ctx)
	}
	m := in.Message
	m.Kind, m.Contact, m.Channel, m.CreatedAt = FromCustomer, in.Contact.ID, in.Inbox.Channel, tx.Now()
	if in.At.IsZero() || in.At.After(tx.Now()) {
		in.At = tx.Now()
	}
	if in.Quiet || in.History {
		m.CreatedAt = in.At
	}
	got, facts, err := in.place(ctx, tx, &m)
	if err != nil {
		return got, err
	}
	if err := takePart(ctx, tx, got.Conversation, in.Contact.ID, m); err != nil {
		return got, fmt.Errorf("note participants: %w", err)
	}
	m.Conversation = got.Conversation
	if err := insert(ctx, tx, &m); err != nil {
		return got, fmt.Errorf("store message: %w", err)
	}
	if err := index(ctx, tx, m, in.Contact.Name); err != nil {
		return got, fmt.Errorf("index message: %w", err)
	}
	got.Message = m.ID
	facts = append(facts, Received{ID: got.Conversation, Message: m.ID, First: got.New, Auto: m.Auto})
	return got, event.Record(ctx, tx, facts...)
}

// place finds the conversation's row and makes it show the message.
func (in Inbound) place(ctx context.Context, tx *db.Tx, m *Message) (ReceivedIn, []event.Fact, error) {
	if in.Continues == 0 {
		c, err := in.opened(tx, m)
		if err != nil {
			return ReceivedIn{}, nil, err
		}
		facts, err := open(ctx, tx, &c, in.Tags, in.Related)
		return ReceivedIn{Conversation: c.ID, Number: c.Number, New: true}, facts, err
	}
	c, err := Survivor(ctx, tx, in.Continues)
	if err != nil {
		return ReceivedIn{}, nil, err
	}
	facts, err := in.continued(ctx, tx, c, m)
	return ReceivedIn{Conversation: c.ID, Number: c.Number}, facts, err
}

func (in Inbound) opened(tx *db.Tx, m *Message) (Conversation, error) {
	c := Conversation{Inbox: in.Inbox.ID, Channel: in.Inbox.Channel, Contact: in.Contact.ID, Company: in.Contact.Company, Team: in.Inbox.Team,
		Subject: short(m.Subject, maxSubject), Snippet: snippet(m.words()), Language: in.Contact.Language, Status: Open, Stage: in.Stage, Type: in.Type,
		Priority: in.Priority, Messages: 1, LastAt: in.At, LastKind: FromCustomer, CreatedAt: in.At}
	if c.Stage == "" {
		c.Stage = Stage(in.Contact.Stage).orPostSale()
	}
	switch {
	case in.History:
		c.Status, c.SolvedAt = Solved, in.At
	case m.Auto && in.Message.Bounce != nil, m.Auto && in.answersNobody():
		c.Status, c.SolvedAt = Solved, in.At
	case !m.Auto:
		c.WaitingSince = in.At
	}
	return c, nil
}

// answersNobody: out-of-office notices, receipts and the like need nobody to act.
// Other machine mail, such as an order notice, stays open to be seen.
func (in Inbound) answersNobody() bool {
	return contains(in.Flags, "auto_receipt") || contains(in.Flags, "auto_feedback") || contains(in.Flags, "auto_bounce") || contains(in.Flags, "auto_list")
}

func (s Stage) orPostSale() Stage {
	for _, known := range Stages {
		if s == known {
			return s
		}
	}
	return PostSale
}

// continued puts the message at the end of a conversation that is there. What a
// machine wrote opens nothing and makes nobody wait.
func (in Inbound) continued(ctx context.Context, tx *db.Tx, c Conversation, m *Message) ([]event.Fact, error) {
	reopen := c.Status != Open && !m.Auto && !in.History
	status, waiting, solved := c.Status, c.WaitingSince, c.SolvedAt
	if reopen {
		status, solved = Open, time.Time{}
	}
	if waiting.IsZero() && !m.Auto && !in.History {
		waiting = in.At
	}
	_, err := tx.Exec(ctx, `
		UPDATE conversation SET snippet = CASE WHEN last_at > $3 THEN snippet ELSE $2 END, messages = messages + 1,
			last_kind = CASE WHEN last_at > $3 THEN last_kind ELSE 'customer' END, last_at = CASE WHEN last_at > $3 THEN last_at ELSE $3 END,
			waiting_since = $4, status = $5,
			solved_at = $6, snoozed_until = CASE WHEN $5 = 'snoozed' THEN snoozed_until END, updated_at = $7 WHERE id = $1`,
		c.ID, snippet(m.words()), in.At, waiting, status, solved, tx.Now())
	if err != nil || !reopen {
		return nil, err
	}
	if c.Status == Snoozed {
		if err := job.Cancel(ctx, tx, wakeKey(c.ID)); err != nil {
			return nil, err
		}
	}
	return []event.Fact{StatusSet{ID: c.ID, From: c.Status, To: Open}}, nil
}

// short cuts a text to at most n bytes, at a letter.
func short(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// words is what a list shows of a message: what is new in it, or all of it.
func (m Message) words() string {
	if m.ReplyText != "" {
		return m.ReplyText
	}
	return m.Text
}
