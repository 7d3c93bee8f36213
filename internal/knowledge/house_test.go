package knowledge_test

import (
	"context"
	"testing"

	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/knowledge"
	"baraji/internal/team"
)

// shelf is a help centre with an editor and readers.
type shelf struct {
	*dbtest.Desk
	t                          testing.TB
	editor, stranger, customer context.Context
}

func each(t *testing.T, fn func(t *testing.T, s *shelf)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) { fn(t, newShelf(t, desk)) })
}

func newShelf(t testing.TB, desk *dbtest.Desk) *shelf {
	editor := team.With(t.Context(), team.Actor{Person: 7, Rights: []team.Right{team.ReadArticles, team.EditArticles}})
	return &shelf{desk, t, editor, knowledge.For(t.Context(), knowledge.Reader{}), knowledge.For(t.Context(), knowledge.Reader{SignedIn: true})}
}

func (s *shelf) do(fn func(ctx context.Context, tx *db.Tx) error) {
	s.t.Helper()
	if err := s.Write(s.editor, func(tx *db.Tx) error { return fn(s.editor, tx) }); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shelf) refused(kind problem.Kind, fn func(ctx context.Context, tx *db.Tx) error) {
	s.t.Helper()
	if err := s.Write(s.editor, func(tx *db.Tx) error { return fn(s.editor, tx) }); problem.KindOf(err) != kind || err == nil {
		s.t.Errorf("got %v, want a refusal: %s", err, kind)
	}
}

// article is one with a text in Korean, in English, or both.
type article struct {
	audience       knowledge.Audience
	segment        string
	category       knowledge.CategoryID
	issue          knowledge.Issue
	ko, en         string // titles
	koText, enText string
	summary        string
}

// writes makes an article that nobody sees yet.
func (s *shelf) writes(a article) (id knowledge.ID) {
	s.t.Helper()
	if a.audience == "" {
		a.audience = knowledge.Everybody
	}
	s.do(func(ctx context.Context, tx *db.Tx) (err error) {
		if id, err = knowledge.Create(ctx, tx, knowledge.Draft{Locale: i18n.Korean}); err != nil {
			return err
		}
		_, err = knowledge.Save(ctx, tx, id, knowledge.Edit{Audience: a.audience, Segment: a.segment, Category: a.category, Issue: a.issue, Texts: map[i18n.Locale]knowledge.Words{
			i18n.Korean:  {Title: a.ko, Summary: a.summary, Body: a.koText},
			i18n.English: {Title: a.en, Summary: a.summary, Body: a.enText}}})
		return err
	})
	return id
}

func (s *shelf) publishes(id knowledge.ID, small bool, locales ...i18n.Locale) {
	s.t.Helper()
	s.do(func(ctx context.Context, tx *db.Tx) error { return knowledge.Publish(ctx, tx, id, small, locales...) })
}

// shows writes and publishes.
func (s *shelf) shows(a article) knowledge.ID {
	s.t.Helper()
	if a.ko != "" && a.koText == "" {
		a.koText = a.ko
	}
	if a.en != "" && a.enText == "" {
		a.enText = a.en
	}
	id := s.writes(a)
	var list []i18n.Locale
	if a.ko != "" {
		list = append(list, i18n.Korean)
	}
	if a.en != "" {
		list = append(list, i18n.English)
	}
	s.publishes(id, false, list...)
	return id
}

func (s *shelf) edits(id knowledge.ID, l i18n.Locale, w knowledge.Words) {
	s.t.Helper()
	s.do(func(ctx context.Context, tx *db.Tx) error {
		a, err := knowledge.Get(ctx, tx, id)
		if err != nil {
			return err
		}
		t := a.Texts[l]
		if w.Title == "" {
			w.Title = t.Title
		}
		if w.Body == "" {
			w.Body = t.Body
		}
		if w.Summary == "" {
			w.Summary = t.Summary
		}
		_, err = knowledge.Save(ctx, tx, id, knowledge.Edit{Edition: a.Edition, Audience: a.Audience, Segment: a.Segment, Category: a.Category, Texts: map[i18n.Locale]knowledge.Words{l: w}})
		return err
	})
}

func (s *shelf) get(id knowledge.ID) (a knowledge.Article) {
	s.t.Helper()
	s.do(func(ctx context.Context, tx *db.Tx) (err error) { a, err = knowledge.Get(ctx, tx, id); return err })
	return a
}

func (s *shelf) reads(ctx context.Context, l i18n.Locale, slug string) (p knowledge.Page, err error) {
	err = s.Read(ctx, func(tx *db.Tx) (err error) { p, err = knowledge.Read(ctx, tx, l, slug); return err })
	return p, err
}

func (s *shelf) finds(ctx context.Context, l i18n.Locale, query string) (hits []knowledge.Hit) {
	s.t.Helper()
	if err := s.Read(ctx, func(tx *db.Tx) (err error) { hits, err = knowledge.Search(ctx, tx, l, query, 10); return err }); err != nil {
		s.t.Fatal(err)
	}
	return hits
}
