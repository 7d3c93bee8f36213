package knowledge

import (
	"context"
	"slices"

	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/team"
)

// MaySee says what [Visible] says, of an article that is published: for who has to choose before he asks the database.
func MaySee(ctx context.Context, a Audience, segment string) bool {
	r, customer := ctx.Value(readerKey{}).(Reader)
	switch {
	case !customer && team.From(ctx).Can(team.ReadArticles), a == Everybody:
		return true
	case a == SignedIn:
		return r.SignedIn
	}
	return a == Segment && r.SignedIn && slices.Contains(r.Tags, segment)
}

// Current gives those of the versions that the reader sees now, whole. A version that is no longer what is published is not among them.
func Current(ctx context.Context, tx *db.Tx, versions []VersionID) ([]Page, error) {
	if len(versions) == 0 {
		return nil, nil
	}
	var a db.Args
	return db.All(ctx, tx, scanPage, `SELECT `+pageColumns+pageFrom+`t.live_id IN `+db.In(&a, versions)+` AND `+Visible(ctx, &a), a.List()...)
}

// Cite gives what the reader sees of articles, each in one language: his, else the other. Texts are left out.
func Cite(ctx context.Context, tx *db.Tx, l i18n.Locale, articles []ID) (map[ID]Page, error) {
	found := map[ID]Page{}
	if len(articles) == 0 {
		return found, nil
	}
	var a db.Args
	list, err := db.All(ctx, tx, scanPage, `SELECT `+listed+pageFrom+`a.id IN `+db.In(&a, articles)+` AND `+Visible(ctx, &a), a.List()...)
	for _, p := range list {
		if _, have := found[p.Article]; !have || p.Locale == l {
			found[p.Article] = p
		}
	}
	return found, err
}

// Lesson is a published text with who may read it: what the assistant learns from.
type Lesson struct {
	Page
	Segment string
}

// Lessons gives every published text whole, with who may read it: for training, by the program itself.
func Lessons(ctx context.Context, tx *db.Tx) ([]Lesson, error) {
	if err := team.Allow(ctx, team.ReadArticles); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, func(r db.Row) (l Lesson, err error) {
		err = r.Scan(&l.Article, &l.Version, &l.Locale, &l.Title, &l.Plain, &l.Audience, &l.Segment)
		return l, err
	}, `SELECT a.id, v.id, v.locale, v.title, v.plain, a.audience, a.segment`+pageFrom+`a.archived_at IS NULL ORDER BY v.id`)
}
