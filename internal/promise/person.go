package promise

import (
	"context"
	"encoding/json"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
)

// Part is what promises know of people and companies.
func Part() contact.Part {
	rows := contact.Rows[ID]("promise")
	return contact.Part{Name: "promise", Move: rows.Move, Back: rows.Back, MoveCompany: moveCompany, BackCompany: backCompany, Export: export, Erase: erase, Line: line}
}

func moveCompany(ctx context.Context, tx *db.Tx, lose, keep contact.CompanyID) (json.RawMessage, error) {
	ids, err := db.Repoint[ID](ctx, tx, "promise", "company_id", lose, keep)
	if err != nil {
		return nil, err
	}
	return json.Marshal(ids)
}

func backCompany(ctx context.Context, tx *db.Tx, lose, keep contact.CompanyID, memo json.RawMessage) error {
	var ids []ID
	if err := json.Unmarshal(memo, &ids); err != nil {
		return err
	}
	return db.PointBack(ctx, tx, "promise", "company_id", lose, keep, ids)
}

type exported struct {
	Words string `json:"words"`
	Kind  string `json:"kind"`
	State State  `json:"state"`
	Due   string `json:"due"`
	At    string `json:"at"`
}

const iso = "2006-01-02T15:04:05.000Z"

// export holds what whoever acts may see.
func export(ctx context.Context, tx *db.Tx, who contact.ID) (any, error) {
	list, err := List(ctx, tx, Filter{Contact: who, Limit: 10_000})
	out := make([]exported, len(list))
	for i, p := range list {
		out[i] = exported{p.Words, p.Kind, p.State, p.Due.Format(iso), p.CreatedAt.Format(iso)}
	}
	return out, err
}

func erase(ctx context.Context, tx *db.Tx, who contact.ID, _ []contact.Address) error {
	_, err := tx.Exec(ctx, `DELETE FROM promise WHERE contact_id = $1`, who)
	return err
}

// line shows each promise at the moment when it was made. Kind is "promise." and its state.
func line(ctx context.Context, tx *db.Tx, who contact.ID, before time.Time, limit int) ([]contact.Entry, error) {
	var a db.Args
	return db.All(ctx, tx, func(r db.Row) (e contact.Entry, err error) {
		var id ID
		var state State
		err = r.Scan(&id, &e.Title, &state, db.Time(&e.At))
		e.Kind, e.Ref, e.Icon = "promise."+string(state), id.String(), "handshake"
		return e, err
	}, `SELECT p.id, p.words, p.state, p.created_at FROM promise p WHERE p.contact_id = `+a.Add(who)+` AND p.created_at < `+a.Add(before)+` AND `+Visible(ctx, &a)+
		` ORDER BY p.created_at DESC, p.id DESC`+db.Limit(limit), a.List()...)
}

// OnMerged takes promises along to the conversation that lives on.
func OnMerged(ctx context.Context, tx *db.Tx, f conversation.Merged) error {
	_, err := tx.Exec(ctx, `UPDATE promise SET conversation_id = $2 WHERE conversation_id = $1`, f.From, f.ID)
	return err
}

// OnDeleted keeps a promise whose conversation is gone.
func OnDeleted(ctx context.Context, tx *db.Tx, f conversation.Deleted) error {
	_, err := tx.Exec(ctx, `UPDATE promise SET conversation_id = 0, message_id = 0, sentence = '' WHERE conversation_id = $1`, f.ID)
	return err
}
