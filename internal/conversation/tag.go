package conversation

import (
	"context"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// TagID is the id of a tag.
type TagID = id.Of[tagKind]

type tagKind struct{}

func (tagKind) Prefix() string { return "tag" }

// Tag puts a tag on a conversation; a tag that is new is made.
func Tag(ctx context.Context, tx *db.Tx, id ID, name string) error {
	return retag(ctx, tx, id, name, tag)
}

// Untag takes a tag off.
func Untag(ctx context.Context, tx *db.Tx, id ID, name string) error {
	return retag(ctx, tx, id, name, untag)
}

func retag(ctx context.Context, tx *db.Tx, id ID, name string, do func(context.Context, *db.Tx, ID, string) ([]event.Fact, error)) error {
	if err := team.Allow(ctx, team.Handle); err != nil {
		return err
	}
	if _, err := Get(ctx, tx, id); err != nil {
		return err
	}
	facts, err := do(ctx, tx, id, name)
	if err != nil {
		return err
	}
	return event.Record(ctx, tx, facts...)
}

// SetTags makes the tags of a conversation these.
func SetTags(ctx context.Context, tx *db.Tx, id ID, names []string) error {
	if err := team.Allow(ctx, team.Handle); err != nil {
		return err
	}
	c, err := Get(ctx, tx, id)
	if err != nil {
		return err
	}
	var facts []event.Fact
	want := map[string]bool{}
	for _, name := range names {
		f, err := tag(ctx, tx, id, name)
		if err != nil {
			return err
		}
		want[foldTag(name)] = true
		facts = append(facts, f...)
	}
	for _, name := range c.Tags {
		if want[name] {
			continue
		}
		f, err := untag(ctx, tx, id, name)
		if err != nil {
			return err
		}
		facts = append(facts, f...)
	}
	return event.Record(ctx, tx, facts...)
}

// foldTag is how a tag is written: in one line, in small letters.
func foldTag(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// PlainTags brings names of tags into the form in which they are kept.
func PlainTags(list []string) (out []string) {
	for _, name := range list {
		out = append(out, foldTag(name))
	}
	return out
}

func tag(ctx context.Context, tx *db.Tx, id ID, name string) ([]event.Fact, error) {
	name = foldTag(name)
	if name == "" || len([]rune(name)) > 50 {
		return nil, problem.For("tags", "A tag has 1 to 50 letters.")
	}
	tid, err := db.Value[TagID](ctx, tx, `INSERT INTO conversation_tag (id, name, created_at) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id`, tx.NewID(), name, tx.Now())
	if err != nil {
		return nil, err
	}
	n, err := tx.Exec(ctx, `INSERT INTO conversation_tagging (tag_id, conversation_id) VALUES ($1, $2) ON CONFLICT (tag_id, conversation_id) DO NOTHING`, tid, id)
	if err != nil || n == 0 {
		return nil, err
	}
	return []event.Fact{Tagged{id, name}}, keepTags(ctx, tx, id)
}

func untag(ctx context.Context, tx *db.Tx, id ID, name string) ([]event.Fact, error) {
	name = foldTag(name)
	n, err := tx.Exec(ctx, `DELETE FROM conversation_tagging WHERE conversation_id = $1 AND tag_id = (SELECT id FROM conversation_tag WHERE name = $2)`, id, name)
	if err != nil || n == 0 {
		return nil, err
	}
	return []event.Fact{Untagged{id, name}}, keepTags(ctx, tx, id)
}

// keepTags writes the names into the conversation's row, where lists read them.
func keepTags(ctx context.Context, tx *db.Tx, id ID) error {
	_, err := tx.Exec(ctx, `UPDATE conversation SET updated_at = $2, tags = COALESCE((SELECT string_agg(name, $3 ORDER BY name) FROM conversation_tag t
		JOIN conversation_tagging g ON g.tag_id = t.id WHERE g.conversation_id = $1), '') WHERE id = $1`, id, tx.Now(), "\n")
	return err
}

// Tags lists every tag, by name.
func Tags(ctx context.Context, tx *db.Tx) ([]string, error) {
	return db.All(ctx, tx, func(r db.Row) (s string, err error) { return s, r.Scan(&s) }, `SELECT name FROM conversation_tag ORDER BY name LIMIT 500`)
}
