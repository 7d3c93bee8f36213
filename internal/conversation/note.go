package conversation

import (
	"context"
	"fmt"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Remark is what a person writes for the team only.
type Remark struct {
	Text     string
	Mentions []team.ID // they follow the conversation from now on
	Files    []UploadID
}

// AddNote writes a note: only the team sees it.
func AddNote(ctx context.Context, tx *db.Tx, id ID, r Remark) (Message, error) {
	if err := team.Allow(ctx, team.Note); err != nil {
		return Message{}, err
	}
	if strings.TrimSpace(r.Text) == "" && len(r.Files) == 0 {
		return Message{}, problem.For("text", "Write something first.")
	}
	c, err := Survivor(ctx, tx, id)
	if err != nil {
		return Message{}, err
	}
	m := Message{Conversation: c.ID, Kind: Note, Text: r.Text}
	if err := say(ctx, tx, c, &m, r.Files); err != nil {
		return m, fmt.Errorf("note on %s: %w", c.ID, err)
	}
	_, err = tx.Exec(ctx, `UPDATE conversation SET messages = messages + 1, last_at = $2, updated_at = $2 WHERE id = $1`, c.ID, tx.Now())
	if err != nil {
		return m, err
	}
	facts := []event.Fact{Noted{c.ID, m.ID, r.Mentions}}
	for _, who := range r.Mentions {
		if err := mention(ctx, tx, m, who); err != nil {
			return m, err
		}
		f, err := follow(ctx, tx, c.ID, who)
		if err != nil {
			return m, err
		}
		facts = append(facts, f...)
	}
	return m, event.Record(ctx, tx, facts...)
}

func mention(ctx context.Context, tx *db.Tx, m Message, who team.ID) error {
	n, err := tx.Exec(ctx, `INSERT INTO conversation_mention (person_id, message_id, conversation_id)
		SELECT id, $2, $3 FROM team_person WHERE id = $1 ON CONFLICT (person_id, message_id) DO NOTHING`, who, m.ID, m.Conversation)
	if err == nil && n == 0 {
		return problem.For("mentions", "Nobody of that name works here.")
	}
	return err
}
