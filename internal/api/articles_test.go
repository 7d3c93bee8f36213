package api

import (
	"context"
	"strings"
	"testing"

	"baraji/internal/kit/db"
	"baraji/internal/team"
)

// article is an article as it is read.
type article struct {
	ID, Locale, Title, Category, Audience, Status, URL string
	Locales                                            []string
	CategoryID                                         string `json:"category_id"`
	Changed                                            bool
}

// Articles are written, translated, published, found and put away; drafts and what is for the team only are found by
// nobody else (T53).
func TestArticles(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		write := func(more map[string]any) article {
			body := map[string]any{"title": "반품과 교환", "body": "# 반품\n\n받은 날부터 **7일** 안에 새벽배송 상품도 돌려보낼 수 있어요.", "locale": "ko", "status": "published", "category": "배송"}
			for k, v := range more {
				body[k] = v
			}
			return got[article](w.call(w.admin, "POST", "/articles", body), 201)
		}
		a := write(nil)
		if a.Status != "published" || a.Audience != "public" || a.Category != "배송" || a.CategoryID == "" || a.Locale != "ko" || !strings.HasPrefix(a.URL, "/hc/ko/a/") {
			t.Errorf("written: %+v", a)
		}
		draft := write(map[string]any{"title": "아직 반품 초안", "status": "draft"})
		if draft.Status != "draft" || draft.URL != "" || draft.CategoryID != a.CategoryID {
			t.Errorf("a draft: %+v", draft)
		}
		internal := write(map[string]any{"title": "반품 내부 규정", "audience": "internal"})
		vip := write(map[string]any{"title": "반품 단골 혜택", "audience": "vip"})
		if internal.Audience != "internal" || vip.Audience != "vip" {
			t.Errorf("audiences: %q, %q", internal.Audience, vip.Audience)
		}

		outsider := ""
		w.do(func(ctx context.Context, tx *db.Tx) (err error) {
			outsider, err = team.MakeRole(ctx, tx, team.Role{Title: "Outsider", Rights: []team.Right{team.Note}, See: team.SeeMine})
			return err
		})
		outsider = w.token(outsider)
		found := func(token, query string) (ids []string) {
			for _, h := range got[page[Hit]](w.call(token, "GET", "/articles/search?"+query, nil), 200).Items {
				ids = append(ids, h.ID)
				if h.Title == "" || h.Score <= 0 {
					t.Errorf("a hit: %+v", h)
				}
			}
			return ids
		}
		if ids := found(w.admin, "q=반품&locale=ko&limit=10"); len(ids) != 3 {
			t.Errorf("the team finds %v", ids)
		}
		if ids := found(w.admin, "q=qksvna&locale=ko&limit=1"); len(ids) != 1 {
			t.Errorf("with the wrong keyboard, one at most: %v", ids)
		}
		if ids := found(w.admin, "q=돌려보낼"); len(ids) != 3 {
			t.Errorf("in Hangul without a language: %v", ids)
		}
		if ids := found(outsider, "q=반품&locale=ko"); len(ids) != 1 || ids[0] != a.ID {
			t.Errorf("who may not read the team's articles finds %v", ids)
		}

		e := got[article](w.call(w.admin, "PATCH", "/articles/"+a.ID, map[string]any{"locale": "en", "title": "Returns", "body": "Within **seven** days.", "status": "published"}), 200)
		if e.Locale != "en" || len(e.Locales) != 2 || e.Status != "published" || e.Category != "배송" {
			t.Errorf("translated: %+v", e)
		}
		k := got[article](w.call(w.admin, "PATCH", "/articles/"+a.ID, map[string]any{"title": "반품"}), 200)
		if k.Locale != "ko" || k.Title != "반품" || !k.Changed || k.Status != "published" {
			t.Errorf("changed: %+v", k)
		}
		if l := got[page[article]](w.call(w.admin, "GET", "/articles?limit=2&category=배송", nil), 200); len(l.Items) != 2 || l.Next == nil || l.Items[0].ID != vip.ID {
			t.Errorf("listed: %+v", l)
		}
		if one := got[article](w.call(w.admin, "GET", "/articles/"+a.ID+"?locale=en", nil), 200); one.Title != "Returns" {
			t.Errorf("read in English: %+v", one)
		}
		down := got[article](w.call(w.admin, "PATCH", "/articles/"+a.ID, map[string]any{"status": "draft"}), 200)
		if down.Status != "draft" || len(found(outsider, "q=반품&locale=ko")) != 0 {
			t.Errorf("taken down: %+v", down)
		}
		w.call(w.admin, "DELETE", "/articles/"+a.ID, nil).want(204)
		w.call(w.admin, "GET", "/articles/"+a.ID, nil).want(404)
		w.call(w.admin, "DELETE", "/articles/"+a.ID, nil).want(404)
		w.call(outsider, "GET", "/articles/"+draft.ID, nil).want(403)
		w.call(w.admin, "POST", "/articles", map[string]any{"title": "", "body": "x", "locale": "ko"}).want(422)
		w.call(w.admin, "POST", "/articles", map[string]any{"title": "x", "body": "x", "locale": "fr"}).want(422)
		w.call(w.admin, "PATCH", "/articles/"+draft.ID, map[string]any{"category": "cat_0000000000zz1"}).want(422)
	})
}
