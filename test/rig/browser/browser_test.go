package browser_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"baraji/test/rig"
	"baraji/test/rig/browser"
)

const page = `<!doctype html><html lang="ko"><title>상담</title><meta name="viewport" content="width=device-width"><main><h1>안녕하세요</h1>
<label>답장 <input id="reply"></label><button id="send">보내기</button><output id="sent"></output></main>
<script src="/page.js"></script></html>`

const script = `
let n = 0
document.cookie = 'visits=' + (1 + Number((document.cookie.match(/visits=(\d+)/) || [0, 0])[1]))
document.querySelector('#reply').addEventListener('keydown', e => { if (e.key === 'Enter' && !e.isComposing) n++ })
document.querySelector('#send').onclick = () => { document.querySelector('#sent').textContent = document.querySelector('#reply').value + ' ' + n }
if (location.search === '?bad') setTimeout(() => { throw new Error('boom') })
`

// site has a page under the strict CSP that the product has too.
func site(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Security-Policy", "default-src 'self'; script-src 'self'; style-src 'self'")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		body := page
		if r.URL.RawQuery == "inline" {
			body += "<script>1</script>"
		}
		fmt.Fprint(w, strings.ReplaceAll(body, "안녕하세요", "안녕하세요 "+r.Header.Get("Accept-Language")))
	})
	mux.HandleFunc("GET /page.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprint(w, script)
	})
	mux.HandleFunc("GET /favicon.ico", func(http.ResponseWriter, *http.Request) {})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL
}

func TestBrowser(t *testing.T) {
	rig.Need(t, "chromium")
	chrome, url := browser.Open(t), site(t)

	t.Run("a person writes Korean and sends it", func(t *testing.T) {
		tab := chrome.Tab(t)
		tab.Header("Accept-Language", "ko")
		if status := tab.Go(url); status != 200 {
			t.Errorf("status %d", status)
		}
		if got := tab.Text("h1"); got != "안녕하세요 ko" {
			t.Errorf("heading %q", got)
		}
		tab.Click("#reply")
		tab.Compose("ㅎ", "하", "한")
		tab.Press(kb.Enter)
		tab.Click("#send")
		tab.See("한 1")
	})

	t.Run("a key that the page refuses leaves no letter, wherever the focus went", func(t *testing.T) {
		tab := chrome.Tab(t)
		tab.Go(url)
		browser.Eval[bool](tab, `(() => { const field = document.querySelector("#reply");
			addEventListener("keydown", (e) => { if (e.key === "r" && e.target !== field) { e.preventDefault(); field.focus() } }); return true })()`)
		tab.Press("r")
		tab.Press("Re 한")
		tab.Type("#reply", "!")
		if got := browser.Eval[string](tab, "document.querySelector('#reply').value"); got != "Re 한!" {
			t.Errorf("the field holds %q", got)
		}
	})

	t.Run("each tab is another visitor", func(t *testing.T) {
		for range 2 {
			tab := chrome.Tab(t)
			tab.Go(url)
			if got := browser.Eval[string](tab, "document.cookie"); got != "visits=1" {
				t.Errorf("cookies %q", got)
			}
		}
	})

	t.Run("what the console reports is kept until it is allowed", func(t *testing.T) {
		for query, says := range map[string]string{"?bad": "boom", "?inline": "Content Security Policy", "missing": "404"} {
			tab := chrome.Tab(t)
			tab.Go(url + "/" + query)
			browser.Eval[bool](tab, "new Promise(r => setTimeout(() => r(true)))")
			if got := strings.Join(tab.Errors(), "\n"); !strings.Contains(got, says) {
				t.Errorf("%s: console %q, want %q", query, got, says)
			}
			tab.Allow(says)
		}
	})

	t.Run("theme, size and picture", func(t *testing.T) {
		tab := chrome.Tab(t)
		tab.Theme("dark")
		tab.Size(390, 844)
		tab.Go(url)
		if !browser.Eval[bool](tab, "matchMedia('(prefers-color-scheme: dark)').matches && innerWidth === 390") {
			t.Error("the page is not on a dark phone")
		}
		path := t.TempDir() + "/shots/page.png"
		tab.Screenshot(path)
		if picture, err := os.ReadFile(path); err != nil || !strings.HasPrefix(string(picture), "\x89PNG") {
			t.Errorf("picture: %v", err)
		}
	})

	t.Run("axe finds what is wrong", func(t *testing.T) {
		tab := chrome.Tab(t)
		tab.Go(url)
		tab.NoViolations()
		browser.Eval[bool](tab, "document.querySelector('label').replaceWith(document.querySelector('#reply')), true")
		if got := tab.Axe(); len(got) != 1 || got[0].ID != "label" {
			t.Errorf("axe says %v, want only that the label is missing", got)
		}
	})
}
