package knowledge

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/html"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"

	"golang.org/x/text/unicode/norm"
)

// Publish makes the drafts of an article what readers see. small says that the change needs no translation: the other language
// does not fall behind.
func Publish(ctx context.Context, tx *db.Tx, id ID, small bool, locales ...i18n.Locale) error {
	if err := team.Allow(ctx, team.EditArticles); err != nil {
		return err
	}
	a, err := load(ctx, tx, id)
	if err != nil {
		return err
	}
	if !a.ArchivedAt.IsZero() {
		return problem.New(problem.Conflict, "This article is archived. Take it out of the archive first.")
	}
	if err := ready(a, locales); err != nil {
		return err
	}
	var facts []event.Fact
	for _, l := range locales {
		f, err := publishText(ctx, tx, a, l)
		if err != nil {
			return fmt.Errorf("publish %s of %s: %w", l, id, err)
		}
		facts = append(facts, f)
	}
	if err := keepStep(ctx, tx, a, locales, small); err != nil {
		return err
	}
	return event.Record(ctx, tx, facts...)
}

func ready(a Article, locales []i18n.Locale) error {
	var c problem.Check
	c.That(len(locales) > 0, "locale", "Choose a language.")
	for _, l := range locales {
		c.That(a.Texts[l].Title != "", string(l)+"_title", "Enter a title before you publish.")
		c.That(a.Texts[l].Body != "", string(l)+"_body", "Write the article before you publish it.")
	}
	return c.Err()
}

func publishText(ctx context.Context, tx *db.Tx, a Article, l i18n.Locale) (Published, error) {
	t := a.Texts[l]
	slug, err := takeSlug(ctx, tx, a.ID, t)
	if err != nil {
		return Published{}, err
	}
	pictures := Pictures(t.Body)
	v := Version{ID: VersionID(tx.NewID()), Number: t.Version + 1, Locale: l, Title: t.Title, Summary: t.Summary, Body: t.Body, HTML: HTML(l, t.Body)}
	plain := norm.NFC.String(flat(html.ToText(v.HTML)))
	_, err = tx.Exec(ctx, `INSERT INTO knowledge_version (id, article_id, locale, number, title, summary, body, slug, html, plain, author_id, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, v.ID, a.ID, l, v.Number, v.Title, v.Summary, v.Body, slug, v.HTML, plain, team.From(ctx).Person, tx.Now())
	if err != nil {
		return Published{}, err
	}
	for _, p := range pictures {
		if _, err := tx.Exec(ctx, `INSERT INTO knowledge_picture_use (version_id, picture_id) VALUES ($1, $2)`, v.ID, p); err != nil {
			return Published{}, err
		}
	}
	_, err = tx.Exec(ctx, `UPDATE knowledge_text SET slug = $3, dirty = FALSE, live_id = $4, version = $5, published_at = $6 WHERE article_id = $1 AND locale = $2`, a.ID, l, slug, v.ID, v.Number, tx.Now())
	if err != nil {
		return Published{}, err
	}
	if err := touch(ctx, tx, a.ID); err != nil {
		return Published{}, err
	}
	return Published{a.ID, l, v.ID, v.Number}, index(ctx, tx, t.Live, v, plain)
}

// keepStep notes which texts say the same since now: all when both are published, or the change is small, or the one that was
// behind, or new, has caught up.
func keepStep(ctx context.Context, tx *db.Tx, was Article, locales []i18n.Locale, small bool) error {
	now, err := load(ctx, tx, was.ID)
	if err != nil {
		return err
	}
	for _, l := range locales {
		o := other(l)
		if err := follow(ctx, tx, was.ID, l, now.Texts[o].Version); err != nil {
			return err
		}
		before := was.Texts[l]
		caughtUp := before.Behind || !before.Published() && was.Texts[o].Published()
		if small || caughtUp || slices.Contains(locales, o) {
			if err := follow(ctx, tx, was.ID, o, now.Texts[l].Version); err != nil {
				return err
			}
		}
	}
	return nil
}

// touch says that an article is not what it was, to whoever edits it, and who has changed it.
func touch(ctx context.Context, tx *db.Tx, id ID) error {
	_, err := tx.Exec(ctx, `UPDATE knowledge_article SET edition = edition + 1, editor_id = $2, updated_at = $3 WHERE id = $1`, id, team.From(ctx).Person, tx.Now())
	if err != nil {
		return err
	}
	return stamp(ctx, tx)
}

func follow(ctx context.Context, tx *db.Tx, id ID, l i18n.Locale, version int) error {
	_, err := tx.Exec(ctx, `UPDATE knowledge_text SET follows = $3 WHERE article_id = $1 AND locale = $2`, id, l, version)
	return err
}

// takeSlug finds the address of a text and takes it for good. One that another article has, or had, gets a number.
func takeSlug(ctx context.Context, tx *db.Tx, article ID, t Text) (string, error) {
	base := t.Slug
	if base == "" {
		base = Slug(t.Title)
	}
	if base == "" {
		base = article.String()
	}
	slug := base
	for n := 2; ; n++ {
		owner, err := db.Value[ID](ctx, tx, `SELECT article_id FROM knowledge_slug WHERE locale = $1 AND slug = $2`, t.Locale, slug)
		if errors.Is(err, db.ErrNoRow) {
			_, err = tx.Exec(ctx, `INSERT INTO knowledge_slug (locale, slug, article_id) VALUES ($1, $2, $3)`, t.Locale, slug, article)
			return slug, err
		}
		if err != nil || owner == article {
			return slug, err
		}
		slug = base + "-" + strconv.Itoa(n)
	}
}

// Unpublish takes a text away from readers. Its versions and its address stay.
func Unpublish(ctx context.Context, tx *db.Tx, id ID, l i18n.Locale) error {
	if err := team.Allow(ctx, team.EditArticles); err != nil {
		return err
	}
	a, err := load(ctx, tx, id)
	if err != nil {
		return err
	}
	live := a.Texts[l].Live
	if live == 0 {
		return nil
	}
	if _, err := tx.Exec(ctx, `UPDATE knowledge_text SET live_id = 0, dirty = TRUE WHERE article_id = $1 AND locale = $2`, id, l); err != nil {
		return err
	}
	if err := touch(ctx, tx, id); err != nil {
		return err
	}
	if err := unindex(ctx, tx, live); err != nil {
		return err
	}
	return event.Record(ctx, tx, Unpublished{id, l})
}

// HTML is what an article's Markdown looks like to readers of a language.
func HTML(l i18n.Locale, body string) string {
	return html.FromArticle(body, html.Article{Picture: func(name string) string {
		if p, err := id.Read[PictureID](name); err == nil {
			return PicturePath(l, p)
		}
		return ""
	}})
}

// flat is a text as searching sees it: words in one line, without the signs that quotes begin with.
func flat(text string) string {
	var words []string
	for line := range strings.Lines(text) {
		words = append(words, strings.Fields(strings.TrimLeft(line, "> "))...)
	}
	return strings.Join(words, " ")
}
