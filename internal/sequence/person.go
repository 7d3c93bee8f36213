package sequence

import (
	"context"
	"encoding/json"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
)

// Part is what flows have of a customer.
func Part() contact.Part {
	return contact.Part{Name: "sequence", Move: moveTo, Back: rows.Back, Export: export, Erase: erase, Line: line}
}

const rows = contact.Rows[PathID]("sequence_path")

// moveTo takes paths along. Where both are in one flow, the way of the one who is merged ends.
func moveTo(ctx context.Context, tx *db.Tx, lose, keep contact.ID) (json.RawMessage, error) {
	_, err := tx.Exec(ctx, `UPDATE sequence_path SET state = $3, step = 0, turn = turn + 1, due_at = NULL, awaits = '', ended_at = $4 WHERE contact_id = $1 AND ended_at IS NULL AND EXISTS
		(SELECT 1 FROM sequence_path o WHERE o.contact_id = $2 AND o.sequence_id = sequence_path.sequence_id AND o.ended_at IS NULL)`, lose, keep, Stopped, tx.Now())
	if err != nil {
		return nil, err
	}
	return rows.Move(ctx, tx, lose, keep)
}

type exported struct {
	Flow    string `json:"flow"`
	State   State  `json:"state"`
	Started string `json:"started"`
	Ended   string `json:"ended,omitempty"`
}

const iso = "2006-01-02T15:04:05.000Z"

// export holds what whoever acts may see.
func export(ctx context.Context, tx *db.Tx, who contact.ID) (any, error) {
	var a db.Args
	return db.All(ctx, tx, func(r db.Row) (e exported, err error) {
		var from, to time.Time
		err = r.Scan(&e.Flow, &e.State, db.Time(&from), db.Time(&to))
		e.Started = from.Format(iso)
		if !to.IsZero() {
			e.Ended = to.Format(iso)
		}
		return e, err
	}, `SELECT s.name, p.state, p.started_at, p.ended_at FROM sequence_path p JOIN sequence s ON s.id = p.sequence_id WHERE p.contact_id = `+a.Add(who)+` AND `+Visible(ctx, &a)+` ORDER BY p.id`, a.List()...)
}

func erase(ctx context.Context, tx *db.Tx, who contact.ID, _ []contact.Address) error {
	_, err := tx.Exec(ctx, `DELETE FROM sequence_path WHERE contact_id = $1`, who)
	return err
}

// line shows each path at the moment when it began. Kind is "sequence." and its state.
func line(ctx context.Context, tx *db.Tx, who contact.ID, before time.Time, limit int) ([]contact.Entry, error) {
	var a db.Args
	return db.All(ctx, tx, func(r db.Row) (e contact.Entry, err error) {
		var id PathID
		var state State
		err = r.Scan(&id, &e.Title, &state, db.Time(&e.At))
		e.Kind, e.Ref, e.Icon = "sequence."+string(state), id.String(), "workflow"
		return e, err
	}, `SELECT p.id, s.name, p.state, p.started_at FROM sequence_path p JOIN sequence s ON s.id = p.sequence_id WHERE p.contact_id = `+a.Add(who)+` AND p.started_at < `+a.Add(before)+` AND `+Visible(ctx, &a)+
		` ORDER BY p.started_at DESC, p.id DESC`+db.Limit(limit), a.List()...)
}

// OnMerged takes paths along to the conversation that lives on.
func OnMerged(ctx context.Context, tx *db.Tx, f conversation.Merged) error {
	_, err := tx.Exec(ctx, `UPDATE sequence_path SET conversation_id = $2 WHERE conversation_id = $1`, f.From, f.ID)
	return err
}

// OnDeleted lets a path go on without its conversation.
func OnDeleted(ctx context.Context, tx *db.Tx, f conversation.Deleted) error {
	_, err := tx.Exec(ctx, `UPDATE sequence_path SET conversation_id = 0 WHERE conversation_id = $1`, f.ID)
	return err
}
