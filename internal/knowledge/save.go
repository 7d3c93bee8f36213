package knowledge

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/html"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Edit is an article as it should be. Texts that are not in it stay as they are.
type Edit struct {
	Edition  int64 // that was edited; 0: whatever there is
	Category CategoryID
	Owner    team.ID
	Audience Audience
	Segment  string
	Issue    Issue
	ReviewAt time.Time
	Texts    map[i18n.Locale]Words
}

// Words are what a text says.
type Words struct{ Title, Summary, Body, Slug string }

// Tidy are the words as they are kept.
func (w Words) Tidy() Words {
	return Words{oneLine(w.Title, maxTitle), oneLine(w.Summary, maxSummary), strings.TrimRight(clip(w.Body, html.MaxMarkdown), " \n\t"), Slug(w.Slug)}
}

// Save changes the drafts of an article and what is said about it. Who may read it holds at once; what the texts say, when they are
// published. It refuses to write over what somebody else has saved meanwhile.
func Save(ctx context.Context, tx *db.Tx, id ID, e Edit) (Article, error) {
	if err := team.Allow(ctx, team.EditArticles); err != nil {
		return Article{}, err
	}
	was, err := load(ctx, tx, id)
	if err != nil {
		return was, err
	}
	if e.Edition != 0 && e.Edition != was.Edition {
		return was, overtaken()
	}
	if err := e.check(ctx, tx); err != nil {
		return was, err
	}
	fields, err := e.apply(ctx, tx, was)
	if err != nil || len(fields) == 0 {
		return was, err
	}
	if err := event.Record(ctx, tx, Changed{id, fields}); err != nil {
		return was, err
	}
	return load(ctx, tx, id)
}

func overtaken() error {
	return problem.New(problem.Conflict, "Somebody else has saved this article meanwhile. Copy what you wrote, load the page again and put it in.")
}

func (e *Edit) check(ctx context.Context, tx *db.Tx) error {
	var c problem.Check
	switch e.Audience {
	case Segment:
		e.Segment = strings.ToLower(oneLine(e.Segment, 60))
		c.That(e.Segment != "", "segment", "Enter the tag of the customers who may read it.")
	case Everybody, SignedIn, Internal:
		e.Segment = ""
	default:
		c.That(false, "audience", "Choose who may read it.")
	}
	c.That(e.Issue == NoIssue || e.Issue == Open || e.Issue == Fixed, "issue", "Choose open or fixed.")
	for l, t := range e.Texts {
		c.That(utf8.RuneCountInString(t.Title) <= maxTitle, string(l)+"_title", "A title has at most %d letters.", maxTitle)
		c.That(utf8.RuneCountInString(t.Summary) <= maxSummary, string(l)+"_summary", "A summary has at most %d letters.", maxSummary)
		c.That(len(t.Body) <= html.MaxMarkdown, string(l)+"_body", "An article has at most %d KB. Make two of it.", html.MaxMarkdown>>10)
	}
	if e.Category != 0 {
		ok, err := db.Exists(ctx, tx, `SELECT 1 FROM knowledge_category WHERE id = $1`, e.Category)
		if err != nil {
			return err
		}
		c.That(ok, "category", "There is no such category.")
	}
	return c.Err()
}

// apply writes what is different, and says what that was.
func (e Edit) apply(ctx context.Context, tx *db.Tx, was Article) (fields []string, err error) {
	note := func(changed bool, name string) {
		if changed {
			fields = append(fields, name)
		}
	}
	note(e.Category != was.Category, "category")
	note(e.Owner != was.Owner, "owner")
	note(e.Audience != was.Audience || e.Segment != was.Segment, "audience")
	note(e.Issue != was.Issue, "issue")
	note(!e.ReviewAt.Equal(was.ReviewAt), "review")
	for _, l := range i18n.Locales() {
		words, given := e.Texts[l]
		if !given {
			continue
		}
		more, err := saveText(ctx, tx, was.ID, was.Texts[l], words)
		if err != nil {
			return nil, err
		}
		fields = append(fields, more...)
	}
	if len(fields) == 0 {
		return nil, nil
	}
	_, err = tx.Exec(ctx, `UPDATE knowledge_article SET category_id = $2, owner_id = $3, audience = $4, segment = $5, issue = $6, review_at = $7 WHERE id = $1`, was.ID, e.Category, e.Owner, e.Audience, e.Segment, e.Issue, e.ReviewAt)
	if err != nil {
		return nil, err
	}
	return fields, touch(ctx, tx, was.ID)
}

func saveText(ctx context.Context, tx *db.Tx, id ID, was Text, w Words) (fields []string, err error) {
	w = w.Tidy()
	if w.Slug == "" {
		w.Slug = was.Slug
	}
	for _, f := range []struct {
		name    string
		changed bool
	}{{"title", w.Title != was.Title}, {"summary", w.Summary != was.Summary}, {"body", w.Body != was.Body}, {"slug", w.Slug != was.Slug}} {
		if f.changed {
			fields = append(fields, string(was.Locale)+"."+f.name)
		}
	}
	if len(fields) == 0 {
		return nil, nil
	}
	dirty, err := differs(ctx, tx, was.Live, w)
	if err != nil {
		return nil, err
	}
	_, err = tx.Exec(ctx, `UPDATE knowledge_text SET title = $3, summary = $4, body = $5, slug = $6, dirty = $7, edited_at = $8 WHERE article_id = $1 AND locale = $2`,
		id, was.Locale, w.Title, w.Summary, w.Body, w.Slug, dirty, tx.Now())
	if err != nil {
		return nil, fmt.Errorf("save %s of %s: %w", was.Locale, id, err)
	}
	return fields, nil
}

// differs says whether a draft is not what the published version says.
func differs(ctx context.Context, tx *db.Tx, live VersionID, w Words) (bool, error) {
	if live == 0 {
		return true, nil
	}
	same, err := db.Exists(ctx, tx, `SELECT 1 FROM knowledge_version WHERE id = $1 AND title = $2 AND summary = $3 AND body = $4 AND slug = $5`, live, w.Title, w.Summary, w.Body, w.Slug)
	return !same, err
}

// Slug makes an address out of words: letters and digits of any script, joined by hyphens, at most 80 letters.
func Slug(s string) string {
	var b strings.Builder
	n, gap := 0, false
	for _, r := range strings.ToLower(s) {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			gap = r != '\'' && r != '’' || gap
			continue
		}
		if n >= 80 {
			break
		}
		if gap && n > 0 {
			b.WriteByte('-')
		}
		gap = false
		b.WriteRune(r)
		n++
	}
	return b.String()
}

// Archive puts an article away: readers no longer find it, the team does.
func Archive(ctx context.Context, tx *db.Tx, id ID, away bool) error {
	if err := team.Allow(ctx, team.EditArticles); err != nil {
		return err
	}
	a, err := load(ctx, tx, id)
	if err != nil || away == !a.ArchivedAt.IsZero() {
		return err
	}
	at, fact := time.Time{}, event.Fact(Unarchived{id})
	if away {
		at, fact = tx.Now(), Archived{id}
	}
	if _, err := tx.Exec(ctx, `UPDATE knowledge_article SET archived_at = $2 WHERE id = $1`, id, at); err != nil {
		return err
	}
	if err := touch(ctx, tx, id); err != nil {
		return err
	}
	return event.Record(ctx, tx, fact)
}
