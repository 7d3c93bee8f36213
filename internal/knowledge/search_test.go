package knowledge_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/knowledge"
)

func TestSearch(t *testing.T) {
	each(t, func(t *testing.T, s *shelf) {
		s.shows(article{ko: "배송은 며칠 걸리나요", koText: "오후 5시 전에 주문하면 다음 날 도착해요.", en: "How long does delivery take", enText: "Order before five and it arrives the next day."})
		s.shows(article{ko: "새벽 배송 지역", koText: "서울과 경기에 보내요."})
		s.shows(article{ko: "반품하기", koText: "받은 날부터 14일 안에 돌려보내요. 배송비는 저희가 내요.", en: "Return a lamp", enText: "Send it back within 14 days."})
		s.shows(article{ko: "조광기가 깜빡일 때", koText: "코드를 뽑고 10초 기다려요.", en: "When the dimmer flickers", enText: "Unplug the lamp."})
		s.do(func(ctx context.Context, tx *db.Tx) error {
			return knowledge.SetSynonyms(ctx, tx, [][]string{{"배송", "택배", "shipping"}, {"return", "refund", "send back"}})
		})
		for _, c := range []struct {
			locale     i18n.Locale
			query, why string
			want       string // titles, the first ones
		}{
			{i18n.Korean, "배송", "titles stand before texts", "배송은 며칠 걸리나요,새벽 배송 지역,반품하기"},
			{i18n.Korean, "배송이 며칠", "a particle", "배송은 며칠 걸리나요"},
			{i18n.Korean, "새벽배송", "no space", "새벽 배송 지역"},
			{i18n.Korean, "새벽 배송", "a space", "새벽 배송 지역"},
			{i18n.Korean, "qothd 며칠", "the wrong keyboard", "배송은 며칠 걸리나요"},
			{i18n.Korean, "베송 며칠", "a wrong letter", "배송은 며칠 걸리나요"},
			{i18n.Korean, "조강기", "a wrong letter in the middle", "조광기가 깜빡일 때"},
			{i18n.Korean, "조과기", "a missing letter", "조광기가 깜빡일 때"},
			{i18n.Korean, "택배 며칠", "a synonym", "배송은 며칠 걸리나요"},
			{i18n.Korean, "반품은 어떻게 하나요?", "words that say nothing", "반품하기"},
			{i18n.Korean, "조광기 보증 기간", "some of the words", "조광기가 깜빡일 때"},
			{i18n.English, "flicker", "the beginning of a word", "When the dimmer flickers"},
			{i18n.English, "flickering dimmer", "another ending", "When the dimmer flickers"},
			{i18n.English, "delivrey", "two letters changed places", "How long does delivery take"},
			{i18n.English, "ㅇ디ㅑㅍㄷ교", "English on a Korean keyboard", "How long does delivery take"},
			{i18n.English, "refund", "a synonym", "Return a lamp"},
			{i18n.English, "how to return", "words that say nothing", "Return a lamp"},
			{i18n.English, "배송", "the other language", ""},
			{i18n.Korean, "우주선", "nothing", ""},
			{i18n.Korean, "", "nothing asked", ""},
			{i18n.Korean, `"'); DROP * OR`, "signs", ""},
		} {
			var titles []string
			for _, h := range s.finds(s.stranger, c.locale, c.query) {
				titles = append(titles, h.Title)
			}
			if got := strings.Join(titles, ","); got != c.want && (c.want == "" || !strings.HasPrefix(got, c.want)) {
				t.Errorf("%q (%s) finds %q, not %q", c.query, c.why, got, c.want)
			}
		}
		hits := s.finds(s.stranger, i18n.Korean, "10초")
		if len(hits) != 1 || len(hits[0].Excerpt.Hits) != 1 || !strings.Contains(hits[0].Excerpt.Text, "10초") {
			t.Errorf("the excerpt: %+v", hits)
		}
	})
}

// What is said aside in a box is quoted inside; a hit shows its words without the sign of a quote.
func TestAHitShowsNoSignOfAQuote(t *testing.T) {
	each(t, func(t *testing.T, s *shelf) {
		s.shows(article{en: "Deliveries", enText: "We send the parcel.\n\n> [!NOTE]\n> Nothing leaves on Sundays, a > b."})
		hits := s.finds(s.stranger, i18n.English, "Sundays")
		if len(hits) != 1 || !strings.Contains(hits[0].Excerpt.Text, "parcel. Nothing leaves on Sundays, a > b.") {
			t.Errorf("%+v", hits)
		}
	})
}

func TestMissesAreCountedWithoutPeople(t *testing.T) {
	each(t, func(t *testing.T, s *shelf) {
		s.do(func(ctx context.Context, tx *db.Tx) error {
			for _, q := range []string{"불빛이 떨려요", "불빛이  떨려요!", "디머", "010-1234-5678", "kim@example.com", "", strings.Repeat("가", 99)} {
				if err := knowledge.Missed(ctx, tx, i18n.Korean, q); err != nil {
					return err
				}
			}
			list, err := knowledge.Misses(ctx, tx, 10)
			if len(list) != 2 || list[0].Wanted != "불빛이 떨려요" || list[0].N != 2 || list[1].Wanted != "디머" {
				t.Errorf("%+v", list)
			}
			if err == nil {
				err = knowledge.ForgetMiss(ctx, tx, i18n.Korean, "디머")
			}
			if list, _ := knowledge.Misses(ctx, tx, 10); len(list) != 1 {
				t.Errorf("%+v", list)
			}
			return err
		})
	})
}

// TestNothingLeaks is T53: whatever is asked, nobody is shown what is not for him. Each canary is a word that stands nowhere else.
func TestNothingLeaks(t *testing.T) {
	each(t, func(t *testing.T, s *shelf) {
		canary := func(name string) string { return "까나리" + name + " canary" + name + " 배송" }
		full := func(a article, name string) article {
			a.ko, a.en, a.summary = canary(name), canary(name), canary(name)
			a.koText, a.enText = canary(name)+" 비밀", canary(name)+" secret"
			return a
		}
		open := s.shows(full(article{}, "open"))
		s.shows(full(article{audience: knowledge.Internal}, "internal"))
		s.shows(full(article{audience: knowledge.SignedIn}, "signedin"))
		s.shows(full(article{audience: knowledge.Segment, segment: "vip"}, "segment"))
		s.writes(full(article{}, "draft"))
		away := s.shows(full(article{}, "away"))
		gone := s.shows(full(article{}, "gone"))
		once := s.shows(full(article{}, "once"))
		s.edits(open, i18n.Korean, knowledge.Words{Title: canary("unsaid"), Body: canary("unsaid"), Slug: "canaryunsaid"})
		s.edits(once, i18n.Korean, knowledge.Words{Title: "지금", Summary: "지금", Body: "지금", Slug: "지금"})
		s.publishes(once, false, i18n.Korean)
		s.do(func(ctx context.Context, tx *db.Tx) error {
			if err := knowledge.Archive(ctx, tx, away, true); err != nil {
				return err
			}
			for _, l := range i18n.Locales() {
				if err := knowledge.Unpublish(ctx, tx, gone, l); err != nil {
					return err
				}
			}
			return nil
		})
		vip := knowledge.For(t.Context(), knowledge.Reader{SignedIn: true, Tags: []string{"vip", "other"}})
		plainMember := knowledge.For(s.editor, knowledge.Reader{}) // somebody of the team in the help centre
		tries := 0
		for name, r := range map[string]struct {
			ctx  context.Context
			sees []string
		}{
			"stranger": {s.stranger, []string{"open", "once"}}, "customer": {s.customer, []string{"open", "once", "signedin"}}, "vip": {vip, []string{"open", "once", "signedin", "segment"}},
			"colleague": {plainMember, []string{"open", "once"}}, "nobody": {t.Context(), []string{"open", "once"}},
		} {
			for _, c := range []string{"open", "internal", "signedin", "segment", "draft", "away", "gone", "unsaid", "once"} {
				sees := strings.Contains(strings.Join(r.sees, " ")+" ", c+" ")
				for _, l := range i18n.Locales() {
					if c == "once" && l == i18n.Korean {
						sees = false // that version is old
					}
					for _, query := range []string{"까나리" + c, "canary" + c, canary(c), "qothd canary" + c} {
						tries++
						for _, h := range s.finds(r.ctx, l, query) {
							if shown := fmt.Sprint(h.Title, h.Summary, h.Plain, h.HTML, h.Excerpt.Text); strings.Contains(shown, "canary"+c) && !sees {
								t.Errorf("%s finds %s by %q: %s", name, c, query, shown)
							}
						}
					}
					for _, slug := range []string{knowledge.Slug(canary(c)), "canary" + c} {
						tries++
						p, err := s.reads(r.ctx, l, slug)
						p.Also = nil // the other language's address is for everybody who sees that one
						if shown := fmt.Sprint(p); strings.Contains(shown, "canary"+c) && !sees {
							t.Errorf("%s reads %s: %s", name, c, shown)
						}
						if err != nil && problem.KindOf(err) != problem.NotFound {
							t.Error(err)
						}
					}
				}
			}
			s.nowhere(t, name, r.ctx, r.sees)
			tries += 5
		}
		if tries < 200 {
			t.Errorf("only %d tries", tries)
		}
	})
}

// nowhere looks at all that is listed for a reader.
func (s *shelf) nowhere(t *testing.T, name string, ctx context.Context, sees []string) {
	t.Helper()
	err := s.Read(ctx, func(tx *db.Tx) error {
		all, err := knowledge.AllPages(ctx, tx)
		if err != nil {
			return err
		}
		shown := fmt.Sprint(all)
		for _, p := range all {
			related, err := knowledge.Related(ctx, tx, p, 5)
			if err != nil {
				return err
			}
			list, err := knowledge.Pages(ctx, tx, p.Locale, knowledge.Find{})
			if err != nil {
				return err
			}
			shown += fmt.Sprint(related, list, p.Also)
		}
		for _, c := range []string{"internal", "signedin", "segment", "draft", "away", "gone", "unsaid"} {
			if strings.Contains(shown, "canary"+c) && !strings.Contains(strings.Join(sees, " "), c) {
				t.Errorf("%s is shown %s", name, c)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestPicturesOfDraftsAreNotShown(t *testing.T) {
	each(t, func(t *testing.T, s *shelf) {
		var pic knowledge.PictureID
		s.do(func(ctx context.Context, tx *db.Tx) (err error) {
			pic, err = knowledge.AddPicture(ctx, tx, knowledge.Picture{Blob: "b", Type: "image/png", Size: 3})
			return err
		})
		seen := func(ctx context.Context) bool {
			err := s.Read(ctx, func(tx *db.Tx) error { _, err := knowledge.GetPicture(ctx, tx, pic); return err })
			return err == nil
		}
		id := s.writes(article{ko: "그림", koText: "![다이얼](" + pic.String() + ")"})
		if seen(s.stranger) || !seen(s.editor) {
			t.Error("the picture of a draft")
		}
		s.publishes(id, false, i18n.Korean)
		if !seen(s.stranger) {
			t.Error("the picture of an article")
		}
		s.edits(id, i18n.Korean, knowledge.Words{Body: "그림 없이"})
		s.publishes(id, false, i18n.Korean)
		if seen(s.stranger) {
			t.Error("the picture of an old version")
		}
	})
}

func TestPlainLanguage(t *testing.T) {
	for text, want := range map[string]string{
		"ko:코드를 뽑아요. 10초 기다려요.":                       "",
		"ko:무료 교환 대상이에요.":                             "",
		"ko:상품을 수령하신 후 금일 중으로 송부해요.":                  "jargon jargon jargon",
		"ko:코드를 뽑으십시오. 10초 기다려요.":                     "mixed",
		"ko:" + strings.Repeat("아주 ", 30) + "길어요.":    "long",
		"en:Unplug the lamp. Wait ten seconds.":       "",
		"en:Please utilize the plug.":                 "jargon",
		"en:" + strings.Repeat("very ", 30) + "long.": "long",
	} {
		var kinds []string
		p := knowledge.Check(i18n.Locale(text[:2]), text[3:])
		for _, r := range p.Remarks {
			kinds = append(kinds, r.Kind)
		}
		if got := strings.Join(kinds, " "); got != want || (want == "") != (p.Score == 100) {
			t.Errorf("%s: %q %d", text, got, p.Score)
		}
	}
}

func FuzzSearch(f *testing.F) {
	f.Add("qothd 배송이 \"x\" a-b")
	f.Fuzz(func(t *testing.T, q string) { knowledge.Check(i18n.Korean, q); _ = knowledge.Slug(q) })
}
