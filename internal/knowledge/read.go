package knowledge

import (
	"context"
	"errors"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
)

// Page is an article as a reader sees it: the published version in one language.
type Page struct {
	Article     ID
	Version     VersionID
	Number      int
	Locale      i18n.Locale
	Slug        string
	Title       string
	Summary     string
	HTML        string
	Plain       string
	Category    CategoryID
	Issue       Issue
	Audience    Audience
	Reads       int64
	PublishedAt time.Time
	Also        map[i18n.Locale]string // addresses in the other languages that the reader may see
}

// Path is where the help centre shows it.
func (p Page) Path() string { return Path(p.Locale, p.Slug) }

// Path is where the help centre shows the article with an address.
func Path(l i18n.Locale, slug string) string { return "/hc/" + string(l) + "/a/" + slug }

// Minutes is how long it takes to read: 500 letters of Korean or 1,100 of English a minute.
func (p Page) Minutes() int {
	pace := 1100
	if p.Locale == i18n.Korean {
		pace = 500
	}
	return max(1, (len([]rune(p.Plain))+pace/2)/pace)
}

const (
	pageHead    = `a.id, v.id, v.number, v.locale, v.slug, v.title, v.summary, `
	pageTail    = `, a.category_id, a.issue, a.audience, a.reads, t.published_at`
	pageColumns = pageHead + `v.html, v.plain` + pageTail
	pageWords   = pageHead + `'', v.plain` + pageTail // without its HTML
	listed      = pageHead + `'', ''` + pageTail      // without what a list does not show
	pageFrom    = ` FROM knowledge_article a JOIN knowledge_text t ON t.article_id = a.id JOIN knowledge_version v ON v.id = t.live_id WHERE `
)

func scanPage(r db.Row) (p Page, err error) {
	err = r.Scan(&p.Article, &p.Version, &p.Number, &p.Locale, &p.Slug, &p.Title, &p.Summary, &p.HTML, &p.Plain, &p.Category, &p.Issue, &p.Audience, &p.Reads, db.Time(&p.PublishedAt))
	return p, err
}

// Read returns the article with an address. An address that it had earlier gives the article with the present one: compare Slug.
// What the reader may not see is not there, under whichever address.
func Read(ctx context.Context, tx *db.Tx, l i18n.Locale, slug string) (Page, error) {
	var a db.Args
	p, err := db.One(ctx, tx, scanPage, `SELECT `+pageColumns+pageFrom+`t.locale = `+a.Add(l)+` AND a.id = (SELECT s.article_id FROM knowledge_slug s WHERE s.locale = `+a.Add(l)+
		` AND s.slug = `+a.Add(slug)+`) AND `+Visible(ctx, &a), a.List()...)
	if errors.Is(err, db.ErrNoRow) {
		return p, problem.New(problem.NotFound, "There is no such article.")
	}
	if err != nil {
		return p, err
	}
	p.Also, err = also(ctx, tx, p)
	return p, err
}

func also(ctx context.Context, tx *db.Tx, p Page) (map[i18n.Locale]string, error) {
	var a db.Args
	list, err := db.All(ctx, tx, scanPage, `SELECT `+listed+pageFrom+`a.id = `+a.Add(p.Article)+` AND t.locale <> `+a.Add(p.Locale)+` AND `+Visible(ctx, &a), a.List()...)
	m := map[i18n.Locale]string{}
	for _, o := range list {
		m[o.Locale] = o.Slug
	}
	return m, err
}

// Find narrows a list of what readers see.
type Find struct {
	Category CategoryID // and those under it; 0: all
	Issue    Issue
	Limit    int // 0: 500
}

// Pages lists what a reader sees in a language, the most read first.
func Pages(ctx context.Context, tx *db.Tx, l i18n.Locale, f Find) ([]Page, error) {
	var a db.Args
	where := `t.locale = ` + a.Add(l) + ` AND ` + Visible(ctx, &a)
	if f.Category != 0 {
		where += ` AND ` + within(&a, f.Category)
	}
	if f.Issue != NoIssue {
		where += ` AND a.issue = ` + a.Add(f.Issue)
	}
	if f.Limit == 0 {
		f.Limit = 500
	}
	return db.All(ctx, tx, scanPage, `SELECT `+listed+pageFrom+where+` ORDER BY a.reads DESC, a.id DESC`+db.Limit(f.Limit), a.List()...)
}

// AllPages gives every text that the reader sees, whole, in all languages: for who learns from them, and for search engines.
func AllPages(ctx context.Context, tx *db.Tx) ([]Page, error) {
	var a db.Args
	return db.All(ctx, tx, scanPage, `SELECT `+pageColumns+pageFrom+Visible(ctx, &a)+` ORDER BY a.id, t.locale`, a.List()...)
}

// Related are up to n articles that a reader of a page may want next: those that share words with its title, then those of
// its category.
func Related(ctx context.Context, tx *db.Tx, p Page, n int) ([]Page, error) {
	found, err := search(ctx, tx, p.Locale, p.Title, n+1, false)
	if err != nil {
		return nil, err
	}
	seen := map[ID]bool{p.Article: true}
	var list []Page
	take := func(more []Page) {
		for _, o := range more {
			if !seen[o.Article] && len(list) < n {
				seen[o.Article] = true
				list = append(list, o)
			}
		}
	}
	for _, h := range found {
		take([]Page{h.Page})
	}
	if len(list) < n && p.Category != 0 {
		near, err := Pages(ctx, tx, p.Locale, Find{Category: p.Category, Limit: n + 1})
		if err != nil {
			return nil, err
		}
		take(near)
	}
	return list, nil
}

// AddReads counts that articles were read.
func AddReads(ctx context.Context, tx *db.Tx, reads map[ID]int) error {
	for id, n := range reads {
		if _, err := tx.Exec(ctx, `UPDATE knowledge_article SET reads = reads + $2 WHERE id = $1`, id, n); err != nil {
			return err
		}
	}
	return nil
}
