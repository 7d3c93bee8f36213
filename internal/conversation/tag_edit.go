package conversation

import (
	"context"
	"errors"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// TagUse is a tag with the number of conversations that have it.
type TagUse struct {
	ID   TagID
	Name string
	Uses int
}

// TagRenamed says that a tag is called otherwise, or was joined with another.
type TagRenamed struct {
	Tag    TagID  `json:"tag"`
	Before string `json:"before"`
	After  string `json:"after"`
	Joined bool   `json:"joined,omitempty"`
}

// TagDeleted says that a tag is gone from every conversation.
type TagDeleted struct {
	Tag  TagID  `json:"tag"`
	Name string `json:"name"`
	Uses int64  `json:"uses"`
}

// EventKind names the fact.
func (TagRenamed) EventKind() string { return "conversation.tag_renamed" }

// EventKind names the fact.
func (TagDeleted) EventKind() string { return "conversation.tag_deleted" }

// Subject is the tag.
func (f TagRenamed) Subject() string { return f.Tag.String() }

// Subject is the tag.
func (f TagDeleted) Subject() string { return f.Tag.String() }

// TagUses lists every tag with its use, by name.
func TagUses(ctx context.Context, tx *db.Tx) ([]TagUse, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, func(r db.Row) (u TagUse, err error) { return u, r.Scan(&u.ID, &u.Name, &u.Uses) },
		`SELECT t.id, t.name, (SELECT COUNT(*) FROM conversation_tagging g WHERE g.tag_id = t.id) FROM conversation_tag t ORDER BY t.name LIMIT 5000`)
}

// MakeTag makes a tag that nothing has yet.
func MakeTag(ctx context.Context, tx *db.Tx, name string) error {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return err
	}
	name, err := checkTag(name)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `INSERT INTO conversation_tag (id, name, created_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING`, tx.NewID(), name, tx.Now())
	if err == nil && n == 0 {
		err = problem.For("name", "There is a tag of this name already.")
	}
	return err
}

func checkTag(name string) (string, error) {
	name = foldTag(name)
	if name == "" || len([]rune(name)) > 50 {
		return "", problem.For("name", "A tag has 1 to 50 letters.")
	}
	return name, nil
}

func nameOfTag(ctx context.Context, tx *db.Tx, id TagID) (string, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return "", err
	}
	name, err := db.Value[string](ctx, tx, `SELECT name FROM conversation_tag WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		err = problem.New(problem.NotFound, "There is no such tag.")
	}
	return name, err
}

// RenameTag calls a tag otherwise everywhere. Where the new name is taken the two
// become one.
func RenameTag(ctx context.Context, tx *db.Tx, id TagID, name string) error {
	before, err := nameOfTag(ctx, tx, id)
	if err != nil {
		return err
	}
	if name, err = checkTag(name); err != nil || name == before {
		return err
	}
	other, err := db.Value[TagID](ctx, tx, `SELECT id FROM conversation_tag WHERE name = $1`, name)
	joined := err == nil
	if err != nil && !errors.Is(err, db.ErrNoRow) {
		return err
	}
	keep := id
	if joined {
		keep = other
		if err := joinTags(ctx, tx, other, id); err != nil {
			return err
		}
	} else if _, err := tx.Exec(ctx, `UPDATE conversation_tag SET name = $2 WHERE id = $1`, id, name); err != nil {
		return err
	}
	if err := keepAllTags(ctx, tx, keep); err != nil {
		return err
	}
	return event.Record(ctx, tx, TagRenamed{id, before, name, joined})
}

// joinTags puts keep on whatever has lose, and takes lose away.
func joinTags(ctx context.Context, tx *db.Tx, keep, lose TagID) error {
	_, err := tx.Exec(ctx, `INSERT INTO conversation_tagging (tag_id, conversation_id)
		SELECT $1, conversation_id FROM conversation_tagging WHERE tag_id = $2 ON CONFLICT (tag_id, conversation_id) DO NOTHING`, keep, lose)
	if err != nil {
		return err
	}
	for _, q := range []string{`DELETE FROM conversation_tagging WHERE tag_id = $1`, `DELETE FROM conversation_tag WHERE id = $1`} {
		if _, err := tx.Exec(ctx, q, lose); err != nil {
			return err
		}
	}
	return nil
}

// keepAllTags writes the names into the row of every conversation that has the tag.
func keepAllTags(ctx context.Context, tx *db.Tx, id TagID) error {
	_, err := tx.Exec(ctx, `UPDATE conversation SET tags = COALESCE((SELECT string_agg(t.name, $2 ORDER BY t.name) FROM conversation_tag t
		JOIN conversation_tagging g ON g.tag_id = t.id WHERE g.conversation_id = conversation.id), '')
		WHERE id IN (SELECT conversation_id FROM conversation_tagging WHERE tag_id = $1)`, id, "\n")
	return err
}

// DeleteTag takes a tag off every conversation and out of the list.
func DeleteTag(ctx context.Context, tx *db.Tx, id TagID) error {
	name, err := nameOfTag(ctx, tx, id)
	if err != nil {
		return err
	}
	having, err := db.All(ctx, tx, func(r db.Row) (c ID, err error) { return c, r.Scan(&c) }, `SELECT conversation_id FROM conversation_tagging WHERE tag_id = $1`, id)
	if err != nil {
		return err
	}
	for _, q := range []string{`DELETE FROM conversation_tagging WHERE tag_id = $1`, `DELETE FROM conversation_tag WHERE id = $1`} {
		if _, err := tx.Exec(ctx, q, id); err != nil {
			return err
		}
	}
	for _, c := range having {
		if err := keepTags(ctx, tx, c); err != nil {
			return err
		}
	}
	return event.Record(ctx, tx, TagDeleted{id, name, int64(len(having))})
}
