package consent

import (
	"context"
	"time"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
)

// Part is what consent knows of people, for merging, exporting and erasing them.
func Part() contact.Part {
	rows := contact.Rows[ID]("consent")
	return contact.Part{Name: "consent", Move: rows.Move, Back: rows.Back, Export: export, Erase: erase, Line: line}
}

// exported is what they said.
type exported struct {
	Address string  `json:"address,omitempty"`
	Purpose Purpose `json:"purpose"`
	What    What    `json:"what"`
	How     How     `json:"how"`
	Wording string  `json:"wording,omitempty"`
	Proof   string  `json:"proof,omitempty"`
	Network string  `json:"network,omitempty"`
	At      string  `json:"at"`
}

func export(ctx context.Context, tx *db.Tx, id contact.ID) (any, error) {
	out := []exported{}
	list, err := history(ctx, tx, id, tx.Now().Add(time.Millisecond), 100_000)
	for _, e := range list {
		out = append(out, exported{e.Address, e.Purpose, e.What, e.How, e.Wording, e.Proof, e.Network, e.At.UTC().Format("2006-01-02T15:04:05.000Z")})
	}
	return out, err
}

// erase takes away what they said. That nothing goes to their addresses stays, as digests.
func erase(ctx context.Context, tx *db.Tx, id contact.ID, addresses []contact.Address) error {
	if _, err := tx.Exec(ctx, `DELETE FROM consent WHERE contact_id = $1`, id); err != nil {
		return err
	}
	for _, a := range addresses {
		if a.Kind != contact.Email {
			continue
		}
		if err := bar(ctx, tx, a.Value, "", Erased, ""); err != nil {
			return err
		}
		key, err := digest(tx, a.Value)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE consent_suppressed SET address = '', proof = '', actor = '' WHERE digest = $1`, key); err != nil {
			return err
		}
	}
	return nil
}

// line shows what they said.
func line(ctx context.Context, tx *db.Tx, id contact.ID, before time.Time, limit int) ([]contact.Entry, error) {
	list, err := history(ctx, tx, id, before, limit)
	entries := make([]contact.Entry, len(list))
	for i, e := range list {
		icon := "circle-check"
		if e.What == IsWithdrawn {
			icon = "ban"
		}
		entries[i] = contact.Entry{At: e.At, Kind: "consent." + string(e.What), Ref: e.ID.String(), Icon: icon}
	}
	return entries, err
}
