package oncall

import (
	"context"
	"encoding/json"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/sla"
)

// OnReceived pages for a conversation that begins.
func OnReceived(ctx context.Context, tx *db.Tx, f conversation.Received) error {
	if f.Auto || !f.First {
		return nil
	}
	return watch(ctx, tx, f.ID, Asked)
}

// OnChanged pages for one that became such that a rule fits.
func OnChanged(ctx context.Context, tx *db.Tx, f conversation.Changed) error {
	return watch(ctx, tx, f.ID, Asked)
}

// OnBroken pages for one whose promised time is used up.
func OnBroken(ctx context.Context, tx *db.Tx, f sla.Broken) error {
	return watch(ctx, tx, f.ID, Broken)
}

// OnStatusSet ends the pages of a conversation that is solved.
func OnStatusSet(ctx context.Context, tx *db.Tx, f conversation.StatusSet) error {
	if f.To != conversation.Solved {
		return nil
	}
	ids, err := db.All(ctx, tx, scanID, `SELECT id FROM oncall_page WHERE conversation_id = $1 AND state <> 'resolved'`, f.ID)
	for _, id := range ids {
		if err := resolve(ctx, tx, id); err != nil {
			return err
		}
	}
	return err
}

// OnMerged takes the pages along to the conversation that lives on.
func OnMerged(ctx context.Context, tx *db.Tx, f conversation.Merged) error {
	_, err := tx.Exec(ctx, `UPDATE oncall_page SET conversation_id = $1 WHERE conversation_id = $2`, f.ID, f.From)
	return err
}

// OnDeleted forgets the pages of a conversation that is deleted.
func OnDeleted(ctx context.Context, tx *db.Tx, f conversation.Deleted) error {
	ids, err := db.All(ctx, tx, scanID, `SELECT id FROM oncall_page WHERE conversation_id = $1`, f.ID)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := resolve(ctx, tx, id); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM oncall_page WHERE id = $1`, id); err != nil {
			return err
		}
	}
	return nil
}

func scanID(r db.Row) (id ID, err error) { return id, r.Scan(&id) }

// Part is what on call knows of customers: what somebody wrote when he paged for their conversations.
func Part() contact.Part {
	return contact.Part{Name: "oncall", Export: export, Erase: erase}
}

const ofContact = `conversation_id IN (SELECT c.id FROM conversation c WHERE c.contact_id = $1)`

func export(ctx context.Context, tx *db.Tx, who contact.ID) (any, error) {
	return db.All(ctx, tx, func(r db.Row) (json.RawMessage, error) {
		var said struct {
			Said string `json:"said"`
		}
		if err := r.Scan(&said.Said); err != nil {
			return nil, err
		}
		return json.Marshal(said)
	}, `SELECT title FROM oncall_page WHERE title <> '' AND `+ofContact+` ORDER BY id`, who)
}

func erase(ctx context.Context, tx *db.Tx, who contact.ID, _ []contact.Address) error {
	_, err := tx.Exec(ctx, `UPDATE oncall_page SET title = '' WHERE title <> '' AND `+ofContact, who)
	return err
}
