package contact

import (
	"context"
	"fmt"
	"slices"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

const maxTags = 50

func tags(ctx context.Context, tx *db.Tx, id ID) ([]string, error) {
	return db.All(ctx, tx, func(r db.Row) (s string, err error) { return s, r.Scan(&s) }, `SELECT tag FROM contact_tag WHERE contact_id = $1 ORDER BY tag`, id)
}

// Tag puts tags on a person and takes others off. Tags are lower case.
func Tag(ctx context.Context, tx *db.Tx, id ID, on, off []string) error {
	if err := team.Allow(ctx, team.EditContacts); err != nil {
		return err
	}
	c, err := load(ctx, tx, id)
	if err != nil {
		return err
	}
	var n int64
	for _, t := range PlainTags(on) {
		more, err := tx.Exec(ctx, `INSERT INTO contact_tag (contact_id, tag) VALUES ($1, $2) ON CONFLICT DO NOTHING`, c.ID, t)
		if err != nil {
			return fmt.Errorf("tag %s: %w", c.ID, err)
		}
		n += more
	}
	for _, t := range PlainTags(off) {
		less, err := tx.Exec(ctx, `DELETE FROM contact_tag WHERE contact_id = $1 AND tag = $2`, c.ID, t)
		if err != nil {
			return fmt.Errorf("untag %s: %w", c.ID, err)
		}
		n += less
	}
	if n == 0 {
		return nil
	}
	if err := tooMany(ctx, tx, c.ID); err != nil {
		return err
	}
	return touched(ctx, tx, c.ID, "tags")
}

func tooMany(ctx context.Context, tx *db.Tx, id ID) error {
	n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM contact_tag WHERE contact_id = $1`, id)
	if err == nil && n > maxTags {
		return problem.For("tags", "A customer may have %d tags.", maxTags)
	}
	return err
}

// PlainTags brings tags into the form in which they are kept, each once.
func PlainTags(list []string) (out []string) {
	for _, t := range list {
		if t = fold(clean(t, 60)); t != "" && !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

// Tags lists every tag in use, for choosing one.
func Tags(ctx context.Context, tx *db.Tx) ([]string, error) {
	if err := team.Allow(ctx, team.ReadContacts); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, func(r db.Row) (s string, err error) { return s, r.Scan(&s) }, `SELECT DISTINCT tag FROM contact_tag ORDER BY tag`)
}

// touched notes that something of a person was changed, and what.
func touched(ctx context.Context, tx *db.Tx, id ID, names ...string) error {
	if _, err := tx.Exec(ctx, `UPDATE contact SET updated_at = $2 WHERE id = $1`, id, tx.Now()); err != nil {
		return err
	}
	return event.Record(ctx, tx, Changed{id, names})
}
