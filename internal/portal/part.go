package portal

import (
	"context"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
)

// Part is what the portal knows of people. Sessions are of addresses, so a merge moves nothing.
func Part() contact.Part {
	return contact.Part{Name: "portal", Export: export, Erase: erase}
}

// exported is a browser with which he came in.
type exported struct {
	Browser string `json:"browser"`
	Since   string `json:"since"`
	Last    string `json:"last"`
}

func export(ctx context.Context, tx *db.Tx, id contact.ID) (any, error) {
	const layout = "2006-01-02T15:04:05.000Z"
	list, err := db.All(ctx, tx, scanSession, `SELECT `+sessionColumns+` FROM portal_session WHERE address IN
		(SELECT value FROM contact_address WHERE contact_id = $1 AND kind = 'email') ORDER BY id`, id)
	out := []exported{}
	for _, s := range list {
		out = append(out, exported{s.Browser, s.CreatedAt.Format(layout), s.LastAt.Format(layout)})
	}
	return out, err
}

func erase(ctx context.Context, tx *db.Tx, _ contact.ID, addresses []contact.Address) error {
	for _, a := range addresses {
		if a.Kind != contact.Email {
			continue
		}
		for _, query := range []string{`DELETE FROM portal_session WHERE address = $1`, `DELETE FROM portal_link WHERE address = $1`} {
			if _, err := tx.Exec(ctx, query, a.Value); err != nil {
				return err
			}
		}
	}
	return nil
}
