package oncall

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Call is what somebody is wanted for.
type Call struct {
	Conversation conversation.ID
	Key          string // of a program: the same again is counted; "" and no conversation: stands alone
	Title        string
	Reason       string
	Urgent       bool
}

// Open pages a service: by a person, or a program in his name. Who may work on conversations may page for them.
func Open(ctx context.Context, tx *db.Tx, of ServiceID, c Call) (Page, error) {
	if err := team.Allow(ctx, team.Handle); err != nil {
		return Page{}, err
	}
	s, err := GetService(ctx, tx, of)
	if err != nil {
		return Page{}, err
	}
	c.Title = strings.Join(strings.Fields(c.Title), " ")
	var k problem.Check
	k.That(len([]rune(c.Title)) <= 200, "title", "Use at most %d characters.", 200)
	k.That(len(c.Key) <= 200, "key", "Use at most %d characters.", 200)
	k.That(c.Title != "" || c.Conversation != 0 || c.Reason == Test, "title", "Say what it is about.")
	if err := k.Err(); err != nil {
		return Page{}, err
	}
	if c.Conversation != 0 {
		if _, err := conversation.Get(ctx, tx, c.Conversation); err != nil {
			return Page{}, err
		}
	}
	p, err := open(ctx, tx, s, c)
	if err != nil {
		return p, err
	}
	return Get(ctx, tx, p.ID)
}

// Try opens a page that only tests whether it comes through.
func Try(ctx context.Context, tx *db.Tx, of ServiceID) (Page, error) {
	return Open(ctx, tx, of, Call{Reason: Test, Urgent: true})
}

// open opens a page and tells the first step, or counts the one that is open already.
func open(ctx context.Context, tx *db.Tx, s Service, c Call) (Page, error) {
	p := Page{ID: ID(tx.NewID()), Service: s.ID, ServiceName: s.Name, Conversation: c.Conversation, Title: c.Title, Reason: c.Reason, Urgent: c.Urgent, State: Running,
		OpenedAt: tx.Now(), OpenedBy: team.From(ctx).Person, Silent: time.Duration(s.Silent) * time.Minute, Subject: c.Key}
	switch {
	case c.Conversation != 0:
		p.Subject = c.Conversation.String()
	case c.Key == "":
		p.Subject = p.ID.String()
	}
	had, err := db.One(ctx, tx, scanPage, `UPDATE oncall_page SET count = count + 1 WHERE service_id = $1 AND subject = $2 AND state <> 'resolved' RETURNING `+pageColumns, p.Service, p.Subject)
	if err == nil {
		return had, more(ctx, tx, s, had, c)
	}
	if !errors.Is(err, db.ErrNoRow) {
		return p, err
	}
	if p.Plan, err = planFor(ctx, tx, s, tx.Now(), c.Urgent); err != nil {
		return p, err
	}
	plan, err := json.Marshal(p.Plan)
	if err != nil {
		return p, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO oncall_page (id, service_id, service, subject, conversation_id, title, reason, urgent, state, opened_at, opened_by, plan, silent)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		p.ID, p.Service, p.ServiceName, p.Subject, p.Conversation, p.Title, p.Reason, p.Urgent, p.State, p.OpenedAt, p.OpenedBy, string(plan), p.Silent)
	if err != nil {
		return p, err
	}
	if err := event.Record(ctx, tx, Opened{p.ID, p.Service, p.Conversation, p.Reason, p.Urgent}); err != nil {
		return p, err
	}
	return p, climb(ctx, tx, p)
}

// more is the same again: what may wait and is urgent now does not wait; what nobody answered is gone through again.
func more(ctx context.Context, tx *db.Tx, s Service, p Page, c Call) error {
	if p.State != Spent && (p.State != Running || p.Urgent || !c.Urgent) {
		return nil
	}
	plan, err := planFor(ctx, tx, s, tx.Now(), c.Urgent)
	if err != nil {
		return err
	}
	p.Urgent = c.Urgent
	return begin(ctx, tx, p, plan)
}

// begin makes a page run by another plan from now on.
func begin(ctx context.Context, tx *db.Tx, p Page, plan Plan) error {
	body, err := json.Marshal(plan)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE oncall_page SET state = 'running', urgent = $2, plan = $3, at = 0, delay = 0, acked_by = 0, acked_at = NULL WHERE id = $1`, p.ID, p.Urgent, string(body))
	if err != nil {
		return err
	}
	if err := stop(ctx, tx, p.ID); err != nil {
		return err
	}
	p.State, p.Plan, p.At, p.Delay, p.AckedBy = Running, plan, 0, 0, 0
	return climb(ctx, tx, p)
}
