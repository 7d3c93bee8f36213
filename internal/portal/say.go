package portal

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Saying is what a guest writes.
type Saying struct {
	Key     string // the page's: what is sent twice is there once
	Subject string // of a new question
	Text    string
	Files   []conversation.Attachment // already in the blob store
}

const (
	maxText    = 20_000 // letters
	maxSubject = 200    // letters
	anHour     = 40     // messages of one customer
)

func (s *Saying) check(fresh bool) error {
	s.Subject, s.Text = strings.Join(strings.Fields(clean(s.Subject)), " "), strings.TrimSpace(clean(s.Text))
	var c problem.Check
	c.That(!fresh || s.Subject != "", "subject", "Enter a subject.")
	c.That(len([]rune(s.Subject)) <= maxSubject, "subject", "That is too long.")
	c.That(s.Text != "" || !fresh && len(s.Files) > 0, "text", "Write something first.")
	c.That(len([]rune(s.Text)) <= maxText, "text", "That is too long.")
	return c.Err()
}

func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(strings.ReplaceAll(s, "\r\n", "\n"), ""), "\x00", "")
}

// Answer adds what a guest writes to a conversation of his own.
func Answer(ctx context.Context, tx *db.Tx, g Guest, id conversation.ID, s Saying) error {
	if err := s.check(false); err != nil {
		return err
	}
	t, err := Get(ctx, tx, g, id)
	if err != nil {
		return err
	}
	if !t.Mine {
		return errTalk
	}
	fresh, err := once(ctx, tx, g, s.Key)
	if err != nil || !fresh {
		return err
	}
	in := inbox.Inbox{ID: t.Inbox, Channel: Channel}
	_, err = receive(ctx, tx, g, in, t.ID, s)
	return err
}

// Begin begins a conversation; 0 when it was begun by the same page already.
func Begin(ctx context.Context, tx *db.Tx, g Guest, s Saying) (conversation.ID, error) {
	if err := s.check(true); err != nil {
		return 0, err
	}
	fresh, err := once(ctx, tx, g, s.Key)
	if err != nil || !fresh {
		return 0, err
	}
	in, err := door(ctx, tx)
	if err != nil {
		return 0, err
	}
	return receive(ctx, tx, g, in, 0, s)
}

// door is the inbox that new questions come to: the oldest that takes mail.
func door(ctx context.Context, tx *db.Tx) (inbox.Inbox, error) {
	all, err := inbox.List(ctx, tx)
	if err != nil {
		return inbox.Inbox{}, err
	}
	all = slices.DeleteFunc(all, func(in inbox.Inbox) bool { return in.Channel != "email" || !in.Enabled })
	if len(all) == 0 {
		return inbox.Inbox{}, problem.New(problem.Conflict, "Nothing can be asked here at the moment.")
	}
	in := slices.MinFunc(all, func(a, b inbox.Inbox) int { return cmp.Compare(a.ID, b.ID) })
	in.Channel = Channel
	return in, nil
}

// once says whether a page sends for the first time, and holds how much one customer writes.
func once(ctx context.Context, tx *db.Tx, g Guest, key string) (bool, error) {
	if len(key) < 16 || len(key) > 64 {
		return false, problem.New(problem.Invalid, "What was sent cannot be read. Load the page again.")
	}
	n, err := tx.Exec(ctx, `INSERT INTO portal_sent (session_id, key, at) VALUES ($1, $2, $3) ON CONFLICT (session_id, key) DO NOTHING`, g.ID, key, tx.Now())
	if err != nil || n == 0 {
		return false, err
	}
	sent, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM portal_sent s JOIN portal_session p ON p.id = s.session_id WHERE p.address = $1 AND s.at > $2`, g.Address, tx.Now().Add(-time.Hour))
	if err == nil && sent > anHour {
		err = problem.New(problem.Limited, "That is very much at once. Wait a little.")
	}
	return true, err
}

func receive(ctx context.Context, tx *db.Tx, g Guest, in inbox.Inbox, goesOn conversation.ID, s Saying) (conversation.ID, error) {
	sys := team.AsSystem(ctx)
	who := g.Contact
	if g.Language != "" {
		who.Language = string(g.Language)
	}
	got, err := conversation.Receive(sys, tx, conversation.Inbound{Inbox: in, Contact: who, Continues: goesOn,
		Message: conversation.Message{FromName: who.Name, FromAddress: g.Address, Subject: s.Subject, Text: s.Text, ReplyText: s.Text, Attachments: s.Files}})
	return got.Conversation, err
}

// Close says that a guest needs nothing more; Reopen that he does.
func Close(ctx context.Context, tx *db.Tx, g Guest, id conversation.ID) error {
	return turn(ctx, tx, g, id, conversation.Solved, func(c conversation.ID) event.Fact { return Closed{c, g.Contact.ID} })
}

// Reopen opens a conversation again that was closed.
func Reopen(ctx context.Context, tx *db.Tx, g Guest, id conversation.ID) error {
	return turn(ctx, tx, g, id, conversation.Open, func(c conversation.ID) event.Fact { return Reopened{c, g.Contact.ID} })
}

func turn(ctx context.Context, tx *db.Tx, g Guest, id conversation.ID, to conversation.Status, fact func(conversation.ID) event.Fact) error {
	t, err := Get(ctx, tx, g, id)
	if err != nil {
		return err
	}
	if !t.Mine {
		return errTalk
	}
	if (t.Status == conversation.Solved) == (to == conversation.Solved) {
		return nil
	}
	sys := team.AsSystem(ctx)
	if err := conversation.SetStatus(sys, tx, t.ID, to); err != nil {
		return err
	}
	return event.Record(sys, tx, fact(t.ID))
}

// OnReplied sends an answer by mail to whoever wrote here.
func (p *Portal) OnReplied(ctx context.Context, tx *db.Tx, f conversation.Replied) error {
	c, err := conversation.Get(ctx, tx, f.ID)
	if problem.KindOf(err) == problem.NotFound && err != nil { // deleted in the meantime
		return nil
	}
	if err != nil || cmp.Or(f.Channel, c.Channel) != Channel {
		return err
	}
	return p.mail(ctx, tx, f.Message)
}
