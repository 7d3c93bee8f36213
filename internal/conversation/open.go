package conversation

import (
	"context"
	"fmt"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
)

// open writes a new conversation's row. What is not set gets what is usual.
func open(ctx context.Context, tx *db.Tx, c *Conversation, tags []string, related ID) ([]event.Fact, error) {
	c.fill()
	if err := c.check(); err != nil {
		return nil, err
	}
	number, err := db.Next(ctx, tx, "conversation")
	if err != nil {
		return nil, err
	}
	c.ID, c.Number, c.UpdatedAt = ID(tx.NewID()), number+firstNumber, tx.Now()
	_, err = tx.Exec(ctx, `
		INSERT INTO conversation (id, number, inbox_id, channel, contact_id, company_id, subject, snippet, language, status, stage, type, priority,
			severity, assignee_id, team_id, messages, last_at, last_kind, waiting_since, solved_at, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)`,
		c.ID, c.Number, c.Inbox, c.Channel, c.Contact, c.Company, c.Subject, c.Snippet, c.Language, c.Status, c.Stage, c.Type, c.Priority,
		c.Severity, c.Assignee, c.Team, c.Messages, c.LastAt, c.LastKind, c.WaitingSince, c.SolvedAt, c.CreatedAt, c.UpdatedAt)
	if err != nil {
		return nil, fmt.Errorf("open conversation: %w", err)
	}
	facts := []event.Fact{Opened{ID: c.ID, Contact: c.Contact, Channel: c.Channel}}
	for _, name := range tags {
		f, err := tag(ctx, tx, c.ID, name)
		if err != nil {
			return nil, err
		}
		facts = append(facts, f...)
	}
	if related != 0 {
		err = relate(ctx, tx, c.ID, related, "related")
	}
	return facts, err
}

// firstNumber: a first customer who is #1 would wonder.
const firstNumber = 1000

// maxSubject is how long a subject may be, in bytes. A longer one of a mail stays
// whole in its message.
const maxSubject = 1000

func (c *Conversation) fill() {
	c.Subject = strings.TrimSpace(c.Subject)
	if c.Stage == "" {
		c.Stage = PostSale
	}
	if c.Priority == "" {
		c.Priority = "normal"
	}
}

func (c Conversation) check() error {
	var k problem.Check
	k.That(contains(Stages, c.Stage), "stage", "There is no stage “%s”.", string(c.Stage))
	k.That(contains(Priorities, c.Priority), "priority", "There is no priority “%s”.", c.Priority)
	k.That(contains(Severities, c.Severity), "severity", "There is no severity “%s”.", c.Severity)
	k.That(len(c.Type) <= 40, "type", "A type may have at most 40 letters.")
	k.That(len(c.Subject) <= maxSubject, "subject", "A subject may have at most 1,000 bytes.")
	return k.Err()
}

// relate notes that two conversations may have to do with each other.
func relate(ctx context.Context, tx *db.Tx, id, other ID, kind string) error {
	if id == other {
		return nil
	}
	_, err := tx.Exec(ctx, `INSERT INTO conversation_relation (conversation_id, other_id, kind)
		SELECT $1, id, $3 FROM conversation WHERE id = $2 ON CONFLICT (conversation_id, other_id) DO NOTHING`, id, other, kind)
	return err
}

// Relation is another conversation that may have to do with one.
type Relation struct {
	Conversation
	Kind string // "related", "split" or "follow_up"
}

// Relations are the conversations that may have to do with one, as far as
// whoever acts may see them, newest first.
func Relations(ctx context.Context, tx *db.Tx, id ID) ([]Relation, error) {
	var a db.Args
	kinds := map[ID]string{}
	err := db.Each(ctx, tx, func(r db.Row) error {
		var other ID
		var kind string
		err := r.Scan(&other, &kind)
		kinds[other] = kind
		return err
	}, `SELECT other_id, kind FROM conversation_relation WHERE conversation_id = $1
		UNION SELECT conversation_id, kind FROM conversation_relation WHERE other_id = $1`, id)
	if err != nil || len(kinds) == 0 {
		return nil, err
	}
	ids := make([]ID, 0, len(kinds))
	for other := range kinds {
		ids = append(ids, other)
	}
	list, err := db.All(ctx, tx, scan, `SELECT `+columns+from+`WHERE c.id IN `+db.In(&a, ids)+` AND `+Visible(ctx, &a, "c")+` ORDER BY c.id DESC LIMIT 20`, a.List()...)
	out := make([]Relation, len(list))
	for i, c := range list {
		out[i] = Relation{c, kinds[c.ID]}
	}
	return out, err
}
