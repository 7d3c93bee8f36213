package knowledge

import (
	"context"
	"errors"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Version is what was published of a text at one time.
type Version struct {
	ID        VersionID
	Article   ID
	Locale    i18n.Locale
	Number    int
	Title     string
	Summary   string
	Body      string
	Slug      string
	HTML      string
	Author    team.ID
	CreatedAt time.Time
}

const versionColumns = `v.id, v.article_id, v.locale, v.number, v.title, v.summary, v.body, v.slug, v.html, v.author_id, v.created_at`

func scanVersion(r db.Row) (v Version, err error) {
	err = r.Scan(&v.ID, &v.Article, &v.Locale, &v.Number, &v.Title, &v.Summary, &v.Body, &v.Slug, &v.HTML, &v.Author, db.Time(&v.CreatedAt))
	return v, err
}

// Versions lists what was published of a text, newest first, for the team.
func Versions(ctx context.Context, tx *db.Tx, id ID, l i18n.Locale) ([]Version, error) {
	if err := team.Allow(ctx, team.ReadArticles); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, scanVersion, `SELECT `+versionColumns+` FROM knowledge_version v WHERE v.article_id = $1 AND v.locale = $2 ORDER BY v.number DESC`+db.Limit(200), id, l)
}

// GetVersion returns one version, for the team.
func GetVersion(ctx context.Context, tx *db.Tx, id VersionID) (Version, error) {
	if err := team.Allow(ctx, team.ReadArticles); err != nil {
		return Version{}, err
	}
	v, err := db.One(ctx, tx, scanVersion, `SELECT `+versionColumns+` FROM knowledge_version v WHERE v.id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return v, problem.New(problem.NotFound, "There is no such version.")
	}
	return v, err
}

// Restore makes an old version the draft again. Readers see it when it is published.
func Restore(ctx context.Context, tx *db.Tx, id VersionID) (ID, error) {
	if err := team.Allow(ctx, team.EditArticles); err != nil {
		return 0, err
	}
	v, err := GetVersion(ctx, tx, id)
	if err != nil {
		return 0, err
	}
	a, err := load(ctx, tx, v.Article)
	if err != nil {
		return 0, err
	}
	was := a.Texts[v.Locale]
	fields, err := saveText(ctx, tx, a.ID, was, Words{Title: v.Title, Summary: v.Summary, Body: v.Body, Slug: was.Slug})
	if err != nil || len(fields) == 0 {
		return a.ID, err
	}
	if err := touch(ctx, tx, a.ID); err != nil {
		return a.ID, err
	}
	return a.ID, event.Record(ctx, tx, Changed{a.ID, fields})
}

// Line is one line of a comparison.
type Line struct {
	Text string
	Mark byte // '+' is new, '-' is gone, ' ' is in both
}

// Compare shows line by line how one text became another: the longest common subsequence.
func Compare(from, to string) []Line {
	a, b := lines(from), lines(to)
	best := make([][]int, len(a)+1)
	for i := range best {
		best[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			best[i][j] = max(best[i+1][j], best[i][j+1])
			if a[i] == b[j] {
				best[i][j] = best[i+1][j+1] + 1
			}
		}
	}
	var out []Line
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			out = append(out, Line{a[i], ' '})
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && best[i+1][j] >= best[i][j+1]:
			out = append(out, Line{a[i], '-'})
			i++
		default:
			out = append(out, Line{b[j], '+'})
			j++
		}
	}
	return out
}
