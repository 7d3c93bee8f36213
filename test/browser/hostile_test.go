package browser

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/smtp"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"baraji/internal/app"
	"baraji/internal/channel/email"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/test/rig"
	"baraji/test/rig/browser"
	"baraji/test/rig/hostile"
	"baraji/test/rig/house"
)

// perTalk is how many hostile mails one conversation takes: a page shows them all at once, each in its frame.
const perTalk = 30

// perLetter is how many payloads a mail holds, one below the other: alone each is cleaned in the tests of kit/html, and in the full form here.
var perLetter = rig.Size(4, 1)

func joined(payloads []string) (letters []string) {
	for group := range slices.Chunk(payloads, perLetter) {
		letters = append(letters, strings.Join(group, "</div>\n<div>"))
	}
	return letters
}

// TestHostileMailDoesNothing is T42 and T43 of the reliability tests. Every hostile letter of the collection comes in as a real mail, into a
// conversation or into the quarantine, and is opened in a real browser wherever it can be seen. Nothing of it may run, leave its frame, lead away or
// turn to any other server, until somebody asks for the pictures; those then come through us.
func TestHostileMailDoesNothing(t *testing.T) {
	rig.Need(t, "chromium")
	t.Parallel()
	elsewhere := watchPictures(t)
	d := dbtest.New(t, dbtest.Engines()[0])
	h := house.Open(t, d.Clock, app.Config{Database: d.URL, Now: d.Clock.Now, AllowPrivate: "127.0.0.0/8"}).Furnish()
	payloads := joined(hostile.Payloads())
	letters := append(slices.Concat(payloads, hostile.Phones()), elsewhere.letter())
	talks := receive(t, h, letters)
	held := hold(t, h, letters)
	t.Logf("%d letters in %d conversations, %d held mails", len(letters), len(talks), len(held))

	chrome, turnedTo := browser.Watched(t)
	tab := guarded(t, chrome)
	tab.Cookie(h.URL, "baraji", h.Mina.Session())
	tab.Header("Accept-Language", "en")
	for i, id := range talks {
		look := func(path string) { t.Helper(); open(t, tab, h, path) }
		look("/inbox/" + id.String() + "?view=all")
		framed(t, tab, min(perTalk, len(letters)-i*perTalk))
		stillWorks(t, tab)
		look("/inbox/" + id.String() + "/print?notes=1")
		tab.Do("print", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
			_, err := chromedp.Call(ctx, page.PrintToPDF, page.PrintToPDFParams{})
			return err
		}))
	}
	alone := chrome.Tab(t)
	alone.Allow("favicon.ico")
	for _, id := range held {
		open(t, tab, h, "/settings/quarantine/"+id.String())
		seen(t, tab, ".heldframe")
		openAlone(t, alone, h, "/settings/quarantine/"+id.String()+"/html")
	}
	sent := messages(t, h, talks[0])
	for _, m := range sent[2:] {
		openAlone(t, alone, h, "/message/"+m.ID.String()+"/html")
	}
	for _, path := range []string{"/inbox?view=all", "/search?q=letter", "/customers", "/settings/quarantine", "/settings/audit", "/settings/jobs",
		"/customers/" + customer(t, h, talks[0]), "/inbox/" + talks[0].String() + "/merge", "/message/" + sent[2].ID.String() + "/split"} {
		open(t, tab, h, path)
	}
	openAlone(t, alone, h, "/message/"+sent[2].ID.String()+"/source?raw=1")
	if n := elsewhere.count(); n > 0 {
		t.Errorf("%d pictures were fetched before anybody asked for them", n)
	}

	tab.Allow("/picture.*|status of 404") // what the proxy cannot get
	phoning := len(payloads) / perTalk
	for _, id := range talks[rig.Size(phoning, 0):] { // in full, also those that are after something else
		open(t, tab, h, "/inbox/"+id.String()+"?view=all")
		askForPictures(t, tab)
	}
	elsewhere.check(t)

	ours := strings.TrimPrefix(h.URL, "http://")
	for _, host := range turnedTo() {
		if host != ours && host != "127.0.0.1" { // the log has the name alone beside the whole
			t.Errorf("the browser turned to %s", host)
		}
	}
}

// guarded is a tab in which a script of a letter would be heard.
func guarded(t *testing.T, chrome *browser.Chrome) *browser.Tab {
	t.Helper()
	tab := chrome.Tab(t)
	tab.Size(1440, 900)
	tab.Do("set the trap", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{
			Source: `for (const name of ["alert", "confirm", "prompt"]) window[name] = () => console.error("A LETTER RAN", name, location.href)`})
		return err
	}))
	return tab
}

// open goes to a page and sees that it stays there. What runs or is held back by the last defence speaks on the console, which fails the test.
func open(t *testing.T, tab *browser.Tab, h *house.House, path string) {
	t.Helper()
	before := len(tab.Errors())
	if status := tab.Go(h.URL + path); status != http.StatusOK {
		t.Fatalf("%s answers %d", path, status)
	}
	if at := browser.Eval[string](tab, "new Promise(done => setTimeout(() => done(location.pathname), 50))"); at != strings.Split(path, "?")[0] {
		t.Errorf("%s led to %s", path, at)
	}
	if found := tab.Errors(); len(found) > before {
		t.Errorf("%s: %s", path, found[before:])
	}
}

// openAlone opens a letter in a tab of its own, as "show as sent" does. No script runs in it, not even ours: the console tells of any that tries.
func openAlone(t *testing.T, tab *browser.Tab, h *house.House, path string) {
	t.Helper()
	before := len(tab.Errors())
	browser.Get(tab, "go to "+path, chromedp.NavigateResponse(h.URL+path))
	tab.Do("look where it is", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		got, err := chromedp.Call(ctx, page.GetNavigationHistory, cdp.Empty{})
		if err == nil && got.Entries[got.CurrentIndex].URL != h.URL+path {
			err = fmt.Errorf("%s led to %s", path, got.Entries[got.CurrentIndex].URL)
		}
		return err
	}))
	if found := tab.Errors(); len(found) > before {
		t.Errorf("%s: %s", path, found[before:])
	}
}

// frame is what a page finds in the frame of a mail.
type frame struct {
	URL, Text string
	Bad       []string // what should not be in a cleaned letter
	Inside    bool     // it lies within the bubble of its message
}

// framed reads the frames of a page, which must be as many as this.
func framed(t *testing.T, tab *browser.Tab, n int) {
	t.Helper()
	frames := browser.Eval[[]frame](tab, `Promise.all([...document.querySelectorAll("iframe.mail__frame")].map(async (frame) => {
		while (!("measured" in frame.dataset) || frame.contentDocument.URL === "about:blank" || frame.contentDocument.readyState !== "complete")
			await new Promise((done) => setTimeout(done, 10))
		const doc = frame.contentDocument, bad = []
		for (const e of doc.body.querySelectorAll("*")) {
			if (/^(script|iframe|frame|object|embed|form|input|button|meta|link|base|style|svg|math|video|audio|template|portal)$/.test(e.localName)) bad.push(e.outerHTML)
			for (const a of e.attributes) if (/^on|^(srcdoc|action|formaction|ping|srcset|background|id|name|class|popover)$/.test(a.name)) bad.push(e.outerHTML)
			if (e.localName === "a" && e.hasAttribute("href") && !/^(https?|mailto|tel):$/.test(e.protocol)) bad.push(e.outerHTML)
			if (/fixed|absolute|sticky/.test(doc.defaultView.getComputedStyle(e).position)) bad.push(e.outerHTML)
		}
		const box = frame.getBoundingClientRect(), bubble = frame.closest(".msg__main").getBoundingClientRect()
		return { URL: doc.URL, Text: doc.body.innerText, Bad: bad,
			Inside: box.left >= bubble.left && box.right <= bubble.right + 1 && box.top >= bubble.top - 1 && box.bottom <= bubble.bottom + 1 }
	}))`)
	if len(frames) != n {
		t.Errorf("%d letters are shown as they were sent, want %d", len(frames), n)
	}
	for _, f := range frames {
		if !strings.HasSuffix(f.URL, "/html") || !strings.Contains(f.Text, "letter") || !f.Inside || len(f.Bad) > 0 {
			t.Errorf("frame %+v", f)
		}
	}
}

// seen waits until a frame that scripts may not look into is loaded.
func seen(t *testing.T, tab *browser.Tab, sel string) {
	t.Helper()
	browser.Eval[bool](tab, `new Promise((done) => {
		const frame = document.querySelector("`+sel+`")
		frame.loading = "eager"
		frame.addEventListener("load", () => done(true))
		setTimeout(() => done(true), 300) // it was loaded already
		frame.scrollIntoView()
	})`)
}

// stillWorks sees that the page is whole around its letters: nothing covers it, it has its width, its menus open and its composer writes.
func stillWorks(t *testing.T, tab *browser.Tab) {
	t.Helper()
	if wide := browser.Eval[int](tab, "document.documentElement.scrollWidth - innerWidth"); wide > 0 {
		t.Errorf("the page is %d px too wide", wide)
	}
	tab.Click(`.talkbar .btns [popovertarget="talk-menu"]`)
	tab.Wait("#talk-menu")
	tab.Click(`.talkbar .btns [popovertarget="talk-menu"]`)
	tab.Gone("#talk-menu")
	tab.Type(`textarea[name="reply"]`, "x")
}

// askForPictures presses every button that shows the pictures of a mail, and waits until its frame is loaded anew.
func askForPictures(t *testing.T, tab *browser.Tab) {
	t.Helper()
	browser.Eval[int](tab, `Promise.all([...document.querySelectorAll("[data-mail]")].map((mail) => new Promise((done) => {
		const frame = mail.querySelector("iframe"), button = mail.querySelector("[data-pictures]")
		frame.addEventListener("load", () => done(1), { once: true })
		button.click()
	}))).then((all) => all.length)`)
}

// receive brings the letters in as real mails: a customer asks, we answer, and his next mails follow that answer into the same conversation.
func receive(t *testing.T, h *house.House, letters []string) (talks []conversation.ID) {
	t.Helper()
	sink, server := h.PostOffice(), h.MailServer()
	n := 0
	for group := range slices.Chunk(letters, perTalk) {
		from := fmt.Sprintf("c%d@guest.example", n)
		deliver(t, server, h, from, "Message-ID: <q"+from+">\r\nSubject: letter "+from+"\r\n\r\nA question.\r\n")
		h.Run()
		id := newest(t, h)
		talks = append(talks, id)
		h.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
			_, err := conversation.Reply(ctx, tx, id, conversation.Answer{Text: "An answer."})
			return err
		})
		answer := h.Letter(sink)
		for _, letter := range group {
			n++
			deliver(t, server, h, from, fmt.Sprintf("Message-ID: <l%d@guest.example>\r\nIn-Reply-To: <%s>\r\n", n, answer.MessageID)+written(letter, n))
		}
		h.Run()
		if got := len(messages(t, h, id)); got != len(group)+2 {
			t.Fatalf("%d messages came into %s, want %d", got, from, len(group)+2)
		}
	}
	return talks
}

// perHeld is how many letters a held mail holds, one below the other.
var perHeld = rig.Size(24, 1)

// hold brings the letters in as mails that lie in a mailbox and are from nobody: those are held.
func hold(t *testing.T, h *house.House, letters []string) []email.ItemID {
	t.Helper()
	n := 0
	for group := range slices.Chunk(letters, perHeld) {
		n++
		raw := "To: <" + h.Inbox.Address + ">\r\nX-Note: " + encoded(group[0]) + "\r\n" + written(strings.Join(group, "</div>\n<div>"), n)
		if err := h.Mail.Bring(h.System(), h.Inbox.ID, fmt.Sprintf("held-%d", n), "", []byte(raw)); err != nil {
			t.Fatal(err)
		}
	}
	h.Run()
	var list []email.ItemID
	h.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
		items, err := email.Quarantine(ctx, tx, 0, 0, 1000)
		for _, i := range items {
			list = append(list, i.ID)
		}
		return err
	})
	if len(list) != n {
		t.Fatalf("%d mails are held, want %d", len(list), n)
	}
	return list
}

// written is the rest of a mail that holds a letter in its body, its subject, and the name of its file.
func written(letter string, n int) string {
	html := "<ul><li>letter</li></ul><div>" + letter
	return "Subject: " + encoded("letter "+letter) + "\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=bound\r\n\r\n" +
		"--bound\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + folded(html) +
		"--bound\r\nContent-Type: image/png\r\nContent-ID: <x>\r\nContent-Disposition: inline; filename*=UTF-8''" + url.PathEscape(letter[:min(len(letter), 200)]) +
		"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + folded(letter) +
		fmt.Sprintf("--bound\r\nContent-Type: text/html\r\nContent-Disposition: attachment; filename=%d.html\r\nContent-Transfer-Encoding: base64\r\n\r\n", n) + folded(html) + "--bound--\r\n"
}

func encoded(s string) string {
	return "=?UTF-8?B?" + base64.StdEncoding.EncodeToString([]byte(s[:min(len(s), 300)])) + "?="
}

func folded(s string) string {
	var b strings.Builder
	for line := range slices.Chunk([]byte(base64.StdEncoding.EncodeToString([]byte(s))), 76) {
		b.Write(line)
		b.WriteString("\r\n")
	}
	return b.String()
}

// deliver hands a mail over by SMTP. Its sender's name is hostile too.
func deliver(t *testing.T, server string, h *house.House, from, rest string) {
	t.Helper()
	head := "To: <" + h.Inbox.Address + ">\r\nFrom: " + encoded(`"><script>alert(1)</script><img src=//evil.test/n onerror=alert(1)>`) + " <" + from + ">\r\n"
	if err := smtp.SendMail(server, nil, from, []string{h.Inbox.Address}, []byte(head+rest)); err != nil {
		t.Fatal(err)
	}
}

func newest(t *testing.T, h *house.House) (id conversation.ID) {
	t.Helper()
	h.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
		list, _, err := conversation.List(ctx, tx, conversation.Filter{}, conversation.Page{Limit: 100})
		for _, c := range list {
			id = max(id, c.ID)
		}
		return err
	})
	return id
}

func messages(t *testing.T, h *house.House, id conversation.ID) (list []conversation.Message) {
	t.Helper()
	h.Mina.Do(func(ctx context.Context, tx *db.Tx) (err error) {
		list, err = conversation.Messages(ctx, tx, id, 0, 100)
		return err
	})
	return list
}

func customer(t *testing.T, h *house.House, id conversation.ID) (who string) {
	t.Helper()
	h.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
		c, err := conversation.Get(ctx, tx, id)
		who = c.Contact.String()
		return err
	})
	return who
}

// pictures is a server elsewhere that a letter wants to tell that it was read.
type pictures struct {
	url string
	mu  sync.Mutex
	got []*http.Request
}

func watchPictures(t *testing.T) *pictures {
	p := &pictures{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.got = append(p.got, r)
		w.Header().Set("Content-Type", "image/gif")
		w.Write([]byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"))
	}))
	t.Cleanup(server.Close)
	p.url = server.URL
	return p
}

func (p *pictures) letter() string { return `<img src="` + p.url + `/pixel.gif?who=mina" alt="shop">` }

func (p *pictures) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.got)
}

// check sees that the picture was fetched when it was asked for, by us, and that its server learned nothing about who reads.
func (p *pictures) check(t *testing.T) {
	t.Helper()
	if p.count() != 1 {
		t.Errorf("the picture was fetched %d times, want once", p.count())
	}
	for _, r := range p.got {
		for _, name := range []string{"Cookie", "Referer", "Origin", "Accept-Language", "X-Forwarded-For"} {
			if r.Header.Get(name) != "" {
				t.Errorf("the server of the picture was told %s: %s", name, r.Header.Get(name))
			}
		}
		if strings.Contains(r.UserAgent(), "Chrome") {
			t.Errorf("the browser itself fetched it: %s", r.UserAgent())
		}
	}
}

// TestAHostileLetterIsHeardWhenItDoesSomething shows the same traps where nothing protects: they do close.
func TestAHostileLetterIsHeardWhenItDoesSomething(t *testing.T) {
	rig.Need(t, "chromium")
	chrome, turnedTo := browser.Watched(t)
	for name, letter := range map[string]string{"script": `<script>alert(1)</script>`, "attribute": `<img src=x onerror=alert(1)>`,
		"picture": `<img src=http://picture.evil.test/1>`, "style": `<p style="background:url(http://style.evil.test/1)">x`,
		"name looked up": `<link rel=dns-prefetch href=//name.evil.test>`, "connection": `<link rel=preconnect href=//connection.evil.test>`,
		"elsewhere": `<meta http-equiv=refresh content="0;url=/elsewhere">`} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			if r.URL.Path == "/" {
				fmt.Fprint(w, "<!doctype html><link rel=icon href=data:,><p>"+letter)
			}
		}))
		defer server.Close()
		tab := guarded(t, chrome)
		tab.Allow(".*")
		tab.Go(server.URL)
		at := browser.Eval[string](tab, "new Promise(done => setTimeout(() => done(location.pathname), 50))")
		if ran := strings.Contains(strings.Join(tab.All(), " "), "A LETTER RAN"); ran != (name == "script" || name == "attribute") {
			t.Errorf("%s: a script ran: %t", name, ran)
		}
		if (at != "/") != (name == "elsewhere") {
			t.Errorf("%s: the page is at %s", name, at)
		}
	}
	hosts := strings.Join(turnedTo(), " ")
	for _, name := range []string{"picture", "style", "name", "connection"} {
		if !strings.Contains(hosts, name+".evil.test") {
			t.Errorf("nobody noticed that the browser turned to %s.evil.test: %s", name, hosts)
		}
	}
}
