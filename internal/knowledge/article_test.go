package knowledge_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/knowledge"
	"baraji/internal/team"
)

func TestAnArticleFromDraftToVersions(t *testing.T) {
	each(t, func(t *testing.T, s *shelf) {
		id := s.writes(article{ko: "조광기가 깜빡일 때", koText: "1. 코드를 뽑아요."})
		if _, err := s.reads(s.stranger, i18n.Korean, "조광기가-깜빡일-때"); problem.KindOf(err) != problem.NotFound {
			t.Errorf("a draft is read: %v", err)
		}
		s.publishes(id, false, i18n.Korean)
		p, err := s.reads(s.stranger, i18n.Korean, "조광기가-깜빡일-때")
		if err != nil || p.Number != 1 || !strings.Contains(p.HTML, `<ol class="do">`) {
			t.Fatalf("%v %+v", err, p)
		}
		s.edits(id, i18n.Korean, knowledge.Words{Body: "1. 코드를 뽑고 10초 기다려요.", Slug: "조광기"})
		if p, _ = s.reads(s.stranger, i18n.Korean, p.Slug); strings.Contains(p.HTML, "10초") {
			t.Error("a change is read before it is published")
		}
		if a := s.get(id); !a.Texts[i18n.Korean].Dirty {
			t.Error("nobody knows that there are changes")
		}
		s.publishes(id, false, i18n.Korean)
		old, err := s.reads(s.stranger, i18n.Korean, "조광기가-깜빡일-때")
		if err != nil || old.Slug != "조광기" || old.Number != 2 || s.get(id).Texts[i18n.Korean].Dirty {
			t.Errorf("the old address: %v %+v", err, old)
		}
		s.versions(t, id)
		s.do(func(ctx context.Context, tx *db.Tx) error {
			return knowledge.Unpublish(ctx, tx, id, i18n.Korean)
		})
		if _, err := s.reads(s.stranger, i18n.Korean, "조광기"); problem.KindOf(err) != problem.NotFound {
			t.Error("a withdrawn article is read")
		}
		s.kinds(t, id, "knowledge.created", "knowledge.changed", "knowledge.published", "knowledge.changed", "knowledge.published", "knowledge.changed", "knowledge.unpublished")
	})
}

func (s *shelf) versions(t *testing.T, id knowledge.ID) {
	t.Helper()
	s.do(func(ctx context.Context, tx *db.Tx) error {
		list, err := knowledge.Versions(ctx, tx, id, i18n.Korean)
		if err != nil || len(list) != 2 || list[0].Number != 2 || list[1].Body != "1. 코드를 뽑아요." {
			t.Fatalf("versions: %v %+v", err, list)
		}
		_, err = knowledge.Restore(ctx, tx, list[1].ID)
		return err
	})
	if a := s.get(id); a.Texts[i18n.Korean].Body != "1. 코드를 뽑아요." || !a.Texts[i18n.Korean].Dirty {
		t.Errorf("the old version is not the draft: %+v", a.Texts[i18n.Korean])
	}
}

func (s *shelf) kinds(t *testing.T, id knowledge.ID, want ...string) {
	t.Helper()
	s.do(func(ctx context.Context, tx *db.Tx) error {
		list, err := event.Of(ctx, tx, id.String(), 0, 50)
		var got []string
		for _, e := range slices.Backward(list) {
			got = append(got, e.Kind)
			if strings.Contains(string(e.Body), "조광") || strings.Contains(string(e.Body), "코드") {
				t.Errorf("the log holds a text: %s", e.Body)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("facts %q", got)
		}
		return err
	})
}

func TestATranslationIsBehind(t *testing.T) {
	each(t, func(t *testing.T, s *shelf) {
		behind := func(id knowledge.ID) string {
			out := ""
			for _, l := range i18n.Locales() {
				if s.get(id).Texts[l].Behind {
					out += string(l)
				}
			}
			return out
		}
		id := s.writes(article{ko: "반품", koText: "가", en: "Return", enText: "a"})
		steps := []struct {
			edit, publish i18n.Locale
			small         bool
			want, why     string
		}{
			{"", i18n.Korean, false, "", "there is no translation"},
			{"", i18n.English, false, "", "the first translation"},
			{i18n.Korean, i18n.Korean, false, "en", "the original goes on"},
			{i18n.Korean, i18n.Korean, true, "", "a small change needs no translation"},
			{i18n.Korean, i18n.Korean, false, "en", "it goes on again"},
			{i18n.English, i18n.English, false, "", "the translation catches up"},
			{i18n.English, i18n.English, false, "ko", "the other one may go on too"},
		}
		for i, step := range steps {
			if step.edit != "" {
				s.edits(id, step.edit, knowledge.Words{Body: strings.Repeat("x", i+1)})
			}
			s.publishes(id, step.small, step.publish)
			if got := behind(id); got != step.want {
				t.Errorf("%s: behind %q, want %q", step.why, got, step.want)
			}
		}
		s.publishes(id, false, i18n.English, i18n.Korean)
		if got := behind(id); got != "" {
			t.Errorf("both at once: behind %q", got)
		}
	})
}

func TestNobodyWritesOverAnother(t *testing.T) {
	each(t, func(t *testing.T, s *shelf) {
		id := s.writes(article{ko: "반품", koText: "가"})
		was := s.get(id)
		s.edits(id, i18n.Korean, knowledge.Words{Body: "나"})
		s.refused(problem.Conflict, func(ctx context.Context, tx *db.Tx) error {
			_, err := knowledge.Save(ctx, tx, id, knowledge.Edit{Edition: was.Edition, Audience: knowledge.Everybody, Texts: map[i18n.Locale]knowledge.Words{i18n.Korean: {Title: "다"}}})
			return err
		})
		s.refused(problem.Invalid, func(ctx context.Context, tx *db.Tx) error { return knowledge.Publish(ctx, tx, id, false, i18n.English) })
		s.refused(problem.Invalid, func(ctx context.Context, tx *db.Tx) error {
			_, err := knowledge.Save(ctx, tx, id, knowledge.Edit{Audience: knowledge.Segment})
			return err
		})
	})
}

func TestWhoMayNotWriteDoesNot(t *testing.T) {
	each(t, func(t *testing.T, s *shelf) {
		id := s.shows(article{ko: "반품"})
		for name, ctx := range map[string]context.Context{"a reader of the team": team.With(t.Context(), team.Actor{Person: 9, Rights: []team.Right{team.ReadArticles}}), "a stranger": s.stranger} {
			for what, fn := range map[string]func(tx *db.Tx) error{
				"create":    func(tx *db.Tx) error { _, err := knowledge.Create(ctx, tx, knowledge.Draft{}); return err },
				"save":      func(tx *db.Tx) error { _, err := knowledge.Save(ctx, tx, id, knowledge.Edit{}); return err },
				"publish":   func(tx *db.Tx) error { return knowledge.Publish(ctx, tx, id, false, i18n.Korean) },
				"unpublish": func(tx *db.Tx) error { return knowledge.Unpublish(ctx, tx, id, i18n.Korean) },
				"archive":   func(tx *db.Tx) error { return knowledge.Archive(ctx, tx, id, true) },
				"restore":   func(tx *db.Tx) error { _, err := knowledge.Restore(ctx, tx, 1); return err },
				"category":  func(tx *db.Tx) error { _, err := knowledge.SaveCategory(ctx, tx, knowledge.Category{}); return err },
				"synonyms":  func(tx *db.Tx) error { return knowledge.SetSynonyms(ctx, tx, nil) },
				"picture":   func(tx *db.Tx) error { _, err := knowledge.AddPicture(ctx, tx, knowledge.Picture{}); return err },
				"miss":      func(tx *db.Tx) error { return knowledge.ForgetMiss(ctx, tx, i18n.Korean, "x") },
			} {
				if err := s.Write(ctx, fn); problem.KindOf(err) != problem.Forbidden {
					t.Errorf("%s may %s: %v", name, what, err)
				}
			}
		}
		for what, fn := range map[string]func(tx *db.Tx) error{
			"get": func(tx *db.Tx) error { _, err := knowledge.Get(s.stranger, tx, id); return err },
			"list": func(tx *db.Tx) error {
				_, err := knowledge.List(s.stranger, tx, knowledge.Filter{Limit: 9})
				return err
			},
			"versions": func(tx *db.Tx) error { _, err := knowledge.Versions(s.stranger, tx, id, i18n.Korean); return err },
			"misses":   func(tx *db.Tx) error { _, err := knowledge.Misses(s.stranger, tx, 9); return err },
		} {
			if err := s.Read(s.stranger, fn); problem.KindOf(err) != problem.Forbidden {
				t.Errorf("a stranger may %s: %v", what, err)
			}
		}
	})
}

func TestListsOfTheTeam(t *testing.T) {
	each(t, func(t *testing.T, s *shelf) {
		draft := s.writes(article{ko: "초안", koText: "가"})
		live := s.shows(article{ko: "공개", en: "Public"})
		changed := s.shows(article{ko: "고침", en: "Changed"})
		s.edits(changed, i18n.Korean, knowledge.Words{Body: "다른 글"})
		behind := s.shows(article{ko: "뒤", en: "Behind"})
		s.edits(behind, i18n.Korean, knowledge.Words{Body: "다른 글"})
		s.publishes(behind, false, i18n.Korean)
		issue := s.shows(article{ko: "알려진 문제", issue: knowledge.Open})
		away := s.shows(article{ko: "보관"})
		s.do(func(ctx context.Context, tx *db.Tx) error {
			if err := knowledge.Archive(ctx, tx, away, true); err != nil {
				return err
			}
			_, err := knowledge.Save(ctx, tx, live, knowledge.Edit{Audience: knowledge.Everybody, Owner: 7, ReviewAt: tx.Now().Add(time.Hour)})
			return err
		})
		s.Clock.Advance(2 * time.Hour)
		for state, want := range map[knowledge.State][]knowledge.ID{knowledge.Drafts: {draft}, knowledge.Unsaid: {changed}, knowledge.Behind: {behind}, knowledge.Issues: {issue},
			knowledge.Away: {away}, knowledge.ReviewDue: {live}, knowledge.Live: {issue, behind, changed, live}, knowledge.AnyState: {issue, behind, changed, live, draft}} {
			s.do(func(ctx context.Context, tx *db.Tx) error {
				list, err := knowledge.List(ctx, tx, knowledge.Filter{State: state, Limit: 50})
				var got []knowledge.ID
				for _, a := range list {
					got = append(got, a.ID)
				}
				if !slices.Equal(got, want) {
					t.Errorf("%q: %v, want %v", state, got, want)
				}
				if n, err := knowledge.Count(ctx, tx, state); err != nil || n != len(want) {
					t.Errorf("%q: counted %d, %v", state, n, err)
				}
				return err
			})
		}
		s.do(func(ctx context.Context, tx *db.Tx) error {
			list, err := knowledge.List(ctx, tx, knowledge.Filter{Words: "공개", Owner: 7, Limit: 50})
			if len(list) != 1 || list[0].ID != live {
				t.Errorf("by words: %v", list)
			}
			return err
		})
	})
}

func TestCategories(t *testing.T) {
	each(t, func(t *testing.T, s *shelf) {
		var top, under knowledge.CategoryID
		s.do(func(ctx context.Context, tx *db.Tx) (err error) {
			if top, err = knowledge.SaveCategory(ctx, tx, knowledge.Category{Name: map[i18n.Locale]string{i18n.Korean: "고장과 수리", i18n.English: "Faults"}}); err != nil {
				return err
			}
			under, err = knowledge.SaveCategory(ctx, tx, knowledge.Category{Parent: top, Name: map[i18n.Locale]string{i18n.Korean: "조광기"}})
			return err
		})
		s.refused(problem.Invalid, func(ctx context.Context, tx *db.Tx) error {
			_, err := knowledge.SaveCategory(ctx, tx, knowledge.Category{Parent: under, Name: map[i18n.Locale]string{i18n.Korean: "셋째 층"}})
			return err
		})
		s.refused(problem.Conflict, func(ctx context.Context, tx *db.Tx) error { return knowledge.RemoveCategory(ctx, tx, top) })
		shelves := func(l i18n.Locale) (list []knowledge.Category) {
			if err := s.Read(s.stranger, func(tx *db.Tx) (err error) { list, err = knowledge.Shelves(s.stranger, tx, l); return err }); err != nil {
				t.Fatal(err)
			}
			return list
		}
		s.shows(article{ko: "안 보이는 글", category: under, audience: knowledge.Internal})
		if got := shelves(i18n.Korean); len(got) != 0 {
			t.Errorf("a category without anything to read is shown: %v", got)
		}
		s.shows(article{ko: "깜빡임", category: under})
		if got := shelves(i18n.Korean); len(got) != 1 || got[0].Total() != 1 || len(got[0].Under) != 1 || got[0].Called(i18n.English) != "Faults" {
			t.Errorf("%+v", got)
		}
		if got := shelves(i18n.English); len(got) != 0 {
			t.Errorf("in English there is nothing: %v", got)
		}
		empty := knowledge.CategoryID(0)
		s.do(func(ctx context.Context, tx *db.Tx) (err error) {
			empty, err = knowledge.SaveCategory(ctx, tx, knowledge.Category{Name: map[i18n.Locale]string{i18n.English: "Empty"}})
			if err == nil {
				err = knowledge.RemoveCategory(ctx, tx, empty)
			}
			return err
		})
	})
}

func TestVotesCountAVisitorOnce(t *testing.T) {
	each(t, func(t *testing.T, s *shelf) {
		id := s.shows(article{ko: "반품"})
		p, err := s.reads(s.stranger, i18n.Korean, "반품")
		if err != nil {
			t.Fatal(err)
		}
		s.do(func(ctx context.Context, tx *db.Tx) error {
			for _, v := range []struct {
				who string
				yes bool
			}{{"a", true}, {"b", true}, {"c", false}, {"a", false}, {"a", true}} {
				if err := knowledge.Vote(ctx, tx, p, v.who, v.yes); err != nil {
					return err
				}
			}
			if err := knowledge.AddReads(ctx, tx, map[knowledge.ID]int{id: 5}); err != nil {
				return err
			}
			m, err := knowledge.VotesOf(ctx, tx, id)
			if m[id] != (knowledge.Votes{Yes: 2, No: 1}) || m[id].Share() != 67 || (knowledge.Votes{}).Share() != -1 {
				t.Errorf("%+v", m)
			}
			return err
		})
		if s.get(id).Reads != 5 {
			t.Error("reads are not counted")
		}
	})
}

func TestCompare(t *testing.T) {
	var got strings.Builder
	for _, l := range knowledge.Compare("가\n나\n다", "가\n다\n라") {
		got.WriteByte(l.Mark)
		got.WriteString(l.Text)
	}
	if got.String() != " 가-나 다+라" {
		t.Errorf("%q", got.String())
	}
}

func TestSlugs(t *testing.T) {
	for title, want := range map[string]string{"조광기가 깜빡일 때": "조광기가-깜빡일-때", "How do I return it?": "how-do-i-return-it", "  --!": "", "Don't panic": "dont-panic", "a/../b": "a-b", strings.Repeat("가", 200): strings.Repeat("가", 80)} {
		if got := knowledge.Slug(title); got != want {
			t.Errorf("%q: %q", title, got)
		}
	}
	each(t, func(t *testing.T, s *shelf) {
		s.shows(article{ko: "반품"})
		second := s.shows(article{ko: "반품"})
		if got := s.get(second).Texts[i18n.Korean].Slug; got != "반품-2" {
			t.Errorf("the second article of that name is at %q", got)
		}
	})
}
