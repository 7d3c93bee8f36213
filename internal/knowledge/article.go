package knowledge

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/html"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Issue says whether an article is about a known problem.
type Issue string

// The states of a known problem.
const (
	NoIssue Issue = ""
	Open    Issue = "open"
	Fixed   Issue = "fixed"
)

// Article is one article as the team sees it.
type Article struct {
	ID           ID
	Category     CategoryID // 0: none
	Owner        team.ID    // 0: nobody
	Audience     Audience
	Segment      string // the tag, for Segment
	Issue        Issue
	Conversation int64     // the conversation that it was drafted from; 0: none
	ReviewAt     time.Time // zero: never
	ArchivedAt   time.Time
	Edition      int64
	Editor       team.ID // who changed it last; 0: nobody, or the program
	Reads        int64
	CreatedAt    time.Time
	UpdatedAt    time.Time
	Texts        map[i18n.Locale]Text
}

// Text is the draft of an article in one language, and what is published of it.
type Text struct {
	Locale      i18n.Locale
	Title       string
	Summary     string
	Body        string // Markdown
	Slug        string // the address; "" until it is published or chosen
	Dirty       bool   // the draft is not what is published
	Live        VersionID
	Version     int // the number of the newest version; 0: none
	Follows     int
	PublishedAt time.Time
	EditedAt    time.Time
	Behind      bool // the other language has changes that this one has not
}

// Published says whether readers see it.
func (t Text) Published() bool { return t.Live != 0 }

// Empty says whether nobody has written anything.
func (t Text) Empty() bool { return t.Title == "" && t.Summary == "" && t.Body == "" }

// Title is what the article is called in a language, else in the other one.
func (a Article) Title(l i18n.Locale) string {
	if s := a.Texts[l].Title; s != "" {
		return s
	}
	return a.Texts[other(l)].Title
}

// Published says whether readers see it in any language.
func (a Article) Published() bool {
	return a.ArchivedAt.IsZero() && (a.Texts[i18n.English].Published() || a.Texts[i18n.Korean].Published())
}

func other(l i18n.Locale) i18n.Locale {
	if l == i18n.Korean {
		return i18n.English
	}
	return i18n.Korean
}

const columns = `a.id, a.category_id, a.owner_id, a.audience, a.segment, a.issue, a.conversation_id, a.review_at, a.archived_at, a.edition, a.editor_id, a.reads, a.created_at, a.updated_at`

func scan(r db.Row) (a Article, err error) {
	err = r.Scan(&a.ID, &a.Category, &a.Owner, &a.Audience, &a.Segment, &a.Issue, &a.Conversation, db.Time(&a.ReviewAt), db.Time(&a.ArchivedAt),
		&a.Edition, &a.Editor, &a.Reads, db.Time(&a.CreatedAt), db.Time(&a.UpdatedAt))
	a.Texts = map[i18n.Locale]Text{}
	return a, err
}

const textColumns = `t.article_id, t.locale, t.title, t.summary, t.body, t.slug, t.dirty, t.live_id, t.version, t.follows, t.published_at, t.edited_at`

type textOf struct {
	article ID
	Text
}

func scanText(r db.Row) (t textOf, err error) {
	err = r.Scan(&t.article, &t.Locale, &t.Title, &t.Summary, &t.Body, &t.Slug, &t.Dirty, &t.Live, &t.Version, &t.Follows, db.Time(&t.PublishedAt), db.Time(&t.EditedAt))
	return t, err
}

func fill(ctx context.Context, tx *db.Tx, list []Article) error {
	var ids []ID
	for _, a := range list {
		ids = append(ids, a.ID)
	}
	var args db.Args
	texts, err := db.All(ctx, tx, scanText, `SELECT `+textColumns+` FROM knowledge_text t WHERE t.article_id IN `+db.In(&args, ids), args.List()...)
	if err != nil {
		return err
	}
	for _, t := range texts {
		i := slices.IndexFunc(list, func(a Article) bool { return a.ID == t.article })
		list[i].Texts[t.Locale] = t.Text
	}
	for _, a := range list {
		a.compare()
	}
	return nil
}

// compare finds which of two published texts is behind.
func (a Article) compare() {
	for l, t := range a.Texts {
		o := a.Texts[other(l)]
		t.Behind = t.Published() && o.Published() && o.Version > t.Follows
		a.Texts[l] = t
	}
}

// Get returns an article for the team.
func Get(ctx context.Context, tx *db.Tx, id ID) (Article, error) {
	if err := team.Allow(ctx, team.ReadArticles); err != nil {
		return Article{}, err
	}
	return load(ctx, tx, id)
}

func load(ctx context.Context, tx *db.Tx, id ID) (Article, error) {
	list, err := db.All(ctx, tx, scan, `SELECT `+columns+` FROM knowledge_article a WHERE a.id = $1`, id)
	if err != nil {
		return Article{}, err
	}
	if len(list) == 0 {
		return Article{}, problem.New(problem.NotFound, "There is no such article.")
	}
	return list[0], fill(ctx, tx, list)
}

// Draft is what a new article begins with.
type Draft struct {
	Locale       i18n.Locale
	Title, Body  string
	Category     CategoryID
	Conversation int64
}

// Create makes an article: a draft for everybody, owned by whoever acts.
func Create(ctx context.Context, tx *db.Tx, d Draft) (ID, error) {
	if err := team.Allow(ctx, team.EditArticles); err != nil {
		return 0, err
	}
	id := ID(tx.NewID())
	_, err := tx.Exec(ctx, `INSERT INTO knowledge_article (id, category_id, owner_id, editor_id, audience, conversation_id, created_at, updated_at) VALUES ($1, $2, $3, $3, $4, $5, $6, $6)`,
		id, d.Category, team.From(ctx).Person, Everybody, d.Conversation, tx.Now())
	if err != nil {
		return 0, fmt.Errorf("make an article: %w", err)
	}
	for _, l := range i18n.Locales() {
		t := Text{Locale: l}
		if l == d.Locale {
			t.Title, t.Body = oneLine(d.Title, maxTitle), clip(d.Body, html.MaxMarkdown)
		}
		if _, err := tx.Exec(ctx, `INSERT INTO knowledge_text (article_id, locale, title, body, edited_at) VALUES ($1, $2, $3, $4, $5)`, id, l, t.Title, t.Body, tx.Now()); err != nil {
			return 0, err
		}
	}
	return id, event.Record(ctx, tx, Created{id})
}

// Lengths of what is typed, in letters.
const (
	maxTitle   = 120
	maxSummary = 300
)

func oneLine(s string, n int) string { return clip(strings.Join(strings.Fields(s), " "), n) }

func clip(s string, n int) string {
	s = strings.ToValidUTF8(strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\x00", ""), "")
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n])
}
