package chat

import (
	"context"
	"encoding/json"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
)

// Part is what the widget knows of people, for merging, exporting and erasing them.
func Part() contact.Part {
	return contact.Part{Name: "chat", Move: moveTo, Back: moveBack, Export: export, Erase: erase}
}

func ids(ctx context.Context, tx *db.Tx, query string, args ...any) ([]VisitorID, error) {
	return db.All(ctx, tx, func(r db.Row) (v VisitorID, err error) { return v, r.Scan(&v) }, query, args...)
}

func moveTo(ctx context.Context, tx *db.Tx, lose, keep contact.ID) (json.RawMessage, error) {
	moved, err := ids(ctx, tx, `UPDATE chat_visitor SET contact_id = $2 WHERE contact_id = $1 RETURNING id`, lose, keep)
	if err != nil {
		return nil, err
	}
	return json.Marshal(moved)
}

func moveBack(ctx context.Context, tx *db.Tx, lose, keep contact.ID, memo json.RawMessage) error {
	var moved []VisitorID
	if err := json.Unmarshal(memo, &moved); err != nil {
		return err
	}
	for _, id := range moved {
		if _, err := tx.Exec(ctx, `UPDATE chat_visitor SET contact_id = $2 WHERE id = $1 AND contact_id = $3`, id, lose, keep); err != nil {
			return err
		}
	}
	return nil
}

// exported is a visitor in the export of a person.
type exported struct {
	ID       string `json:"id"`
	External string `json:"external_id,omitempty"`
	Name     string `json:"name,omitempty"`
	Email    string `json:"email,omitempty"`
	Language string `json:"language,omitempty"`
	Page     string `json:"last_page,omitempty"`
	Since    string `json:"since"`
}

// export: the name and the addresses are what he typed in himself; whoever may not see the
// conversations still sees the person, whose these are.
func export(ctx context.Context, tx *db.Tx, id contact.ID) (any, error) {
	list, err := db.All(ctx, tx, scanVisitor, `SELECT `+visitorColumns+` FROM chat_visitor WHERE contact_id = $1 ORDER BY id`, id)
	out := []exported{}
	for _, v := range list {
		out = append(out, exported{v.ID.String(), v.External, v.Name, v.Email, v.Language, v.Page, v.CreatedAt.Format("2006-01-02T15:04:05.000Z")})
	}
	return out, err
}

// erase forgets the browsers of a person: what they have opens nothing any more.
func erase(ctx context.Context, tx *db.Tx, id contact.ID, _ []contact.Address) error {
	if _, err := tx.Exec(ctx, `DELETE FROM chat_line WHERE visitor_id IN (SELECT id FROM chat_visitor WHERE contact_id = $1)`, id); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM chat_visitor WHERE contact_id = $1`, id)
	return err
}

// Shown says that an answer was put where its visitor can read it; for the streams.
type Shown struct {
	Visitor VisitorID              `json:"visitor"`
	Message conversation.MessageID `json:"message"`
}

// EventKind names the fact.
func (Shown) EventKind() string { return "chat.shown" }

// Subject is the visitor.
func (f Shown) Subject() string { return f.Visitor.String() }
