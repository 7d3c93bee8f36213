package api

import (
	"context"
	"net/http"
	"strings"
	"unicode"

	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/knowledge"
)

func articles(rt *routes) {
	const long = 2 << 20
	get(rt, "/articles", "List help articles, the newest first", listArticles)
	post(rt, "/articles", "Write a help article", createArticle, status(http.StatusCreated), body(long),
		about("In one language; `PATCH` with the other `locale` adds the translation."))
	get(rt, "/articles/search", "Search help articles", searchArticles,
		about("What is published, as far as the token may see it; the best first. Spaces, endings, a wrong letter and a wrong keyboard are taken lightly."))
	get(rt, "/articles/{id}", "Read a help article", getArticle)
	patch(rt, "/articles/{id}", "Change a help article", changeArticle, body(long))
	remove(rt, "/articles/{id}", "Take a help article away", removeArticle, about("Readers and this interface find it no more; the team can have it back from its archive."))
}

// Article is a help article in one language.
type Article struct {
	ID          string   `json:"id"`
	Locale      string   `json:"locale" enum:"ko,en"`
	Locales     []string `json:"locales" nullable:"false" doc:"The languages that it is written in"`
	Title       string   `json:"title"`
	Summary     string   `json:"summary"`
	Body        string   `json:"body" doc:"Markdown"`
	Category    string   `json:"category" doc:"What it is called in this language"`
	CategoryID  ref      `json:"category_id"`
	Audience    string   `json:"audience" doc:"public, signed-in, internal, or a tag of the customers who may read it"`
	Status      string   `json:"status" enum:"draft,published" doc:"In this language"`
	Changed     bool     `json:"changed" doc:"It was changed since it was published"`
	URL         string   `json:"url,omitempty" doc:"Where customers read it"`
	PublishedAt stamp    `json:"published_at,omitzero"`
	CreatedAt   stamp    `json:"created_at"`
	UpdatedAt   stamp    `json:"updated_at"`
}

// shelf is what categories are called.
type shelf map[knowledge.CategoryID]knowledge.Category

func shelves(ctx context.Context, tx *db.Tx) (shelf, error) {
	list, err := knowledge.Categories(ctx, tx)
	all := shelf{}
	for _, c := range list {
		all[c.ID] = c
		for _, u := range c.Under {
			all[u.ID] = u
		}
	}
	return all, err
}

// find is the category with an id, or a name in any language; 0: there is none.
func (s shelf) find(word string) knowledge.CategoryID {
	if c, err := id.Read[knowledge.CategoryID](word); err == nil {
		return c // that there is none says who uses it
	}
	for _, c := range s {
		for _, l := range i18n.Locales() {
			if strings.EqualFold(c.Called(l), strings.TrimSpace(word)) {
				return c.ID
			}
		}
	}
	return 0
}

// articleIn shows an article in a language, or in the one that it is written in.
func articleIn(ctx context.Context, tx *db.Tx, a knowledge.Article, l i18n.Locale) (Article, error) {
	all, err := shelves(ctx, tx)
	return all.article(a, l), err
}

func (s shelf) article(a knowledge.Article, l i18n.Locale) Article {
	if l == "" {
		l = a.Preferred(i18n.Korean)
	}
	in := s[a.Category]
	t := a.Texts[l]
	out := Article{ID: a.ID.String(), Locale: string(l), Locales: []string{}, Title: t.Title, Summary: t.Summary, Body: t.Body, Category: in.Called(l), CategoryID: refOf(a.Category),
		Audience: audienceWord(a.Audience, a.Segment), Status: "draft", CreatedAt: stamp(a.CreatedAt), UpdatedAt: stamp(a.UpdatedAt)}
	for _, l := range i18n.Locales() {
		if !a.Texts[l].Empty() {
			out.Locales = append(out.Locales, string(l))
		}
	}
	if t.Published() {
		out.Status, out.Changed, out.URL, out.PublishedAt = "published", t.Dirty, knowledge.Path(l, t.Slug), stamp(t.PublishedAt)
	}
	return out
}

// articleQuery is which articles are listed.
type articleQuery struct {
	Span
	Query    string `query:"q" maxLength:"200" doc:"Words of the title or of what is published"`
	Status   string `query:"status" enum:"draft,published"`
	Category string `query:"category" doc:"Its id or its name"`
	Locale   string `query:"locale" enum:"ko,en" doc:"The language they are shown in, if they have it"`
}

func listArticles(ctx context.Context, tx *db.Tx, in *articleQuery) (page[Article], error) {
	before, err := cursorID[knowledge.ID](in.Cursor)
	if err != nil {
		return page[Article]{}, err
	}
	all, err := shelves(ctx, tx)
	if err != nil {
		return page[Article]{}, err
	}
	f := knowledge.Filter{State: knowledge.State(in.Status), Words: in.Query, Before: before, Limit: in.Limit + 1}
	if in.Category != "" {
		if f.Category = all.find(in.Category); f.Category == 0 {
			return page[Article]{Items: []Article{}}, nil
		}
	}
	l, err := knowledge.List(ctx, tx, f)
	show := func(a knowledge.Article) Article {
		if locale := i18n.Locale(in.Locale); locale != "" {
			return all.article(a, a.Preferred(locale))
		}
		return all.article(a, "")
	}
	return cut(l, in.Limit, func(a knowledge.Article) string { return a.ID.String() }, show), err
}

// newArticle writes an article.
type newArticle struct {
	Body struct {
		Title    string `json:"title" minLength:"1" maxLength:"120"`
		Summary  string `json:"summary,omitempty" maxLength:"300"`
		Body     string `json:"body" doc:"Markdown"`
		Locale   string `json:"locale" enum:"ko,en"`
		Category string `json:"category,omitempty" doc:"Its id or its name; a name that is new makes one"`
		Audience string `json:"audience,omitempty" maxLength:"60" doc:"public unless said; signed-in, internal, or a tag of the customers who may read it"`
		Status   string `json:"status,omitempty" enum:"draft,published" doc:"draft unless said"`
	}
}

func createArticle(ctx context.Context, tx *db.Tx, in *newArticle) (Article, error) {
	b := in.Body
	locale := i18n.Locale(b.Locale)
	made, err := knowledge.Create(ctx, tx, knowledge.Draft{Locale: locale, Title: b.Title})
	if err != nil {
		return Article{}, err
	}
	var c articleChange
	c.ID = made.String()
	c.Body.Summary, c.Body.Body, c.Body.Locale, c.Body.Status = &b.Summary, &b.Body, b.Locale, b.Status
	c.Body.Category, c.Body.Audience = &b.Category, &b.Audience
	return changeArticle(ctx, tx, &c)
}

func articleAt(ctx context.Context, tx *db.Tx, s string) (knowledge.Article, error) {
	key, err := target[knowledge.ID](s)
	if err != nil {
		return knowledge.Article{}, err
	}
	a, err := knowledge.Get(ctx, tx, key)
	if err == nil && !a.ArchivedAt.IsZero() {
		err = problem.New(problem.NotFound, "There is no such article.")
	}
	return a, err
}

// oneArticle is an article in a language.
type oneArticle struct {
	ID     string `path:"id"`
	Locale string `query:"locale" enum:"ko,en"`
}

func getArticle(ctx context.Context, tx *db.Tx, in *oneArticle) (Article, error) {
	a, err := articleAt(ctx, tx, in.ID)
	if err != nil {
		return Article{}, err
	}
	return articleIn(ctx, tx, a, i18n.Locale(in.Locale))
}

// articleChange is what is changed of an article.
type articleChange struct {
	ID   string `path:"id"`
	Body struct {
		Title    *string `json:"title,omitempty" maxLength:"120"`
		Summary  *string `json:"summary,omitempty" maxLength:"300"`
		Body     *string `json:"body,omitempty"`
		Locale   string  `json:"locale,omitempty" enum:"ko,en" doc:"The text that is meant; the one that it is written in unless said"`
		Category *string `json:"category,omitempty" maxLength:"60" doc:"Its id or its name; a name that is new makes one; empty: none"`
		Audience *string `json:"audience,omitempty" maxLength:"60"`
		Status   string  `json:"status,omitempty" enum:"draft,published" doc:"published: what it says now is what readers see; draft: they see it no more in this language"`
	}
}

func changeArticle(ctx context.Context, tx *db.Tx, in *articleChange) (Article, error) {
	a, err := articleAt(ctx, tx, in.ID)
	if err != nil {
		return Article{}, err
	}
	locale := i18n.Locale(in.Body.Locale)
	if locale == "" {
		locale = a.Preferred(i18n.Korean)
	}
	e, err := in.edit(ctx, tx, a, locale)
	if err != nil {
		return Article{}, err
	}
	if a, err = knowledge.Save(ctx, tx, a.ID, e); err != nil {
		return Article{}, err
	}
	switch t := a.Texts[locale]; {
	case in.Body.Status == "published" && (t.Dirty || !t.Published()):
		err = knowledge.Publish(ctx, tx, a.ID, false, locale)
	case in.Body.Status == "draft" && t.Published():
		err = knowledge.Unpublish(ctx, tx, a.ID, locale)
	}
	if err != nil {
		return Article{}, err
	}
	if a, err = knowledge.Get(ctx, tx, a.ID); err != nil {
		return Article{}, err
	}
	return articleIn(ctx, tx, a, locale)
}

// edit is the article as it should be.
func (in *articleChange) edit(ctx context.Context, tx *db.Tx, a knowledge.Article, l i18n.Locale) (e knowledge.Edit, err error) {
	e = knowledge.Edit{Edition: a.Edition, Category: a.Category, Owner: a.Owner, Audience: a.Audience, Segment: a.Segment, Issue: a.Issue, ReviewAt: a.ReviewAt}
	b, t := in.Body, a.Texts[l]
	for _, f := range []struct{ to, from *string }{{&t.Title, b.Title}, {&t.Summary, b.Summary}, {&t.Body, b.Body}} {
		if f.from != nil {
			*f.to = *f.from
		}
	}
	e.Texts = map[i18n.Locale]knowledge.Words{l: {Title: t.Title, Summary: t.Summary, Body: t.Body}}
	if b.Audience != nil {
		e.Audience, e.Segment = audienceOf(*b.Audience)
	}
	if b.Category != nil {
		e.Category, err = category(ctx, tx, *b.Category, l)
	}
	return e, err
}

// category is the one with an id or a name. A name that is new makes one.
func category(ctx context.Context, tx *db.Tx, word string, l i18n.Locale) (knowledge.CategoryID, error) {
	if strings.TrimSpace(word) == "" {
		return 0, nil
	}
	all, err := shelves(ctx, tx)
	if err != nil {
		return 0, err
	}
	if c := all.find(word); c != 0 {
		return c, nil
	}
	return knowledge.SaveCategory(ctx, tx, knowledge.Category{Name: map[i18n.Locale]string{l: word}, Rank: len(all)})
}

func removeArticle(ctx context.Context, tx *db.Tx, in *one) error {
	a, err := articleAt(ctx, tx, in.ID)
	if err != nil {
		return err
	}
	return knowledge.Archive(ctx, tx, a.ID, true)
}

// articleSearch is what is looked for.
type articleSearch struct {
	Query  string `query:"q" maxLength:"200"`
	Locale string `query:"locale" enum:"ko,en" doc:"Korean for what is written in Hangul, else English, unless said"`
	Limit  int    `query:"limit" minimum:"1" maximum:"50" default:"10"`
}

// Hit is an article that was found.
type Hit struct {
	ID      string  `json:"id"`
	Title   string  `json:"title"`
	Excerpt string  `json:"excerpt"`
	Score   float64 `json:"score" doc:"For comparing hits of one search"`
	URL     string  `json:"url"`
}

func searchArticles(ctx context.Context, tx *db.Tx, in *articleSearch) (page[Hit], error) {
	locale := i18n.Locale(in.Locale)
	if locale == "" {
		locale = i18n.English
		if strings.ContainsFunc(in.Query, func(r rune) bool { return unicode.Is(unicode.Hangul, r) }) {
			locale = i18n.Korean
		}
	}
	found, err := knowledge.Search(ctx, tx, locale, in.Query, in.Limit)
	return paged(found, "", func(h knowledge.Hit) Hit {
		return Hit{h.Article.String(), h.Title, h.Excerpt.Text, h.Score, h.Path()}
	}), err
}
