package conversation

import (
	"context"
	"fmt"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/team"
)

// Change is what one may change of a conversation's head; nil leaves it.
type Change struct {
	Subject, Type, Priority, Severity *string
	Stage                             *Stage
}

// Update changes the head of a conversation.
func Update(ctx context.Context, tx *db.Tx, id ID, ch Change) error {
	if err := team.Allow(ctx, team.Handle); err != nil {
		return err
	}
	c, err := Get(ctx, tx, id)
	if err != nil {
		return err
	}
	fields := ch.apply(&c)
	if len(fields) == 0 {
		return nil
	}
	if err := c.check(); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE conversation SET subject = $2, type = $3, priority = $4, severity = $5, stage = $6, updated_at = $7 WHERE id = $1`,
		id, c.Subject, c.Type, c.Priority, c.Severity, c.Stage, tx.Now())
	if err != nil {
		return fmt.Errorf("change %s: %w", id, err)
	}
	if contains(fields, "subject") {
		if err := reindex(ctx, tx, id); err != nil {
			return err
		}
	}
	return event.Record(ctx, tx, Changed{id, fields})
}

func (ch Change) apply(c *Conversation) (fields []string) {
	set := func(name string, to *string, from *string) {
		if to != nil && *to != *from {
			*from, fields = *to, append(fields, name)
		}
	}
	set("subject", ch.Subject, &c.Subject)
	set("type", ch.Type, &c.Type)
	set("priority", ch.Priority, &c.Priority)
	set("severity", ch.Severity, &c.Severity)
	if ch.Stage != nil {
		stage := string(*ch.Stage)
		set("stage", &stage, (*string)(&c.Stage))
	}
	return fields
}
