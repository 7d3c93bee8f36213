package helpcenter

import (
	"context"
	"net/http"
	"net/url"

	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/knowledge"
	"baraji/internal/web/ui"
)

type articlePageProps struct {
	around
	Article  knowledge.Page
	Category knowledge.Category // zero: none
	Above    knowledge.Category
	Siblings []knowledge.Page
	Related  []knowledge.Page
	Thanks   bool // he has voted
}

// article is GET /hc/{locale}/a/{slug}. An earlier address leads to the present one.
func (a area) article(w http.ResponseWriter, v visit) error {
	p := articlePageProps{Thanks: v.r.URL.Query().Has("thanks")}
	err := a.read(v, func(tx *db.Tx) (err error) {
		if p.Article, err = knowledge.Read(v.ctx, tx, v.locale, v.r.PathValue("slug")); err != nil {
			return err
		}
		if err = a.surround(tx, v, &p.around); err != nil {
			return err
		}
		return p.beside(a, v, tx)
	})
	if err != nil {
		return err
	}
	if p.Article.Slug != v.r.PathValue("slug") {
		http.Redirect(w, v.r, escaped(p.Article.Path()), http.StatusMovedPermanently)
		return nil
	}
	p.Title, p.About, p.Path = p.Article.Title, p.Article.Summary, p.Article.Path()
	p.Hidden = p.Article.Audience != knowledge.Everybody || p.Thanks
	p.Also = map[i18n.Locale]string{v.locale: p.Path}
	for l, slug := range p.Article.Also {
		p.Also[l] = knowledge.Path(l, slug)
	}
	p.Data = articleData(p)
	if err := a.sendShared(w, v, articlePage(p), p.Article.Article); err != nil {
		return err
	}
	a.counted(w, v, p.Article.Article)
	return nil
}

func (p *articlePageProps) beside(a area, v visit, tx *db.Tx) (err error) {
	c := categoryPageProps{around: p.around}
	for _, s := range p.Shelves {
		for _, one := range append([]knowledge.Category{s}, s.Under...) {
			if one.ID == p.Article.Category && c.find(one.Slug) {
				p.Category, p.Above = c.Category, c.Above
			}
		}
	}
	if p.Category.ID != 0 {
		if p.Siblings, err = a.pages(v, tx, knowledge.Find{Category: p.Category.ID, Limit: 12}); err != nil {
			return err
		}
	}
	p.Related, err = remember(a, v, tx, "related "+p.Article.Version.String(), func() ([]knowledge.Page, error) { return knowledge.Related(v.ctx, tx, p.Article, 4) })
	return err
}

// vote is POST /hc/{locale}/a/{slug}: helpful=yes or no.
func (a area) vote(w http.ResponseWriter, v visit) error {
	helpful := v.r.PostFormValue("helpful")
	if helpful != "yes" && helpful != "no" {
		return problem.For("helpful", "Choose yes or no.")
	}
	var p knowledge.Page
	err := a.DB.Write(v.ctx, func(tx *db.Tx) (err error) {
		if p, err = knowledge.Read(v.ctx, tx, v.locale, v.r.PathValue("slug")); err != nil {
			return err
		}
		return knowledge.Vote(v.ctx, tx, p, a.Visitor(v.r), helpful == "yes")
	})
	if err != nil {
		return err
	}
	http.Redirect(w, v.r, escaped(p.Path())+"?thanks#helpful", http.StatusSeeOther)
	return nil
}

// picture is GET /hc/{locale}/picture/{id}: of an article that the reader sees. The team sees those of drafts too.
func (a area) picture(w http.ResponseWriter, v visit) error {
	return a.Picture(w, v.r, v.r.PathValue("id"), func(id knowledge.PictureID) (p knowledge.Picture, err error) {
		return p, a.read(v, func(tx *db.Tx) (err error) { p, err = knowledge.GetPicture(v.ctx, tx, id); return err })
	})
}

// escaped is a path as it stands in a header.
func escaped(path string) string { return (&url.URL{Path: path}).EscapedPath() }

func shop(ctx context.Context) string {
	if s := ui.Of(ctx).Shop; s != "" {
		return s
	}
	return "Baraji"
}
