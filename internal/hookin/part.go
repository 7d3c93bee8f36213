package hookin

import (
	"context"
	"encoding/json"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
)

// Part is what came about people, for merging, exporting and erasing them.
func Part() contact.Part {
	return contact.Part{Name: "hookin", Move: moveTo, Back: moveBack, Export: export, Erase: erase}
}

func moveTo(ctx context.Context, tx *db.Tx, lose, keep contact.ID) (json.RawMessage, error) {
	ids, err := db.Repoint[ItemID](ctx, tx, "hookin_item", "contact_id", lose, keep)
	if err != nil {
		return nil, err
	}
	return json.Marshal(ids)
}

func moveBack(ctx context.Context, tx *db.Tx, lose, keep contact.ID, memo json.RawMessage) error {
	var ids []ItemID
	if err := json.Unmarshal(memo, &ids); err != nil {
		return err
	}
	return db.PointBack(ctx, tx, "hookin_item", "contact_id", lose, keep, ids)
}

// exported is what came about him.
type exported struct {
	Hook string `json:"hook"`
	Raw  string `json:"raw"`
	At   string `json:"at"`
}

func export(ctx context.Context, tx *db.Tx, id contact.ID) (any, error) {
	out := []exported{}
	list, err := db.All(ctx, tx, scanItem, `SELECT `+itemColumns+` FROM hookin_item WHERE contact_id = $1 ORDER BY id`, id)
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
