package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"baraji/test/rig"
	"baraji/test/rig/browser"
)

// site is a page of the firm, elsewhere than the desk, with the widget on it.
func site(t *testing.T, d *desk, lang string) (url, inbox string) {
	t.Helper()
	a := d.API("POST", "/inboxes", map[string]any{"name": "채팅 " + lang, "channel": "chat", "widget": map[string]any{"ask_name": true}})
	var made struct{ ID, Address string }
	if a.Status != 201 || a.Into(&made) != nil {
		t.Fatalf("POST /inboxes: %d %s", a.Status, a.Body)
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; img-src data:; script-src "+d.URL+"; connect-src "+d.URL) // as strict as a shop can be
		fmt.Fprintf(w, `<!doctype html><html lang=%s><meta name=viewport content="width=device-width"><title>달항아리 램프</title><link rel=icon href="data:,"><main><h1>달항아리 램프</h1><p>388,000원</p></main>
			<script src="%s/widget.js?key=%s" async></script></html>`, lang, d.URL, made.Address)
	}))
	t.Cleanup(s.Close)
	return s.URL, made.ID
}

// inside is a script that looks into the widget as w.
func inside(script string) string {
	return `(() => { const w = document.querySelector("[data-baraji]")?.shadowRoot; return ` + script + ` })()`
}

func until(t *testing.T, tab *browser.Tab, what, script string) {
	t.Helper()
	for end := time.Now().Add(15 * time.Second); !browser.Eval[bool](tab, `!!`+inside(script)); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within 15 s: %s", what, browser.Eval[string](tab, inside(`(w ? w.querySelector(".panel").innerText : "no widget")`)))
		}
	}
}

// says reads the talk, a line for each bubble.
func says(tab *browser.Tab) string {
	return browser.Eval[string](tab, inside(`[...w.querySelectorAll("article")].map(a => (a.className === "mine" ? "> " : "< ") + a.querySelector(".body").innerText).join("\n")`))
}

func shows(text string) string {
	return `w && w.querySelector(".log").innerText.includes("` + text + `")`
}

// A visitor in one browser, an agent in another: both ways, through a reload, with the desk gone, and with Hangul.
func TestAChat(t *testing.T) {
	rig.Need(t, "chromium")
	d, chrome := openDesk(t), browser.Open(t)
	url, inbox := site(t, d, "ko")
	tab := chrome.Tab(t)
	tab.Allow("ERR_|status of 404|Failed to fetch")
	tab.Size(1280, 800)
	tab.Go(url)
	until(t, tab, "it is there", `w && w.querySelector(".launch")`)
	browser.Eval[bool](tab, inside(`(w.querySelector(".launch").click(), true)`))
	until(t, tab, "it asks for the name first", `w.activeElement && w.activeElement.name === "name"`)
	tab.Press("하람")
	browser.Eval[bool](tab, inside(`(w.querySelector("textarea").focus(), true)`))

	// The Enter that ends a syllable sends nothing; the next one sends, once.
	tab.Composing("ㅇ", "아", "안", "안ㄴ", "안녀", "안녕")
	browser.Eval[bool](tab, inside(`(w.querySelector("textarea").dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", isComposing: true, bubbles: true, composed: true, cancelable: true})), true)`))
	tab.Compose("안녕")
	if got := says(tab); strings.Contains(got, ">") {
		t.Errorf("while a syllable is written it sends: %s", got)
	}
	tab.Press("하세요?")
	tab.Press(kb.Enter)
	talk := ""
	for end := time.Now().Add(10 * time.Second); talk == ""; time.Sleep(20 * time.Millisecond) {
		var list struct {
			Items []struct{ ID, InboxID, Subject, Channel string }
		}
		d.API("GET", "/conversations?inbox="+inbox, nil).Into(&list)
		if len(list.Items) > 0 {
			talk = list.Items[0].ID
			if list.Items[0].Subject != "안녕하세요?" || len(list.Items) != 1 {
				t.Errorf("talks: %+v", list.Items)
			}
		} else if time.Now().After(end) {
			t.Fatalf("nothing came in; the widget shows %s", says(tab))
		}
	}
	until(t, tab, "the name is not asked twice", `w.querySelector(".card").hidden`)

	// The agent sees him write, and answers.
	mina := d.at(t, chrome, d.URL, "mina", "/inbox/"+talk+"?view=unassigned")
	mina.Allow("ERR_|Failed to fetch|status of 5") // when the desk is gone
	mina.See("안녕하세요?")
	tab.Press("램프가 언제 오나요?")
	tab.Press(kb.Enter)
	mina.See("램프가 언제 오나요?")
	mina.Press("r")
	mina.Press("내일 도착해요.")
	mina.Press(kb.Enter, chromedp.KeyModifiers(ctrl))
	until(t, tab, "the answer is there", shows("내일 도착해요."))
	until(t, tab, "he sees that it was read", shows("읽음"))
	want := "< 안녕하세요! 무엇이든 편하게 물어보세요.\n> 안녕하세요?\n> 램프가 언제 오나요?\n< 내일 도착해요."
	if got := says(tab); got != want {
		t.Errorf("he sees\n%s\nwant\n%s", got, want)
	}

	// The next page goes on where this one was.
	tab.Go(url + "/next")
	until(t, tab, "it is open again", `w && !w.querySelector(".panel").hidden`)
	until(t, tab, "with all of it", shows("내일 도착해요."))

	// The desk is gone: what he writes waits, and is sent once.
	d.Kill()
	browser.Eval[bool](tab, inside(`(w.querySelector("textarea").focus(), true)`))
	tab.Press("고마워요!")
	tab.Press(kb.Enter)
	until(t, tab, "it says that it waits", shows("연결되면 보낼게요"))
	tab.Go(url + "/again") // also over a page
	until(t, tab, "the widget cannot be asked how it looks", `true`)
	d.Start()
	until(t, tab, "it comes back", shows("고마워요!"))
	until(t, tab, "and sends", `!w.querySelector(".log").innerText.includes("연결되면")`)
	if got := says(tab); got != want+"\n> 고마워요!" {
		t.Errorf("afterwards he sees\n%s", got)
	}
	var all struct{ Items []struct{ Kind, Text string } }
	d.API("GET", "/conversations/"+talk+"/messages", nil).Into(&all)
	n := 0
	for _, m := range all.Items {
		if m.Text == "고마워요!" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("it is there %d times: %+v", n, all.Items)
	}
}

// Where a browser stores nothing, one can still write; and everybody can use it.
func TestAChatForEverybody(t *testing.T) {
	rig.Need(t, "chromium")
	rig.Need(t, "axe")
	d, chrome := openDesk(t), browser.Open(t)
	for _, l := range []look{{"ko", "light", 1280}, {"en", "dark", 390}} {
		t.Run(l.String(), func(t *testing.T) {
			url, _ := site(t, d, l.lang)
			tab := chrome.Tab(t)
			tab.Before(`Object.defineProperty(window, "localStorage", { get() { throw new DOMException("no", "SecurityError") } })`)
			tab.Size(l.width, 800)
			tab.Theme(l.theme)
			tab.Go(url)
			until(t, tab, "it is there", `w && w.querySelector(".launch")`)
			tab.NoViolations()
			browser.Eval[bool](tab, inside(`(w.querySelector(".launch").click(), true)`))
			until(t, tab, "it asks for the name", `w.activeElement && w.activeElement.name === "name"`)
			tab.Press("Ann" + kb.Tab + "Hello?")
			tab.Press(kb.Enter)
			until(t, tab, "it is sent", `w.querySelectorAll("article.mine").length === 1 && !w.querySelector("article.mine .state")`)
			tab.NoViolations()
			if wide := browser.Eval[int](tab, "document.documentElement.scrollWidth - innerWidth"); wide > 0 {
				t.Errorf("the page is %d px too wide", wide)
			}
			if dir := os.Getenv("BARAJI_SCREENSHOTS"); dir != "" {
				tab.Screenshot(dir + "/widget-" + l.String() + ".png")
			}
			tab.Press(kb.Escape)
			until(t, tab, "Escape closes it", `w.querySelector(".panel").hidden && w.activeElement === w.querySelector(".launch")`)
		})
	}
}
