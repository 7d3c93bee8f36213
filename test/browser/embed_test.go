package browser

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/form"
	"baraji/internal/kit/db"
	"baraji/test/rig"
	"baraji/test/rig/browser"
)

// elsewhere is a site of the firm on another host than the desk, with a page of the body given.
func elsewhere(t *testing.T, body string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><html lang=ko><meta name=viewport content="width=device-width"><title>수리</title><link rel=icon href="data:,"><main><h1>수리 신청</h1>%s</main></html>`, body)
	}))
	t.Cleanup(s.Close)
	return strings.Replace(s.URL, "127.0.0.1", "localhost", 1)
}

// asks is a form of the shop that a site elsewhere may show.
func (p place) asks(t *testing.T, slug string, origins ...string) {
	t.Helper()
	p.as.Do(func(ctx context.Context, tx *db.Tx) error {
		text := func(s string) form.Text { return form.Text{"ko": s, "en": s} }
		made, err := form.Create(ctx, tx, form.Form{Name: slug, Slug: slug, Inbox: p.Inbox.ID, Definition: form.Definition{Title: text("수리 신청"), Thanks: text("잘 받았어요."), Origins: origins, Fields: []form.Field{
			{Key: "email", Kind: form.Email, Label: text("메일 주소"), Required: true},
			{Key: "more", Kind: form.Choice, Label: text("더 쓸까요"), Choices: []form.Option{{Value: "yes", Label: text("네")}, {Value: "no", Label: text("아니요")}}},
			{Key: "extra", Kind: form.Long, Label: text("더 자세히"), When: &form.Condition{Field: "more", Is: []string{"yes"}}},
			{Key: "text", Kind: form.Long, Label: text("내용"), Required: true}}}})
		if err != nil {
			return err
		}
		return form.SetState(ctx, tx, made.ID, form.Live)
	})
}

func (p place) sent(t *testing.T, text string) (n int) {
	t.Helper()
	p.as.Do(func(ctx context.Context, tx *db.Tx) error {
		list, _, err := conversation.List(ctx, tx, conversation.Filter{}, conversation.Page{Limit: 200})
		if err != nil {
			return err
		}
		for _, c := range list {
			if c.Channel != form.Channel {
				continue
			}
			said, err := conversation.Messages(ctx, tx, c.ID, 0, 5)
			if err != nil {
				return err
			}
			for _, m := range said {
				if strings.Contains(m.Text, text) {
					n++
				}
			}
		}
		return nil
	})
	return n
}

// into runs a script in the frame that shows a page of ours, until it is true.
func (p place) into(t *testing.T, tab *browser.Tab, what, script string) {
	t.Helper()
	for end := time.Now().Add(15 * time.Second); ; time.Sleep(30 * time.Millisecond) {
		if got, ok := browser.InFrame(tab, p.URL, script); ok && got {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%s: not within 15 s", what)
		}
	}
}

// A form stands in a page of another site: it is as tall as it has to be, says what is wrong, sends once and says thanks.
func TestAFormOnAnotherSite(t *testing.T) {
	rig.Need(t, "chromium")
	shop := shop(t)
	site := elsewhere(t, `<script src="`+shop.URL+`/f/embed.js" data-form="care" async></script>`)
	shop.asks(t, "care", site)
	tab := browser.Open(t).Tab(t)
	tab.Allow("status of 422")
	tab.Size(900, 800)
	tab.Go(site)
	shop.into(t, tab, "the form is there", `!!document.querySelector("#f-text")`)
	tall := func() float64 {
		return browser.Eval[float64](tab, `document.querySelector("iframe").getBoundingClientRect().height`)
	}
	fits := `Math.abs(document.querySelector("main").getBoundingClientRect().height + 8 - innerHeight) < 2`
	shop.into(t, tab, "it is as tall as the form", fits)
	before := tall()
	shop.into(t, tab, "a question comes up", `(document.querySelector("[name=more][value=yes]").click(), document.querySelector("#f-extra").checkVisibility())`)
	shop.into(t, tab, "and it grows", fits)
	if after := tall(); after <= before {
		t.Errorf("%v px before, %v px after", before, after)
	}
	shop.into(t, tab, "sent", `(document.querySelector("#f-email").value = "nobody", document.querySelector("form button[type=submit]").click(), true)`)
	shop.into(t, tab, "it says what is wrong", `!!document.querySelector(".field__error")`)
	shop.Clock.Advance(time.Minute)
	shop.into(t, tab, "sent again", `(document.querySelector("#f-email").value = "far@customer.example", document.querySelector("#f-text").value = "다른 사이트에서 썼어요", document.querySelector("form button[type=submit]").click(), true)`)
	shop.into(t, tab, "it says thanks", `document.body.innerText.includes("잘 받았어요.")`)
	if n := shop.sent(t, "다른 사이트에서 썼어요"); n != 1 {
		t.Errorf("it is there %d times", n)
	}
	if wide := browser.Eval[int](tab, "document.documentElement.scrollWidth - innerWidth"); wide > 0 {
		t.Errorf("the page is %d px too wide", wide)
	}

	// A site that is not named may not show it.
	other := elsewhere(t, `<script src="`+shop.URL+`/f/embed.js" data-form="care" async></script>`)
	stranger := browser.Open(t).Tab(t)
	stranger.Allow("frame-ancestors|Framing|ERR_BLOCKED|chrome-error")
	stranger.Go(other)
	stranger.Wait("iframe")
	if got, ok := browser.InFrame(stranger, shop.URL, `!!document.querySelector("#f-text")`); ok && got {
		t.Error("a site that is not named shows it")
	}
}

// The same without a script; and nothing is stored in the browser, so it is all one whether it would.
func TestAFormWithoutScriptsOrCookies(t *testing.T) {
	rig.Need(t, "chromium")
	shop := shop(t)
	site := elsewhere(t, `<iframe sandbox="allow-forms allow-same-origin" src="`+shop.URL+`/f/bare/embed?lang=ko" width=700 height=900 title="수리"></iframe>`)
	shop.asks(t, "bare", site)
	tab := browser.Open(t).Tab(t)
	tab.Allow("sandboxed|Blocked script")
	tab.Size(900, 1000)
	tab.Go(site)
	shop.into(t, tab, "every question is there", `!!document.querySelector("#f-text") && document.querySelector("#f-extra").checkVisibility()`)
	shop.Clock.Advance(time.Minute)
	shop.into(t, tab, "sent", `(document.querySelector("#f-email").value = "bare@customer.example", document.querySelector("#f-text").value = "스크립트 없이", document.querySelector("form button[type=submit]").click(), true)`)
	shop.into(t, tab, "it says thanks", `document.body.innerText.includes("잘 받았어요.")`)
	if n := shop.sent(t, "스크립트 없이"); n != 1 {
		t.Errorf("it is there %d times", n)
	}
	if page := shop.Stranger().Get("/f/bare/embed"); len(page.Header.Values("Set-Cookie")) > 0 {
		t.Errorf("it sets %v", page.Header.Values("Set-Cookie"))
	}
}

// A widget whose browser loses the network: what is written waits, over a reload too, and goes when the network is back.
func TestAChatOverALostNetwork(t *testing.T) {
	rig.Need(t, "chromium")
	d, chrome := openDesk(t), browser.Open(t)
	url, inbox := site(t, d, "ko")
	tab := chrome.Tab(t)
	tab.Allow("ERR_|Failed to fetch|status of 404")
	tab.Go(url)
	until(t, tab, "it is there", `w && w.querySelector(".launch")`)
	browser.Eval[bool](tab, inside(`(Baraji.open(), w.querySelector("[name=name]").value = "하람", w.querySelector("textarea").focus(), true)`))
	tab.Offline(true)
	tab.Press("지금 되나요?\r")
	until(t, tab, "it waits", shows("연결되면 보낼게요"))
	tab.Offline(false)
	until(t, tab, "it is sent by itself", `w.querySelectorAll("article.mine").length === 1 && !w.querySelector("article.mine .state")`)
	var list struct{ Items []struct{ Subject string } }
	d.API("GET", "/conversations?inbox="+inbox, nil).Into(&list)
	if len(list.Items) != 1 || list.Items[0].Subject != "지금 되나요?" {
		t.Errorf("talks: %+v", list.Items)
	}
}
