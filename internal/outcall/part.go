package outcall

import (
	"context"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
)

// Part is what calls hold of people, for merging, exporting and erasing them.
func Part() contact.Part {
	rows := contact.Rows[ID]("outcall")
	return contact.Part{Name: "outcall", Move: rows.Move, Back: rows.Back, Export: export, Erase: erase}
}

// exported is what was told of him to others.
type exported struct {
	Host    string `json:"host"`
	Method  string `json:"method"`
	Address string `json:"address"`
	Body    string `json:"body"`
	State   State  `json:"state"`
	At      string `json:"at"`
}

// export holds what whoever acts may see.
func export(ctx context.Context, tx *db.Tx, id contact.ID) (any, error) {
	out := []exported{}
	var a db.Args
	list, err := db.All(ctx, tx, scan, `SELECT `+columns+` FROM outcall WHERE contact_id = `+a.Add(id)+` AND `+conversation.VisibleOrNone(ctx, &a, "conversation_id")+` ORDER BY id`, a.List()...)
	for _, c := range list {
		out = append(out, exported{c.Host, c.Request.Method, c.Request.Address.Shown(), c.Request.Body.Shown(), c.State, c.At.UTC().Format("2006-01-02T15:04:05.000Z")})
	}
	return out, err
}

func erase(ctx context.Context, tx *db.Tx, id contact.ID, _ []contact.Address) error {
	_, err := tx.Exec(ctx, `DELETE FROM outcall WHERE contact_id = $1`, id)
	return err
}

// OnDeleted takes away what was to be told, or was, of a conversation that is gone.
func OnDeleted(ctx context.Context, tx *db.Tx, f conversation.Deleted) error {
	_, err := tx.Exec(ctx, `DELETE FROM outcall WHERE conversation_id = $1`, f.ID)
	return err
}
