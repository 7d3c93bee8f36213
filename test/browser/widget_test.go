package browser

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
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
	for end := time.Now().Add(15 * time.Second); !tab.Is(inside(script)); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within 15 s: %s", what, browser.Eval[string](tab, inside(`(w ? w.querySelector(".panel").innerText : "no widget")`)))
		}
	}
}

// eventually waits for something on a page of the desk.
func eventually(t *testing.T, tab *browser.Tab, what, script string) {
	t.Helper()
	for end := time.Now().Add(15 * time.Second); !tab.Is(script); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within 15 s: %s", what, browser.Eval[string](tab, `document.body.innerText.slice(-1500)`))
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
	mina.See("하람 is typing")
	tab.Press(kb.Enter)
	mina.See("램프가 언제 오나요?")
	until(t, tab, "he sees that it was read, before anybody answers", shows("읽음"))
	mina.Press("r")
	mina.Press("내일 도착해요.")
	until(t, tab, "he sees that he is being answered, and not by whom", `w.querySelector(".types") && !w.querySelector(".log").innerText.includes("mina")`)
	mina.Press(kb.Enter, chromedp.KeyModifiers(ctrl))
	until(t, tab, "the answer is there", shows("내일 도착해요."))
	until(t, tab, "nobody types any more", `!w.querySelector(".types")`)
	eventually(t, mina, "the agent sees that he has read it", `document.querySelector("#course .msg--us:last-of-type .msg__foot")?.innerText.includes("read")`)
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

// given puts a file into a file field, as a person who chooses one does.
const given = `((field, name, type, text) => {
	const all = new DataTransfer();
	all.items.add(new File([text], name, { type }));
	field.files = all.files;
	field.dispatchEvent(new Event("change", { bubbles: true }));
	return true;
})`

// a PNG of one pixel, in the letters of which each stands for a byte.
const pixel = `Uint8Array.from(atob("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="), c => c.charCodeAt(0))`

// Files both ways, by choosing, pasting and dropping.
func TestFilesInAChat(t *testing.T) {
	rig.Need(t, "chromium")
	d, chrome := openDesk(t), browser.Open(t)
	url, inbox := site(t, d, "en")
	tab := chrome.Tab(t)
	tab.Allow("Content Security Policy") // the shop shows no pictures from elsewhere
	tab.Size(1280, 800)
	tab.Go(url)
	until(t, tab, "it is there", `w && w.querySelector(".launch")`)
	browser.Eval[bool](tab, inside(`(w.querySelector(".launch").click(), w.querySelector("[name=name]").value = "Amelia", true)`))
	browser.Eval[bool](tab, inside(given+`(w.querySelector("[type=file]"), "lamp.png", "image/png", `+pixel+`)`))
	browser.Eval[bool](tab, inside(`(() => {
		const all = new DataTransfer();
		all.items.add(new File(["the receipt"], "receipt.txt", { type: "text/plain" }));
		w.querySelector("textarea").dispatchEvent(new ClipboardEvent("paste", { clipboardData: all, bubbles: true, cancelable: true }));
		const more = new DataTransfer();
		more.items.add(new File(["crumbs"], "crumbs.bin"));
		w.querySelector(".panel").dispatchEvent(new DragEvent("drop", { dataTransfer: more, bubbles: true, cancelable: true }));
		return true;
	})()`))
	until(t, tab, "they are handed in", `w.querySelectorAll(".tray li").length === 3 && !w.querySelector(".tray li.busy, .tray li.bad")`)
	browser.Eval[bool](tab, inside(`(w.querySelector(".tray li:last-child button:last-child").click(), true)`)) // not the crumbs
	browser.Eval[bool](tab, inside(`(w.querySelector("textarea").focus(), true)`))
	tab.Press("It is broken")
	tab.Press(kb.Enter)
	until(t, tab, "they are in the talk", `w.querySelectorAll("article.mine .files > *").length === 2 && !w.querySelector("article.mine > .state") && w.querySelector(".tray").hidden`)

	talk := ""
	var list struct{ Items []struct{ ID string } }
	d.API("GET", "/conversations?inbox="+inbox, nil).Into(&list)
	if len(list.Items) != 1 {
		t.Fatalf("talks: %+v", list.Items)
	}
	talk = list.Items[0].ID
	mina := d.at(t, chrome, d.URL, "mina", "/inbox/"+talk+"?view=all")
	mina.See("receipt.txt")
	eventually(t, mina, "the agent sees the picture", `[...document.querySelectorAll("#course .file--pic img")].some(i => i.complete && i.naturalWidth === 1)`)
	mina.Press("r")
	mina.Press("Here is how to mend it.")
	browser.Eval[bool](mina, given+`(document.querySelector("[data-upload]"), "manual.pdf", "application/pdf", "%PDF-1.4")`)
	eventually(t, mina, "it is handed in", `document.querySelector(".composer [data-file]")`)
	mina.Press(kb.Enter, chromedp.KeyModifiers(ctrl))
	until(t, tab, "the agent's file is there", shows("manual.pdf"))
	address := browser.Eval[string](tab, inside(`w.querySelector("article.ours a.file").href`))
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if how := resp.Header.Get("Content-Disposition"); resp.StatusCode != 200 || !strings.HasPrefix(how, "attachment") || !strings.Contains(how, "manual.pdf") {
		t.Errorf("the file: %d %s", resp.StatusCode, how)
	}
	if dir := os.Getenv("BARAJI_SCREENSHOTS"); dir != "" {
		tab.Screenshot(dir + "/widget-files.png")
		mina.Screenshot(dir + "/inbox-chat.png")
	}
}

// Two tabs of one browser show the same, and send nothing twice, also what waited while the desk was gone.
func TestTwoTabs(t *testing.T) {
	rig.Need(t, "chromium")
	d, chrome := openDesk(t), browser.Open(t)
	url, inbox := site(t, d, "ko")
	one := chrome.Tab(t)
	two := one.Beside(t)
	for _, tab := range []*browser.Tab{one, two} {
		tab.Allow("ERR_|Failed to fetch|status of (404|5)")
		tab.Size(1280, 800)
		tab.Go(url)
		until(t, tab, "it is there", `w && w.querySelector(".launch")`)
		browser.Eval[bool](tab, inside(`(Baraji.open(), w.querySelector("[name=name]").value = "하람", w.querySelector("textarea").focus(), true)`))
	}
	d.Kill()
	one.Press("하나")
	one.Press(kb.Enter)
	until(t, two, "the other tab shows what waits", shows("하나"))
	two.Press("둘")
	two.Press(kb.Enter)
	until(t, one, "and the first what the other has", shows("둘"))
	d.Start()
	want := "< 안녕하세요! 무엇이든 편하게 물어보세요.\n> 하나\n> 둘"
	for _, tab := range []*browser.Tab{one, two} {
		until(t, tab, "all is sent", `w.querySelectorAll("article.mine").length === 2 && !w.querySelector(".log").innerText.includes("연결되면")`)
		if got := says(tab); got != want {
			t.Errorf("it shows\n%s\nwant\n%s", got, want)
		}
	}
	two.Press("셋")
	two.Press(kb.Enter)
	until(t, one, "what one says the other shows", shows("셋"))
	until(t, two, "and it is sent", `w.querySelectorAll("article.mine").length === 3 && !w.querySelector("article.mine > .state")`)
	var list struct{ Items []struct{ ID string } }
	d.API("GET", "/conversations?inbox="+inbox, nil).Into(&list)
	if len(list.Items) != 1 {
		t.Fatalf("%d talks", len(list.Items))
	}
	var all struct{ Items []struct{ Text string } }
	d.API("GET", "/conversations/"+list.Items[0].ID+"/messages", nil).Into(&all)
	if len(all.Items) != 3 {
		t.Errorf("messages: %+v", all.Items)
	}
}

// proven is a token that the shop's server signs.
func proven(secret string, claims map[string]any) string {
	head := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256"}`))
	body, _ := json.Marshal(claims)
	text := head + "." + base64.RawURLEncoding.EncodeToString(body)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text))
	return text + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// Who was signed in goes on as a stranger when his proof is worth nothing any more, with what he has typed, and sees
// nothing of before; proven again he has it all back, and after signing out nobody has it (T50).
func TestAProofThatEnds(t *testing.T) {
	rig.Need(t, "chromium")
	d, chrome := openDesk(t), browser.Open(t)
	url, inbox := site(t, d, "ko")
	secret := func() string {
		var made struct{ Secret string }
		if a := d.API("POST", "/widgets/"+inbox+"/secret", nil); a.Status >= 300 || a.Into(&made) != nil {
			t.Fatalf("POST /widgets/…/secret: %d %s", a.Status, a.Body)
		}
		return made.Secret
	}
	his := func() string {
		return proven(secret(), map[string]any{"sub": "u-1", "name": "윤하람", "exp": time.Now().Add(time.Hour).Unix()})
	}
	tab := chrome.Tab(t)
	tab.Allow("status of (403|404|422)")
	tab.Size(1280, 800)
	tab.Go(url)
	until(t, tab, "it is there", `w && w.querySelector(".launch")`)
	browser.Eval[bool](tab, `(Baraji.identify("`+his()+`"), Baraji.open(), true)`)
	until(t, tab, "he is not asked who he is", `w.querySelector(".card").hidden`)
	browser.Eval[bool](tab, inside(`(w.querySelector("textarea").focus(), true)`))
	tab.Press("제 주문 1234 어디 있나요?")
	tab.Press(kb.Enter)
	until(t, tab, "it is sent", `w.querySelectorAll("article.mine").length === 1 && !w.querySelector("article.mine .state")`)

	tab.Press("아직도요?")
	again := his() // and the old proof is worth nothing
	tab.Press(kb.Enter)
	until(t, tab, "he is told, and asked who he is", `!w.querySelector(".trouble").hidden && !w.querySelector(".card").hidden`)
	if got := says(tab) + browser.Eval[string](tab, inside(`w.querySelector("textarea").value`)); strings.Contains(got, "1234") || !strings.Contains(got, "아직도요?") {
		t.Errorf("as a stranger he has: %s", got)
	}
	browser.Eval[bool](tab, `(Baraji.identify("`+again+`"), true)`)
	until(t, tab, "proven again he has it all", shows("1234"))
	browser.Eval[bool](tab, `(Baraji.reset(), true)`)
	until(t, tab, "signed out nobody has it", `!w.querySelector(".log").innerText.includes("1234") && !w.querySelector(".card").hidden`)
	tab.Go(url)
	until(t, tab, "also on the next page", `w && w.querySelector(".launch")`)
	if got := says(tab); strings.Contains(got, "1234") {
		t.Errorf("on the next page: %s", got)
	}
}
