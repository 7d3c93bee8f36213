package knowledge

import (
	"context"
	"errors"
	"slices"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Category is a shelf for articles. There are two levels.
type Category struct {
	ID     CategoryID
	Parent CategoryID // 0: stands at the top
	Slug   string
	Icon   string // of the icon sheet
	Rank   int    // the smallest stands first
	Name   map[i18n.Locale]string
	About  map[i18n.Locale]string
	Here   int        // articles in it, of those that the reader sees
	Under  []Category // the second level
}

// Icons may stand before a category.
var Icons = []string{"book-open", "package", "truck", "credit-card", "receipt", "wrench", "lightbulb", "store", "gift", "user-round", "shield-check", "message-circle", "settings-2"}

// Called is the name in a language, else in the other one.
func (c Category) Called(l i18n.Locale) string {
	if c.Name[l] != "" {
		return c.Name[l]
	}
	return c.Name[other(l)]
}

// Total is how many articles are in it and under it.
func (c Category) Total() int {
	n := c.Here
	for _, u := range c.Under {
		n += u.Here
	}
	return n
}

const categoryColumns = `c.id, c.parent_id, c.slug, c.icon, c.rank, c.name_en, c.name_ko, c.about_en, c.about_ko`

func scanCategory(r db.Row) (c Category, err error) {
	var en, ko, aboutEn, aboutKo string
	err = r.Scan(&c.ID, &c.Parent, &c.Slug, &c.Icon, &c.Rank, &en, &ko, &aboutEn, &aboutKo)
	c.Name = map[i18n.Locale]string{i18n.English: en, i18n.Korean: ko}
	c.About = map[i18n.Locale]string{i18n.English: aboutEn, i18n.Korean: aboutKo}
	return c, err
}

// SaveCategory makes a category, or changes the one with this ID.
func SaveCategory(ctx context.Context, tx *db.Tx, c Category) (CategoryID, error) {
	if err := team.Allow(ctx, team.EditArticles); err != nil {
		return 0, err
	}
	if err := c.check(ctx, tx); err != nil {
		return 0, err
	}
	en, ko := c.Name[i18n.English], c.Name[i18n.Korean]
	aboutEn, aboutKo := oneLine(c.About[i18n.English], 200), oneLine(c.About[i18n.Korean], 200)
	var err error
	if c.ID == 0 {
		c.ID = CategoryID(tx.NewID())
		_, err = tx.Exec(ctx, `INSERT INTO knowledge_category (id, parent_id, slug, icon, rank, name_en, name_ko, about_en, about_ko, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			c.ID, c.Parent, c.Slug, c.Icon, c.Rank, en, ko, aboutEn, aboutKo, tx.Now())
	} else {
		_, err = tx.Exec(ctx, `UPDATE knowledge_category SET parent_id = $2, slug = $3, icon = $4, rank = $5, name_en = $6, name_ko = $7, about_en = $8, about_ko = $9 WHERE id = $1`,
			c.ID, c.Parent, c.Slug, c.Icon, c.Rank, en, ko, aboutEn, aboutKo)
	}
	if err != nil {
		return 0, err
	}
	if err := stamp(ctx, tx); err != nil {
		return 0, err
	}
	return c.ID, event.Record(ctx, tx, CategoryChanged{c.ID})
}

func (c *Category) check(ctx context.Context, tx *db.Tx) error {
	c.Name = map[i18n.Locale]string{i18n.English: oneLine(c.Name[i18n.English], 60), i18n.Korean: oneLine(c.Name[i18n.Korean], 60)}
	if c.Slug = Slug(c.Slug); c.Slug == "" {
		c.Slug = Slug(c.Called(i18n.English))
	}
	if !slices.Contains(Icons, c.Icon) {
		c.Icon = Icons[0]
	}
	var k problem.Check
	k.That(c.Called(i18n.English) != "", "name_en", "Enter a name.")
	k.That(c.Parent == 0 || c.Parent != c.ID, "parent", "A category cannot stand under itself.")
	if err := k.Err(); err != nil {
		return err
	}
	all, err := db.All(ctx, tx, scanCategory, `SELECT `+categoryColumns+` FROM knowledge_category c`)
	if err != nil {
		return err
	}
	found := c.Parent == 0
	for _, o := range all {
		k.That(o.Slug != c.Slug || o.ID == c.ID, "slug", "Another category has this address.")
		found = found || o.ID == c.Parent
		k.That(o.ID != c.Parent || o.Parent == 0, "parent", "There are two levels: choose one at the top.")
		k.That(o.Parent != c.ID || c.Parent == 0 || c.ID == 0, "parent", "It has categories under it, so it stands at the top.")
	}
	k.That(found, "parent", "There is no such category.")
	return k.Err()
}

// RemoveCategory takes away a category that holds nothing.
func RemoveCategory(ctx context.Context, tx *db.Tx, id CategoryID) error {
	if err := team.Allow(ctx, team.EditArticles); err != nil {
		return err
	}
	full, err := db.Exists(ctx, tx, `SELECT 1 FROM knowledge_article WHERE category_id = $1 UNION ALL SELECT 1 FROM knowledge_category WHERE parent_id = $1`, id)
	if err != nil {
		return err
	}
	if full {
		return problem.New(problem.Conflict, "This category is not empty. Move what is in it first.")
	}
	n, err := tx.Exec(ctx, `DELETE FROM knowledge_category WHERE id = $1`, id)
	if err != nil {
		return err
	}
	if n == 0 {
		return problem.New(problem.NotFound, "There is no such category.")
	}
	if err := stamp(ctx, tx); err != nil {
		return err
	}
	return event.Record(ctx, tx, CategoryRemoved{id})
}

// Categories is the whole tree for the team, with what is in each (archived articles apart).
func Categories(ctx context.Context, tx *db.Tx) ([]Category, error) {
	if err := team.Allow(ctx, team.ReadArticles); err != nil {
		return nil, err
	}
	counts, err := counted(ctx, tx, `SELECT a.category_id, COUNT(*) FROM knowledge_article a WHERE a.archived_at IS NULL GROUP BY a.category_id`)
	if err != nil {
		return nil, err
	}
	return tree(ctx, tx, counts, true)
}

// Shelves is the tree that a reader sees in a language: without what holds nothing for him.
func Shelves(ctx context.Context, tx *db.Tx, l i18n.Locale) ([]Category, error) {
	var a db.Args
	counts, err := counted(ctx, tx, `SELECT a.category_id, COUNT(*) FROM knowledge_article a JOIN knowledge_text t ON t.article_id = a.id
		WHERE t.locale = `+a.Add(l)+` AND `+Visible(ctx, &a)+` GROUP BY a.category_id`, a.List()...)
	if err != nil {
		return nil, err
	}
	return tree(ctx, tx, counts, false)
}

func counted(ctx context.Context, tx *db.Tx, query string, args ...any) (map[CategoryID]int, error) {
	counts := map[CategoryID]int{}
	err := db.Each(ctx, tx, func(r db.Row) error {
		var id CategoryID
		var n int
		err := r.Scan(&id, &n)
		counts[id] = n
		return err
	}, query, args...)
	return counts, err
}

func tree(ctx context.Context, tx *db.Tx, counts map[CategoryID]int, empty bool) (top []Category, err error) {
	all, err := db.All(ctx, tx, scanCategory, `SELECT `+categoryColumns+` FROM knowledge_category c ORDER BY c.rank, c.id`)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		if c.Parent != 0 {
			continue
		}
		c.Here = counts[c.ID]
		for _, u := range all {
			if u.Here = counts[u.ID]; u.Parent == c.ID && (empty || u.Here > 0) {
				c.Under = append(c.Under, u)
			}
		}
		if empty || c.Total() > 0 {
			top = append(top, c)
		}
	}
	return top, nil
}

// GetCategory returns one category, for the team.
func GetCategory(ctx context.Context, tx *db.Tx, id CategoryID) (Category, error) {
	if err := team.Allow(ctx, team.ReadArticles); err != nil {
		return Category{}, err
	}
	c, err := db.One(ctx, tx, scanCategory, `SELECT `+categoryColumns+` FROM knowledge_category c WHERE c.id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return c, problem.New(problem.NotFound, "There is no such category.")
	}
	return c, err
}

// within is the condition under which an article a is in the category, or in one under it.
func within(a *db.Args, c CategoryID) string {
	n := a.Add(c)
	return `(a.category_id = ` + n + ` OR a.category_id IN (SELECT c.id FROM knowledge_category c WHERE c.parent_id = ` + n + `))`
}
