package knowledge

import (
	"context"
	"errors"
	"slices"

	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/team"
)

// Whole is an article with all that is needed to carry it elsewhere, or to compare it with what comes from there.
type Whole struct {
	Article
	Live   map[i18n.Locale]Words    // what readers see; Slug is its address
	Former map[i18n.Locale][]string // the addresses that it had before
	Import Import
}

// Import says which files an article was taken from last.
type Import struct {
	Origin  string // what the files call it; "" if it was written here
	Sum     string // of what they said
	Edition int64  // of the article, when they had been taken
}

// Address is where a text is found in its language.
type Address struct {
	Locale i18n.Locale
	Slug   string
}

// After lists the articles, also archived ones, whose id is greater than after, the oldest first: the way to walk over all of them.
func After(ctx context.Context, tx *db.Tx, after ID, n int) ([]ID, error) {
	if err := team.Allow(ctx, team.ReadArticles); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, scanID, `SELECT id FROM knowledge_article WHERE id > $1 ORDER BY id`+db.Limit(n), after)
}

func scanID(r db.Row) (id ID, err error) { return id, r.Scan(&id) }

// Wholes gives articles for the team, in the order of their ids. Those that are not there are left out.
func Wholes(ctx context.Context, tx *db.Tx, ids ...ID) ([]Whole, error) {
	if err := team.Allow(ctx, team.ReadArticles); err != nil || len(ids) == 0 {
		return nil, err
	}
	var a db.Args
	articles, err := db.All(ctx, tx, scan, `SELECT `+columns+` FROM knowledge_article a WHERE a.id IN `+db.In(&a, ids)+` ORDER BY a.id`, a.List()...)
	if err != nil {
		return nil, err
	}
	if err := fill(ctx, tx, articles); err != nil {
		return nil, err
	}
	list := make([]Whole, len(articles))
	for i, x := range articles {
		list[i] = Whole{Article: x, Live: map[i18n.Locale]Words{}, Former: map[i18n.Locale][]string{}}
	}
	at := func(id ID) *Whole {
		return &list[slices.IndexFunc(list, func(w Whole) bool { return w.ID == id })]
	}
	if err := addLive(ctx, tx, ids, at); err != nil {
		return nil, err
	}
	if err := addFormer(ctx, tx, ids, at); err != nil {
		return nil, err
	}
	return list, addImports(ctx, tx, ids, at)
}

func addLive(ctx context.Context, tx *db.Tx, ids []ID, at func(ID) *Whole) error {
	var a db.Args
	return db.Each(ctx, tx, func(r db.Row) error {
		var id ID
		var l i18n.Locale
		var w Words
		err := r.Scan(&id, &l, &w.Title, &w.Summary, &w.Body, &w.Slug)
		at(id).Live[l] = w
		return err
	}, `SELECT v.article_id, v.locale, v.title, v.summary, v.body, v.slug FROM knowledge_text t JOIN knowledge_version v ON v.id = t.live_id WHERE t.article_id IN `+db.In(&a, ids), a.List()...)
}

func addFormer(ctx context.Context, tx *db.Tx, ids []ID, at func(ID) *Whole) error {
	var a db.Args
	return db.Each(ctx, tx, func(r db.Row) error {
		var id ID
		var here Address
		err := r.Scan(&id, &here.Locale, &here.Slug)
		if w := at(id); here.Slug != w.Live[here.Locale].Slug && here.Slug != w.Texts[here.Locale].Slug {
			w.Former[here.Locale] = append(w.Former[here.Locale], here.Slug)
		}
		return err
	}, `SELECT article_id, locale, slug FROM knowledge_slug WHERE article_id IN `+db.In(&a, ids)+` ORDER BY slug`, a.List()...)
}

func addImports(ctx context.Context, tx *db.Tx, ids []ID, at func(ID) *Whole) error {
	var a db.Args
	return db.Each(ctx, tx, func(r db.Row) error {
		var id ID
		var i Import
		err := r.Scan(&id, &i.Origin, &i.Sum, &i.Edition)
		at(id).Import = i
		return err
	}, `SELECT article_id, origin, sum, edition FROM knowledge_import WHERE article_id IN `+db.In(&a, ids), a.List()...)
}

// FromOrigins finds the articles that were taken from files which call them so.
func FromOrigins(ctx context.Context, tx *db.Tx, origins ...string) (map[string]ID, error) {
	found := map[string]ID{}
	if err := team.Allow(ctx, team.ReadArticles); err != nil || len(origins) == 0 {
		return found, err
	}
	var a db.Args
	err := db.Each(ctx, tx, func(r db.Row) error {
		var id ID
		var origin string
		err := r.Scan(&origin, &id)
		found[origin] = id
		return err
	}, `SELECT origin, article_id FROM knowledge_import WHERE origin IN `+db.In(&a, origins)+` ORDER BY article_id`, a.List()...)
	return found, err
}

// AtAddresses finds the articles that have or had addresses, and drafts that shall have them.
func AtAddresses(ctx context.Context, tx *db.Tx, l i18n.Locale, slugs ...string) (map[Address]ID, error) {
	found := map[Address]ID{}
	if err := team.Allow(ctx, team.ReadArticles); err != nil || len(slugs) == 0 {
		return found, err
	}
	for _, table := range []string{"knowledge_text", "knowledge_slug"} { // who has it goes before who wants it
		var a db.Args
		err := db.Each(ctx, tx, func(r db.Row) error {
			var id ID
			var slug string
			err := r.Scan(&slug, &id)
			found[Address{l, slug}] = id
			return err
		}, `SELECT slug, article_id FROM `+table+` WHERE locale = `+a.Add(l)+` AND slug IN `+db.In(&a, slugs)+` ORDER BY article_id`, a.List()...)
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

// KeepAddresses lets old addresses lead to an article. Those that are another's stay with it, and are returned.
func KeepAddresses(ctx context.Context, tx *db.Tx, id ID, l i18n.Locale, slugs ...string) (others []string, err error) {
	if err := team.Allow(ctx, team.EditArticles); err != nil {
		return nil, err
	}
	for _, s := range slugs {
		slug := Slug(s)
		if slug == "" {
			continue
		}
		owner, err := db.Value[ID](ctx, tx, `SELECT article_id FROM knowledge_slug WHERE locale = $1 AND slug = $2`, l, slug)
		if errors.Is(err, db.ErrNoRow) {
			owner = id
			_, err = tx.Exec(ctx, `INSERT INTO knowledge_slug (locale, slug, article_id) VALUES ($1, $2, $3)`, l, slug, id)
		}
		if err != nil {
			return nil, err
		}
		if owner != id {
			others = append(others, slug)
		}
	}
	return others, nil
}

// NoteImport says that an article says since now what files say.
func NoteImport(ctx context.Context, tx *db.Tx, id ID, origin, sum string) error {
	if err := team.Allow(ctx, team.EditArticles); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM knowledge_import WHERE article_id = $1`, id); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO knowledge_import (article_id, origin, sum, edition) SELECT id, $2, $3, edition FROM knowledge_article WHERE id = $1`, id, origin, sum)
	return err
}

// PicturesOf lists the pictures of a size, in bytes, the oldest first: among them is the one that is wanted, if it is there.
func PicturesOf(ctx context.Context, tx *db.Tx, size int64) ([]Picture, error) {
	if err := team.Allow(ctx, team.ReadArticles); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, scanPicture, `SELECT p.id, p.blob, p.type, p.size FROM knowledge_picture p WHERE p.size = $1 ORDER BY p.id`, size)
}
