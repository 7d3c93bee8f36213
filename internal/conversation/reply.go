package conversation

import (
	"context"
	"fmt"
	"strings"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Answer is what an agent writes to a customer.
type Answer struct {
	Text   string // as written; the channel makes HTML of it when HTML is empty
	HTML   string // already clean
	To     []Address
	Cc     []Address
	Bcc    []Address
	Files  []UploadID
	By     string    // the channel it goes by; "": where the customer last was
	SendAt time.Time // zero: at once. Until then it can be taken back
	Then   Status    // what the conversation is afterwards; "": as it is
}

// canBe says whether a conversation can be what the answer says it shall be
// afterwards. Without a time nothing can sleep: it would never wake.
func (a Answer) canBe() bool {
	return a.Then == "" || a.Then == Open || a.Then == Pending || a.Then == Solved
}

// Reply answers the customer. Whatever delivers the answer reacts to Replied.
func Reply(ctx context.Context, tx *db.Tx, id ID, a Answer) (Message, error) {
	if err := team.Allow(ctx, team.Reply); err != nil {
		return Message{}, err
	}
	if strings.TrimSpace(a.Text) == "" && len(a.Files) == 0 {
		return Message{}, problem.For("text", "Write something first.")
	}
	if !a.canBe() {
		return Message{}, problem.For("status", "There is no status “%s”.", string(a.Then))
	}
	c, err := Survivor(ctx, tx, id)
	if err != nil {
		return Message{}, err
	}
	if a.By == "" {
		if a.By, err = LastBy(ctx, tx, c); err != nil {
			return Message{}, err
		}
	}
	m := Message{Conversation: c.ID, Kind: FromAgent, Channel: a.By, Text: a.Text, HTML: a.HTML, Delivery: Queued, SendAt: a.SendAt,
		Recipients: Recipients{To: a.To, Cc: a.Cc, Bcc: a.Bcc}}
	if err := say(ctx, tx, c, &m, a.Files); err != nil {
		return m, fmt.Errorf("reply to %s: %w", c.ID, err)
	}
	for _, list := range [][]Address{a.To, a.Cc, a.Bcc} {
		for _, to := range list {
			if err := addParticipant(ctx, tx, c.ID, to.Address, 0, true); err != nil {
				return m, err
			}
		}
	}
	_, err = tx.Exec(ctx, `
		UPDATE conversation SET snippet = $2, messages = messages + 1, last_at = $3, last_kind = 'agent', waiting_since = NULL,
			first_reply_at = COALESCE(first_reply_at, $3), updated_at = $3 WHERE id = $1`, c.ID, snippet(unmarked(m.Text)), tx.Now())
	if err != nil {
		return m, err
	}
	facts := []event.Fact{Replied{ID: c.ID, Message: m.ID, Channel: m.Channel, SendAt: a.SendAt}}
	if c.Assignee == 0 && m.Person != 0 { // who answers, looks after it
		f, err := assign(ctx, tx, c, m.Person)
		if err != nil {
			return m, err
		}
		facts = append(facts, f...)
	}
	if a.Then != "" && a.Then != c.Status {
		f, err := setStatus(ctx, tx, c, a.Then, time.Time{})
		if err != nil {
			return m, err
		}
		facts = append(facts, f...)
	}
	return m, event.Record(ctx, tx, facts...)
}

// say stores what a person of ours says, with the files he uploaded for it, and
// forgets his draft.
func say(ctx context.Context, tx *db.Tx, c Conversation, m *Message, files []UploadID) error {
	actor := team.From(ctx)
	m.Person, m.FromName = actor.Person, actor.Name
	var err error
	if m.Attachments, err = takeUploads(ctx, tx, files); err != nil {
		return err
	}
	if err := insert(ctx, tx, m); err != nil {
		return err
	}
	if err := index(ctx, tx, *m, ""); err != nil {
		return err
	}
	if err := seen(ctx, tx, c.ID, actor.Person, m.ID); err != nil {
		return err
	}
	return dropDraft(ctx, tx, c.ID, actor.Person, m.Kind)
}

// Unsend takes an answer back before it has left the house. Its text becomes
// the draft again.
func Unsend(ctx context.Context, tx *db.Tx, id MessageID) (Message, error) {
	if err := team.Allow(ctx, team.Reply); err != nil {
		return Message{}, err
	}
	m, err := GetMessage(ctx, tx, id)
	if err != nil {
		return m, err
	}
	n, err := tx.Exec(ctx, `UPDATE conversation_message SET delivery = 'withdrawn' WHERE id = $1 AND delivery = 'queued' AND send_at > $2`, id, tx.Now())
	if err != nil {
		return m, err
	}
	if n == 0 {
		return m, problem.New(problem.Conflict, "It is too late: the answer is on its way.")
	}
	if err := unspeak(ctx, tx, m); err != nil {
		return m, err
	}
	if err := SaveDraft(ctx, tx, m.Conversation, FromAgent, m.Text); err != nil {
		return m, err
	}
	return m, event.Record(ctx, tx, Unsent{m.Conversation, m.ID})
}

// unspeak makes the conversation's row show what was last said before m.
func unspeak(ctx context.Context, tx *db.Tx, m Message) error {
	if err := unindex(ctx, tx, m.ID); err != nil {
		return err
	}
	return refresh(ctx, tx, m.Conversation)
}

// refresh derives what the conversation's row keeps of its messages anew.
func refresh(ctx context.Context, tx *db.Tx, id ID) error {
	list, err := db.All(ctx, tx, scanMessage, `SELECT `+messageColumns+` FROM conversation_message m
		WHERE m.conversation_id = $1 AND m.delivery <> 'withdrawn' AND m.kind <> 'system' ORDER BY m.id`, id)
	if err != nil {
		return err
	}
	var c Conversation
	c.Messages = len(list)
	for _, m := range list {
		c.LastAt = m.CreatedAt
		switch m.Kind {
		case FromCustomer:
			c.Snippet, c.LastKind = snippet(m.words()), m.Kind
			if c.WaitingSince.IsZero() && !m.Auto {
				c.WaitingSince = m.CreatedAt
			}
		case FromAgent, FromBot:
			c.Snippet, c.LastKind, c.WaitingSince = snippet(unmarked(m.Text)), m.Kind, time.Time{}
			if c.FirstReplyAt.IsZero() {
				c.FirstReplyAt = m.CreatedAt
			}
		}
	}
	_, err = tx.Exec(ctx, `UPDATE conversation SET messages = $2, last_at = COALESCE($3, created_at), last_kind = $4, snippet = $5,
		waiting_since = CASE WHEN status = 'solved' THEN NULL ELSE CAST($6 AS BIGINT) END, first_reply_at = $7, updated_at = $8 WHERE id = $1`,
		id, c.Messages, c.LastAt, c.LastKind, c.Snippet, c.WaitingSince, c.FirstReplyAt, tx.Now())
	return err
}
