package hookin

import (
	"context"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
)

// Part is what came about people, for merging, exporting and erasing them.
func Part() contact.Part {
	rows := contact.Rows[ItemID]("hookin_item")
	return contact.Part{Name: "hookin", Move: rows.Move, Back: rows.Back, Export: export, Erase: erase}
}

// exported is what came about him.
type exported struct {
	Hook string `json:"hook"`
	Raw  string `json:"raw"`
	At   string `json:"at"`
}

// export holds what whoever acts may see.
func export(ctx context.Context, tx *db.Tx, id contact.ID) (any, error) {
	out := []exported{}
	var a db.Args
	list, err := db.All(ctx, tx, scanItem, `SELECT `+itemColumns+` FROM hookin_item WHERE contact_id = `+a.Add(id)+` AND `+conversation.VisibleOrNone(ctx, &a, "conversation_id")+` ORDER BY id`, a.List()...)
	for _, i := range list {
		out = append(out, exported{i.Hook.String(), i.Raw, i.At.UTC().Format("2006-01-02T15:04:05.000Z")})
	}
	return out, err
}

// erase takes away what came about him, and what names an address of his and is nobody's yet.
func erase(ctx context.Context, tx *db.Tx, id contact.ID, addresses []contact.Address) error {
	if _, err := tx.Exec(ctx, `DELETE FROM hookin_item WHERE contact_id = $1`, id); err != nil {
		return err
	}
	for _, a := range addresses {
		for _, written := range []string{a.Value, a.Shown} {
			if len(written) < 3 {
				continue
			}
			like := "%" + strings.NewReplacer(`!`, `!!`, `%`, `!%`, `_`, `!_`).Replace(strings.ToLower(written)) + "%"
			if _, err := tx.Exec(ctx, `DELETE FROM hookin_item WHERE contact_id = 0 AND LOWER(raw) LIKE $1 ESCAPE '!'`, like); err != nil {
				return err
			}
		}
	}
	return nil
}

// OnDeleted takes away what came and became a conversation that is gone.
func OnDeleted(ctx context.Context, tx *db.Tx, f conversation.Deleted) error {
	_, err := tx.Exec(ctx, `DELETE FROM hookin_item WHERE conversation_id = $1`, f.ID)
	return err
}
