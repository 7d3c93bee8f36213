package conversation

import (
	"context"
	"encoding/json"
	"fmt"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
)

// Part is what conversations know about people, for merging, exporting and
// erasing them. The timeline's source is added where parts are put together.
func Part() contact.Part {
	return contact.Part{Name: "conversations", Move: moveTo, Back: moveBack, MoveCompany: moveCompany, BackCompany: backCompany, Export: export,
		Erase: func(ctx context.Context, tx *db.Tx, id contact.ID, had []contact.Address) error {
			var addresses []string
			for _, a := range had {
				if a.Kind == contact.Email {
					addresses = append(addresses, a.Value)
				}
			}
			return EraseOf(ctx, tx, id, addresses)
		}}
}

// moved is what a merge of two people moved.
type moved struct {
	Conversations []ID        `json:"conversations"`
	Messages      []MessageID `json:"messages"`
}

func moveTo(ctx context.Context, tx *db.Tx, lose, keep contact.ID) (json.RawMessage, error) {
	var m moved
	var err error
	m.Conversations, err = db.All(ctx, tx, func(r db.Row) (id ID, err error) { return id, r.Scan(&id) },
		`UPDATE conversation SET contact_id = $2, updated_at = $3 WHERE contact_id = $1 RETURNING id`, lose, keep, tx.Now())
	if err != nil {
		return nil, fmt.Errorf("move conversations: %w", err)
	}
	if len(m.Conversations) > 0 {
		var a db.Args
		m.Messages, err = db.All(ctx, tx, func(r db.Row) (id MessageID, err error) { return id, r.Scan(&id) },
			`UPDATE conversation_message SET contact_id = `+a.Add(keep)+` WHERE contact_id = `+a.Add(lose)+` AND conversation_id IN `+
				db.In(&a, m.Conversations)+` RETURNING id`, a.List()...)
		if err != nil {
			return nil, fmt.Errorf("move messages: %w", err)
		}
	}
	return json.Marshal(m)
}

func moveBack(ctx context.Context, tx *db.Tx, lose, keep contact.ID, memo json.RawMessage) error {
	var m moved
	if err := json.Unmarshal(memo, &m); err != nil {
		return err
	}
	for _, id := range m.Conversations {
		if _, err := tx.Exec(ctx, `UPDATE conversation SET contact_id = $2, updated_at = $3 WHERE id = $1 AND contact_id = $4`, id, lose, tx.Now(), keep); err != nil {
			return fmt.Errorf("move conversation back: %w", err)
		}
	}
	for _, id := range m.Messages {
		if _, err := tx.Exec(ctx, `UPDATE conversation_message SET contact_id = $2 WHERE id = $1 AND contact_id = $3`, id, lose, keep); err != nil {
			return fmt.Errorf("move message back: %w", err)
		}
	}
	return nil
}

func moveCompany(ctx context.Context, tx *db.Tx, lose, keep contact.CompanyID) (json.RawMessage, error) {
	ids, err := db.All(ctx, tx, func(r db.Row) (id ID, err error) { return id, r.Scan(&id) },
		`UPDATE conversation SET company_id = $2, updated_at = $3 WHERE company_id = $1 RETURNING id`, lose, keep, tx.Now())
	if err != nil {
		return nil, fmt.Errorf("move conversations: %w", err)
	}
	return json.Marshal(moved{Conversations: ids})
}

func backCompany(ctx context.Context, tx *db.Tx, lose, keep contact.CompanyID, memo json.RawMessage) error {
	var m moved
	if err := json.Unmarshal(memo, &m); err != nil {
		return err
	}
	for _, id := range m.Conversations {
		if _, err := tx.Exec(ctx, `UPDATE conversation SET company_id = $2, updated_at = $3 WHERE id = $1 AND company_id = $4`, id, lose, tx.Now(), keep); err != nil {
			return fmt.Errorf("move conversation back: %w", err)
		}
	}
	return nil
}

// exported is a conversation as a person gets it who asks what is known of him:
// what he wrote and what was written to him. Notes are about him, so they are in it.
type exported struct {
	Number   int64             `json:"number"`
	Subject  string            `json:"subject"`
	Status   Status            `json:"status"`
	Stage    Stage             `json:"stage"`
	Tags     []string          `json:"tags,omitempty"`
	OpenedAt string            `json:"opened_at"`
	Messages []exportedMessage `json:"messages"`
}

type exportedMessage struct {
	At      string   `json:"at"`
	Kind    Kind     `json:"kind"`
	From    string   `json:"from,omitempty"`
	Address string   `json:"address,omitempty"`
	To      any      `json:"recipients,omitempty"`
	Text    string   `json:"text"`
	Files   []string `json:"files,omitempty"`
}

// export holds the conversations that whoever acts may see: it is one more way to read them.
func export(ctx context.Context, tx *db.Tx, who contact.ID) (any, error) {
	var a db.Args
	list, err := db.All(ctx, tx, scan, `SELECT `+columns+from+`WHERE c.contact_id = `+a.Add(who)+` AND `+Visible(ctx, &a, "c")+` ORDER BY c.id`, a.List()...)
	if err != nil {
		return nil, err
	}
	out := make([]exported, 0, len(list))
	for _, c := range list {
		e := exported{Number: c.Number, Subject: c.Subject, Status: c.Status, Stage: c.Stage, Tags: c.Tags, OpenedAt: c.CreatedAt.Format(iso)}
		messages, err := db.All(ctx, tx, scanMessage, `SELECT `+messageColumns+` FROM conversation_message m WHERE m.conversation_id = $1 ORDER BY m.id`, c.ID)
		if err != nil {
			return nil, err
		}
		if err := attach(ctx, tx, messages); err != nil {
			return nil, err
		}
		for _, m := range messages {
			e.Messages = append(e.Messages, m.exported())
		}
		out = append(out, e)
	}
	return out, nil
}

const iso = "2006-01-02T15:04:05.000Z"

func (m Message) exported() exportedMessage {
	e := exportedMessage{At: m.CreatedAt.Format(iso), Kind: m.Kind, From: m.FromName, Address: m.FromAddress, Text: m.Text}
	if !m.Recipients.none() {
		e.To = m.Recipients
	}
	for _, f := range m.Attachments {
		e.Files = append(e.Files, f.Name)
	}
	return e
}
