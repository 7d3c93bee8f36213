package chat

import (
	"context"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
)

// Part is what the widget knows of people, for merging, exporting and erasing them.
func Part() contact.Part {
	rows := contact.Rows[VisitorID]("chat_visitor")
	return contact.Part{Name: "chat", Move: rows.Move, Back: rows.Back, Export: export, Erase: erase}
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
