package assistant

import (
	"context"
	"encoding/json"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
)

// Part is what the assistant knows of people, for merging, exporting and erasing them.
func Part() contact.Part {
	return contact.Part{Name: "assistant", Move: moveTo, Back: moveBack, Export: export, Erase: erase}
}

// moved are the visits and lessons of who was merged into somebody else.
type moved struct {
	Visits  []SessionID `json:"visits"`
	Lessons []LessonID  `json:"lessons"`
}

func moveTo(ctx context.Context, tx *db.Tx, lose, keep contact.ID) (json.RawMessage, error) {
	var m moved
	var err error
	if m.Visits, err = db.Repoint[SessionID](ctx, tx, "assistant_session", "contact_id", lose, keep); err != nil {
		return nil, err
	}
	if m.Lessons, err = db.Repoint[LessonID](ctx, tx, "assistant_lesson", "contact_id", lose, keep); err != nil {
		return nil, err
	}
	return json.Marshal(m)
}

func moveBack(ctx context.Context, tx *db.Tx, lose, keep contact.ID, memo json.RawMessage) error {
	var m moved
	if err := json.Unmarshal(memo, &m); err != nil {
		return err
	}
	if err := db.PointBack(ctx, tx, "assistant_session", "contact_id", lose, keep, m.Visits); err != nil {
		return err
	}
	return db.PointBack(ctx, tx, "assistant_lesson", "contact_id", lose, keep, m.Lessons)
}

// asked is a question in the export of a person.
type asked struct {
	Text    string  `json:"text"`
	Outcome Outcome `json:"outcome"`
	Useful  string  `json:"useful,omitempty"`
	At      string  `json:"at"`
}

func export(ctx context.Context, tx *db.Tx, id contact.ID) (any, error) {
	list, err := db.All(ctx, tx, func(r db.Row) (t Turn, err error) { return t, r.Scan(&t.Text, &t.Outcome, &t.Useful, db.Time(&t.At)) },
		`SELECT t.text, t.outcome, t.useful, t.at FROM assistant_turn t JOIN assistant_session s ON s.id = t.session_id WHERE s.contact_id = $1 ORDER BY t.id`, id)
	out := []asked{}
	for _, t := range list {
		out = append(out, asked{t.Text, t.Outcome, t.Useful, t.At.Format("2006-01-02T15:04:05.000Z")})
	}
	return out, err
}

// erase takes away what a person asked. A lesson that somebody accepted stays, without where it came from: it was masked, and
// read by a person who found that it says how people ask and not who did.
func erase(ctx context.Context, tx *db.Tx, id contact.ID, _ []contact.Address) error {
	return eraseWhere(ctx, tx, `contact_id = $1`, id)
}

// OnDeleted reacts to a conversation that was deleted: what was asked in it goes with it.
func OnDeleted(ctx context.Context, tx *db.Tx, f conversation.Deleted) error {
	if err := eraseWhere(ctx, tx, `conversation_id = $1`, f.ID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM assistant_use WHERE conversation_id = $1`, f.ID)
	return err
}

func eraseWhere(ctx context.Context, tx *db.Tx, where string, of any) error {
	for _, query := range []string{
		`DELETE FROM assistant_turn WHERE session_id IN (SELECT id FROM assistant_session WHERE ` + where + `)`,
		`DELETE FROM assistant_session WHERE ` + where,
		`DELETE FROM assistant_lesson WHERE state <> 'accepted' AND ` + where,
		`UPDATE assistant_lesson SET conversation_id = 0, message_id = 0, contact_id = 0 WHERE ` + where,
	} {
		if _, err := tx.Exec(ctx, query, of); err != nil {
			return err
		}
	}
	return nil
}
