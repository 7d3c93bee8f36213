package slack

import (
	"context"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
)

// People is what posts hold of customers, for merging, exporting and erasing them.
func People() contact.Part {
	rows := contact.Rows[PostID]("slack_post")
	return contact.Part{Name: "slack", Move: rows.Move, Back: rows.Back, Export: export, Erase: erase}
}

// exported is what was said of somebody there.
type exported struct {
	Target string `json:"target"`
	Text   string `json:"text"`
	State  State  `json:"state"`
	At     string `json:"at"`
}

// export holds what whoever acts may see.
func export(ctx context.Context, tx *db.Tx, id contact.ID) (any, error) {
	out := []exported{}
	var a db.Args
	list, err := db.All(ctx, tx, scanPost, `SELECT `+postColumns+` FROM slack_post WHERE contact_id = `+a.Add(id)+` AND `+conversation.VisibleOrNone(ctx, &a, "conversation_id")+` ORDER BY id`, a.List()...)
	for _, p := range list {
		out = append(out, exported{p.Target, p.Text, p.State, p.At.UTC().Format("2006-01-02T15:04:05.000Z")})
	}
	return out, err
}

// erase takes away in Slack what was said of somebody, as far as we said it. What colleagues wrote there is theirs to delete.
func erase(ctx context.Context, tx *db.Tx, id contact.ID, _ []contact.Address) error {
	return withdraw(ctx, tx, `contact_id = $1`, id)
}
