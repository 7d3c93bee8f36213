package knowledge_test

import (
	"context"
	"testing"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/knowledge"
	"baraji/internal/team"
)

// keeps writes as an editor's page does while somebody types.
func (s *shelf) keeps(who context.Context, id knowledge.ID, edition int64, body string) (a knowledge.Article, err error) {
	err = s.Write(who, func(tx *db.Tx) (err error) {
		a, err = knowledge.Keep(who, tx, id, edition, map[i18n.Locale]knowledge.Words{i18n.English: {Title: "Kept", Body: body}})
		return err
	})
	return a, err
}

func TestWhatIsTypedIsKept(t *testing.T) {
	each(t, func(t *testing.T, s *shelf) {
		id := s.shows(article{en: "Kept", enText: "one", audience: knowledge.Internal})
		edition := s.get(id).Edition
		for _, body := range []string{"one t", "one tw", "one two"} {
			a, err := s.keeps(s.editor, id, edition, body)
			if err != nil || a.Edition == edition || a.Texts[i18n.English].Body != body || !a.Texts[i18n.English].Dirty || a.Audience != knowledge.Internal {
				t.Fatalf("%v %+v", err, a)
			}
			edition = a.Edition
		}
		if a, err := s.keeps(s.editor, id, edition, "one two"); err != nil || a.Edition != edition {
			t.Errorf("the same again: %v, edition %d after %d", err, a.Edition, edition)
		}
		s.kinds(t, id, "knowledge.created", "knowledge.changed", "knowledge.published") // one sitting: the log knows already that he writes

		second := team.With(t.Context(), team.Actor{Person: 8, Rights: []team.Right{team.ReadArticles, team.EditArticles}})
		if _, err := s.keeps(second, id, edition-1, "mine"); problem.KindOf(err) != problem.Conflict {
			t.Errorf("somebody else's words are written over: %v", err)
		}
		a, err := s.keeps(second, id, 0, "mine")
		if err != nil || a.Editor != 8 {
			t.Fatalf("%v %+v", err, a)
		}
		s.kinds(t, id, "knowledge.created", "knowledge.changed", "knowledge.published", "knowledge.changed")
		s.Clock.Advance(11 * time.Minute)
		if _, err := s.keeps(second, id, a.Edition, "mine, later"); err != nil {
			t.Fatal(err)
		}
		s.kinds(t, id, "knowledge.created", "knowledge.changed", "knowledge.published", "knowledge.changed", "knowledge.changed")
		stranger := team.With(t.Context(), team.Actor{Person: 9, Rights: []team.Right{team.ReadArticles}})
		if _, err := s.keeps(stranger, id, 0, "x"); problem.KindOf(err) != problem.Forbidden {
			t.Errorf("who may only read writes: %v", err)
		}
	})
}
