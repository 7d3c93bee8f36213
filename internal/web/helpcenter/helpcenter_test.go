package helpcenter_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/i18n"
	"baraji/internal/knowledge"
	"baraji/test/rig/house"
)

// centre is a shop with a help centre.
type centre struct {
	*house.House
	t      testing.TB
	faults knowledge.CategoryID
}

func each(t *testing.T, fn func(t *testing.T, c *centre)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *dbtest.Desk) {
		c := &centre{House: house.New(t, d).Furnish(), t: t}
		c.Mina.Do(func(ctx context.Context, tx *db.Tx) (err error) {
			c.faults, err = knowledge.SaveCategory(ctx, tx, knowledge.Category{Icon: "wrench", Slug: "repair", Name: map[i18n.Locale]string{i18n.Korean: "고장과 수리", i18n.English: "Faults and repair"}})
			return err
		})
		fn(t, c)
	})
}

type words struct {
	ko, en, text string
	audience     knowledge.Audience
	issue        knowledge.Issue
	draft        bool
}

func (c *centre) shows(w words) (id knowledge.ID) {
	c.t.Helper()
	if w.audience == "" {
		w.audience = knowledge.Everybody
	}
	c.Mina.Do(func(ctx context.Context, tx *db.Tx) (err error) {
		if id, err = knowledge.Create(ctx, tx, knowledge.Draft{}); err != nil {
			return err
		}
		e := knowledge.Edit{Audience: w.audience, Category: c.faults, Issue: w.issue, Texts: map[i18n.Locale]knowledge.Words{}}
		var locales []i18n.Locale
		for l, title := range map[i18n.Locale]string{i18n.Korean: w.ko, i18n.English: w.en} {
			if title != "" {
				e.Texts[l] = knowledge.Words{Title: title, Summary: title + ".", Body: w.text + "\n\n" + title}
				locales = append(locales, l)
			}
		}
		if _, err = knowledge.Save(ctx, tx, id, e); err != nil || w.draft {
			return err
		}
		return knowledge.Publish(ctx, tx, id, false, locales...)
	})
	return id
}

func TestTheHelpCentreIsRead(t *testing.T) {
	each(t, func(t *testing.T, c *centre) {
		reader := c.Stranger()
		reader.Get("/hc/ko/").Is(200).Says("무엇을 도와드릴까요?", "아직 글이 없어요")
		id := c.shows(words{ko: "조광기가 깜빡일 때", en: "When the dimmer flickers", text: "1. **코드(전선)**를 뽑아요.\n2. 기다려요."})
		c.shows(words{ko: "불이 켜지지 않을 때", text: "전구를 봐요.", issue: knowledge.Open})
		reader.Get("/hc/ko/").Is(200).Says("고장과 수리", "글 2개", "조광기가 깜빡일 때", "알려진 문제", `hreflang="en"`, "WebSite")
		reader.Get("/hc/en/").Is(200).Says("How can we help?", "Faults and repair", "1 article").Hides("조광기", "불이")
		reader.Get("/hc/ko/c/repair").Is(200).Says("조광기가 깜빡일 때", "BreadcrumbList")
		page := reader.Get("/hc/ko/a/조광기가-깜빡일-때").Is(200).Says(`<ol class="do">`, "<strong>코드(전선)</strong>를", "해결됐나요?", "TechArticle", `hreflang="ko"`, `rel="canonical"`, "불이 켜지지 않을 때", "mailto:")
		if page.Header.Get("Set-Cookie") != "" || !strings.HasPrefix(page.Header.Get("Cache-Control"), "public") {
			t.Errorf("nobody can keep the page: %v", page.Header)
		}
		if again := reader.Get("/hc/ko/a/조광기가-깜빡일-때", "If-None-Match", page.Header.Get("ETag")); again.Status != http.StatusNotModified || again.Body != "" {
			t.Errorf("the same page is sent again: %d", again.Status)
		}
		reader.Get("/hc/ko/a/불이-켜지지-않을-때").Is(200).Says("저희도 알고 있고")
		c.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
			a, err := knowledge.Get(ctx, tx, id)
			if err != nil {
				return err
			}
			w := a.Texts[i18n.Korean]
			if _, err := knowledge.Save(ctx, tx, id, knowledge.Edit{Audience: a.Audience, Category: a.Category, Texts: map[i18n.Locale]knowledge.Words{i18n.Korean: {Title: w.Title, Body: w.Body, Slug: "dimmer"}}}); err != nil {
				return err
			}
			return knowledge.Publish(ctx, tx, id, true, i18n.Korean)
		})
		if moved := reader.Get("/hc/ko/a/조광기가-깜빡일-때"); moved.Status != http.StatusMovedPermanently || moved.To != "/hc/ko/a/dimmer" {
			t.Errorf("the old address: %d %s", moved.Status, moved.To)
		}
		reader.Get("/hc/").Is(303)
	})
}

func TestSearching(t *testing.T) {
	each(t, func(t *testing.T, c *centre) {
		c.shows(words{ko: "배송은 며칠 걸리나요", en: "How long delivery takes", text: "다음 날 와요."})
		reader := c.Stranger()
		reader.Get("/hc/ko/search?q=qothd").Is(200).Says("<mark>배송</mark>은 며칠 걸리나요", "noindex")
		reader.Get("/hc/ko/search?part=1&q=배송").Is(200).Says("typed__list").Hides("<html")
		reader.Get("/hc/ko/search?q=우주선").Is(200).Says("글 0개", "많이 읽은 글", "배송은 며칠 걸리나요", "subject=%EC%9A%B0")
		reader.Get("/hc/ko/search?q=<script>alert(1)</script>").Is(200).Hides("<script>alert")
		reader.Get("/hc/en/search?q=").Is(200)
		c.Mina.Get("/knowledge/searches").Is(200).Says("우주선", "1 time")
		reader.Get("/hc/ko/a/배송은").Is(404).Says("여기에는 글이 없어요", "이 글을 찾으셨나요?", "배송은 며칠 걸리나요")
		for _, lost := range []string{"/hc/fr/", "/hc/ko/nothing", "/hc/KO/", "/hc/ko/c/nothing", "/hc/ko/picture/pic_1", "/hc/ko/a/b/c"} {
			reader.Get(lost).Is(404).Says("hero__find")
		}
	})
}

func TestAVoteCountsOnceADay(t *testing.T) {
	each(t, func(t *testing.T, c *centre) {
		id := c.shows(words{ko: "반품", text: "14일"})
		reader := c.Stranger()
		vote := func(value string, headers ...string) house.Answer {
			return reader.Send("POST", "/hc/ko/a/반품", strings.NewReader("helpful="+value), append([]string{"Content-Type", "application/x-www-form-urlencoded"}, headers...)...)
		}
		if a := vote("yes"); a.Status != http.StatusSeeOther {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		vote("no")
		vote("yes", "User-Agent", "another")
		if a := vote("yes", "User-Agent", "evil", "Sec-Fetch-Site", "cross-site"); a.Status != http.StatusForbidden {
			t.Errorf("another site votes: %d", a.Status)
		}
		if a := vote("maybe"); a.Status < 400 {
			t.Errorf("maybe: %d", a.Status)
		}
		reader.Get("/hc/ko/a/반품?thanks").Is(200).Says("고마워요")
		c.Must(func(tx *db.Tx) error {
			m, err := knowledge.VotesOf(c.System(), tx, id)
			if m[id] != (knowledge.Votes{Yes: 1, No: 1}) {
				t.Errorf("%+v", m)
			}
			return err
		})
	})
}

// TestNothingLeaksIntoPages is T53 on every page: whoever asks, also somebody of the team, sees what a customer may.
func TestNothingLeaksIntoPages(t *testing.T) {
	each(t, func(t *testing.T, c *centre) {
		c.shows(words{ko: "배송 안내", en: "Delivery", text: "공개"})
		for name, w := range map[string]words{"internal": {audience: knowledge.Internal}, "signed": {audience: knowledge.SignedIn}, "draft": {draft: true}} {
			w.ko, w.en, w.text = "배송 canary"+name, "Delivery canary"+name, "canary"+name
			w.issue = knowledge.Open
			c.shows(w)
		}
		for _, who := range []*house.Visitor{c.Stranger(), c.Mina} {
			for _, l := range i18n.Locales() {
				at := "/hc/" + string(l)
				pages := []string{at + "/", at + "/c/repair", "/hc/sitemap.xml", "/robots.txt", at + "/nothing"}
				for _, name := range []string{"internal", "signed", "draft"} {
					pages = append(pages, at+"/a/배송-canary"+name, at+"/a/delivery-canary"+name)
					for _, q := range []string{"canary" + name, "배송", "delivery", "canry" + name, "배송+canary" + name} {
						pages = append(pages, at+"/search?q="+q, at+"/search?part=1&q="+q)
					}
				}
				pages = append(pages, at+"/a/배송-안내", at+"/a/delivery")
				for _, path := range pages {
					found := who.Get(path)
					body := found.Body
					for _, asked := range []string{"internal", "signed", "draft"} { // what was asked for stands in the field, and in the address of the page
						if strings.Contains(path, "canary"+asked) || strings.Contains(path, "canry"+asked) {
							continue
						}
						if strings.Contains(body, "canary"+asked) {
							t.Errorf("%s shows %s", path, asked)
						}
					}
					if strings.Contains(found.Words(), "배송 canary") && !strings.Contains(path, "배송+canary") || strings.Contains(found.Words(), "Delivery canary") {
						t.Errorf("%s shows a title: %s", path, found.Words())
					}
					if strings.Contains(path, "/a/") && strings.Contains(path, "canary") && found.Status != 404 {
						t.Errorf("%s answers %d", path, found.Status)
					}
				}
			}
		}
	})
}

func TestPicturesOfTheHelpCentre(t *testing.T) {
	each(t, func(t *testing.T, c *centre) {
		var pic knowledge.PictureID
		png := []byte("\x89PNG\r\n\x1a\n0000")
		put, err := c.App.Blobs.Put(t.Context(), bytes.NewReader(png))
		if err != nil {
			t.Fatal(err)
		}
		c.Mina.Do(func(ctx context.Context, tx *db.Tx) (err error) {
			pic, err = knowledge.AddPicture(ctx, tx, knowledge.Picture{Blob: string(put.Key), Type: "image/png", Size: put.Size})
			return err
		})
		at := knowledge.PicturePath(i18n.Korean, pic)
		c.Stranger().Get(at).Is(404)
		c.Mina.Get(at).Is(200)
		c.shows(words{ko: "그림", text: "![다이얼](" + pic.String() + ")"})
		if got := c.Stranger().Get(at).Is(200); got.Header.Get("Content-Type") != "image/png" || got.Body != string(png) {
			t.Errorf("%v", got.Header)
		}
	})
}

// A page and all that it loads beside the fonts is at most 50 KB over the wire.
func TestAPageIsLight(t *testing.T) {
	each(t, func(t *testing.T, c *centre) {
		for i := range 30 {
			c.shows(words{ko: fmt.Sprintf("글 %d", i), text: strings.Repeat("조광기를 끝까지 돌린 다음 다시 꽂아요. ", 60)})
		}
		reader := c.Stranger()
		page := reader.Get("/hc/ko/a/글-3")
		total := 0
		for _, path := range []string{"/hc/ko/a/글-3", page.Find(`"(/static/help\.[0-9a-f]+\.css)"`), page.Find(`"(/static/help\.[0-9a-f]+\.js)"`), page.Find(`"(/static/icons\.[0-9a-f]+\.svg)#`), page.Find(`"(/static/mark\.[0-9a-f]+\.svg)"`)} {
			a := reader.Get(path, "Accept-Encoding", "br").Is(200)
			if a.Header.Get("Content-Encoding") == "" && len(a.Body) > 2000 {
				t.Errorf("%s is not compressed", path)
			}
			t.Logf("%s: %d", path, len(a.Body))
			total += len(a.Body)
		}
		t.Logf("together %d bytes", total)
		if total > 50_000 {
			t.Errorf("a page weighs %d bytes", total)
		}
	})
}
