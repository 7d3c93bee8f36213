package browser

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"baraji/test/rig"
	"baraji/test/rig/browser"
	"baraji/test/rig/wire"
)

// desk is the program itself with a shop in it, and who works there.
type desk struct {
	*rig.Running
	t *testing.T
}

func openDesk(t *testing.T, env ...string) *desk {
	t.Helper()
	d := &desk{rig.ProgramWith(t, rig.Setup{Env: env}), t}
	d.make("/inboxes", map[string]any{"name": "도움", "channel": "email", "address": "help@moonlight.example"})
	for _, who := range []string{"mina", "jihu"} {
		if _, err := d.Command("moonlight lamp", "user", "create", "--email", who+"@moonlight.example", "--name", who, "--role", "admin", "--password-stdin"); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

// make posts to the API and gives the id of what came of it.
func (d *desk) make(path string, body map[string]any) string {
	d.t.Helper()
	a := d.API("POST", path, body)
	var made struct{ ID string }
	if a.Status != 201 || a.Into(&made) != nil {
		d.t.Fatalf("POST %s: %d %s", path, a.Status, a.Body)
	}
	return made.ID
}

// asked is a new conversation.
func (d *desk) asked(subject, text string) string {
	d.t.Helper()
	return d.make("/conversations", map[string]any{"subject": subject, "text": text, "from": map[string]any{"name": "윤하람", "email": "haram@solip.example", "language": "ko"}})
}

// noted lets a message arrive in a conversation.
func (d *desk) noted(talk, text string) {
	d.t.Helper()
	d.make("/conversations/"+talk+"/messages", map[string]any{"kind": "note", "text": text})
}

// at is a tab in which somebody has signed in and sees a page. site is the program, or a wire to it.
func (d *desk) at(t *testing.T, chrome *browser.Chrome, site, who, path string) *browser.Tab {
	t.Helper()
	tab := chrome.Tab(t)
	tab.Header("Accept-Language", "en")
	tab.Size(1440, 900)
	tab.Theme("light")
	tab.Go(site + "/sign-in")
	tab.Type("input[name=email]", who+"@moonlight.example")
	tab.Type("input[name=password]", "moonlight lamp")
	tab.Press(kb.Enter)
	tab.Wait(".panes")
	tab.Go(site + path)
	browser.Eval[bool](tab, `window.same = true`)
	return tab
}

// same fails the test when the page was loaded anew.
func same(t *testing.T, tab *browser.Tab) {
	t.Helper()
	if !browser.Eval[bool](tab, "window.same === true") {
		t.Error("the page was loaded anew")
	}
}

// What somebody does in a talk is not disturbed by what arrives meanwhile, and what arrives is there at once.
func TestARedrawDisturbsNobody(t *testing.T) {
	rig.Need(t, "chromium")
	d, chrome := openDesk(t), browser.Open(t)
	talk := d.asked("램프가 깜빡여요", "밝기를 30% 아래로 낮추면 깜빡여요.\n\n토요일 전에 바꿀 수 있을까요?")
	n := 0
	arrive := func(t *testing.T, tab *browser.Tab) {
		t.Helper()
		n++
		text := fmt.Sprintf("소식 %d.", n)
		d.noted(talk, text)
		tab.See(text)
	}
	open := func(t *testing.T) *browser.Tab {
		t.Helper()
		return d.at(t, chrome, d.URL, "mina", "/inbox/"+talk+"?view=all")
	}
	is := func(t *testing.T, tab *browser.Tab, what, script, want string) {
		t.Helper()
		if got := browser.Eval[string](tab, "String("+script+")"); got != want {
			t.Errorf("%s: %q, want %q", what, got, want)
		}
	}
	const field = `document.querySelector("textarea[name=reply]")`

	t.Run("an open menu stays where it is, and what has the focus in it", func(t *testing.T) {
		tab := open(t)
		tab.Press("z")
		tab.Wait("#snooze-menu [role=menuitem]:focus")
		tab.Press(kb.ArrowDown)
		where := `(() => { const box = document.querySelector("#snooze-menu").getBoundingClientRect(); return [box.left, box.top, document.activeElement.innerText] })()`
		before := browser.Eval[string](tab, "String("+where+")")
		arrive(t, tab)
		is(t, tab, "the menu", where, before)
		tab.Type("#snooze-menu [name=until]", "tomorr")
		arrive(t, tab)
		tab.Press("ow 9am")
		is(t, tab, "its field", `document.activeElement.value`, "tomorrow 9am")
		tab.Press(kb.Enter)
		tab.See("Snoozed until")
		same(t, tab)
	})

	t.Run("a draft, and the place where one writes in it", func(t *testing.T) {
		tab := open(t)
		tab.Press("r")
		tab.Press("내일 도착해요.")
		browser.Eval[bool](tab, field+".setSelectionRange(2, 2), true")
		arrive(t, tab)
		tab.Press(" 오전에")
		arrive(t, tab)
		is(t, tab, "the draft", field+".value", "내일 오전에 도착해요.")
		is(t, tab, "the place", field+".selectionStart", "6")
		browser.Eval[bool](tab, field+`.value = "", `+field+`.dispatchEvent(new Event("input", {bubbles: true}))`)
	})

	t.Run("a syllable that is not finished", func(t *testing.T) {
		tab := open(t)
		tab.Press("i")
		browser.Eval[bool](tab, `(() => { window.ended = 0; addEventListener("compositionend", () => ended++, true); return true })()`)
		tab.Composing("ㅎ", "하")
		arrive(t, tab)
		is(t, tab, "compositions that ended", "ended", "0")
		tab.Compose("한")
		arrive(t, tab)
		tab.Compose("ㄱ", "그", "글")
		is(t, tab, "the note", `document.querySelector("textarea[name=note]").value`, "한글")
	})

	t.Run("a field beside the talk", func(t *testing.T) {
		tab := open(t)
		tab.Press("t")
		tab.Composing("ㄱ", "교")
		arrive(t, tab)
		tab.Compose("교")
		tab.Press("환")
		arrive(t, tab)
		is(t, tab, "the tag", "document.activeElement.value", "교환")
		browser.Eval[bool](tab, "document.activeElement.blur(), true")
		arrive(t, tab)
		is(t, tab, "the tag, left alone", `document.querySelector("input[data-key=t]").value`, "교환")
		tab.Press("t")
		tab.Press(kb.Enter)
		tab.Wait("#side .chip")
		is(t, tab, "the tag, once it was sent", `document.querySelector("input[data-key=t]").value`, "")
	})

	t.Run("chosen text, and what one reads", func(t *testing.T) {
		tab := open(t)
		chosen := browser.Eval[string](tab, `(() => { const text = document.evaluate("//article//text()[contains(., '깜빡여요')]", document.querySelector("#course"), null, 9).singleNodeValue;
			getSelection().setBaseAndExtent(text, 0, text, 12); return getSelection().toString() })()`)
		arrive(t, tab)
		is(t, tab, "the chosen text", "getSelection().toString()", chosen)

		for range 12 {
			n++
			d.noted(talk, fmt.Sprintf("소식 %d.%s", n, strings.Repeat("\n\n긴 소식이에요.", 8)))
		}
		tab.See(fmt.Sprintf("소식 %d.", n))
		browser.Eval[bool](tab, `document.querySelector("#talk .scroll").scrollTop = -900, true`)
		top := `(() => { const box = document.querySelector("#talk .scroll"), line = box.getBoundingClientRect().top; const first = [...box.querySelectorAll("article")].find((a) => a.getBoundingClientRect().bottom > line + 1);
			return { id: first.id, at: first.getBoundingClientRect().top } })()`
		type reading struct {
			ID string  `json:"id"`
			At float64 `json:"at"`
		}
		before := browser.Eval[reading](tab, top)
		arrive(t, tab)
		if after := browser.Eval[reading](tab, top); after.ID != before.ID || math.Abs(after.At-before.At) > 2 {
			t.Errorf("what is read: %v, want %v", after, before)
		}
	})

	t.Run("a click meets what it aimed at", func(t *testing.T) {
		tab := open(t)
		browser.Eval[bool](tab, `(() => { window.waits = 0; addEventListener("htmx:before:swap", (e) => e.target.id === "talk" && e.defaultPrevented && waits++); return true })()`)
		tab.Hold("#talk [popovertarget=talk-menu]")
		n++
		d.noted(talk, fmt.Sprintf("소식 %d.", n))
		if !browser.Eval[bool](tab, `new Promise((done) => { const look = () => waits ? done(true) : setTimeout(look, 10); look() })`) {
			t.Error("the redraw does not wait")
		}
		if browser.Eval[bool](tab, fmt.Sprintf(`document.body.innerText.includes("소식 %d.")`, n)) {
			t.Error("the page moved while the mouse was down")
		}
		tab.LetGo()
		tab.See(fmt.Sprintf("소식 %d.", n))
		tab.Wait("#talk-menu:popover-open")
	})
}

// A row that is clicked opens, also when the list is drawn anew before the talk is there.
func TestARowOpensWhileTheListIsDrawn(t *testing.T) {
	rig.Need(t, "chromium")
	d, chrome := openDesk(t), browser.Open(t)
	w := wire.To(t, strings.TrimPrefix(d.URL, "http://"))
	first, second := d.asked("램프가 깜빡여요", "왜 그럴까요?"), d.asked("배송은 언제 오나요?", "궁금해요.")
	tab := d.at(t, chrome, "http://"+w.Addr, "mina", "/inbox/"+first+"?view=all")
	w.Slow(300 * time.Millisecond)
	browser.Eval[bool](tab, `document.querySelector("#row-`+second+` .item__what").click(), document.querySelector("#list").dispatchEvent(new CustomEvent("live"))`)
	tab.Wait(`#talk[data-talk="` + second + `"]`)
	tab.Wait(`#row-` + second + ` [aria-current]`)
	same(t, tab)
}

// Two people at two desks: each sees within a second what the other does, also after the server was started again and after the network was gone.
func TestEachSeesWhatTheOtherDoes(t *testing.T) {
	rig.Need(t, "chromium")
	d, chrome := openDesk(t), browser.Open(t)
	w := wire.To(t, strings.TrimPrefix(d.URL, "http://"))
	talk := d.asked("램프가 깜빡여요", "왜 그럴까요?")
	d.asked("배송은 언제 오나요?", "궁금해요.")
	mina := d.at(t, chrome, d.URL, "mina", "/inbox/"+talk+"?view=unassigned")
	jihu := d.at(t, chrome, "http://"+w.Addr, "jihu", "/inbox/"+talk+"?view=unassigned")
	jihu.Allow("ERR_|status of 5|Failed to fetch|NetworkError")
	mina.Allow("ERR_|status of 5|Failed to fetch|NetworkError")
	unassigned := `document.querySelector('a.nav__link[href="/inbox?view=unassigned"] .count').innerText`
	within := func(limit time.Duration, what, script string) {
		t.Helper()
		from := time.Now()
		if !browser.Eval[bool](jihu, `new Promise((done) => { const look = () => { try { if (`+script+`) return done(true) } catch {} setTimeout(look, 5) }; look() })`) {
			t.Errorf("%s: never", what)
		}
		took := time.Since(from)
		t.Logf("%-40s %4d ms", what, took.Milliseconds())
		if took > limit {
			t.Errorf("%s: after %v, want %v", what, took, limit)
		}
	}
	shows := func(text string) string { return `document.querySelector("#talk").innerText.includes("` + text + `")` }

	within(time.Second, "two are unassigned", unassigned+` === "2"`)
	third := d.asked("교환하고 싶어요", "상자를 버렸어요.")
	within(time.Second, "a new conversation is in the list", `document.querySelector("#row-`+third+`")`)
	within(time.Second, "and counted", unassigned+` === "3"`)

	mina.Press("a")
	within(time.Second, "mina takes it: the talk says so", shows("mina took it"))
	within(time.Second, "it leaves the list", `!document.querySelector("#row-`+talk+`")`)
	within(time.Second, "the number", unassigned+` === "2"`)

	mina.Press("i")
	mina.Press("전구를 바꿔 볼게요.")
	mina.Press(kb.Enter, chromedp.KeyModifiers(ctrl))
	within(time.Second, "a note", shows("전구를 바꿔 볼게요."))

	mina.Press("r")
	mina.Press("새 램프를 보냈어요.")
	mina.Press(kb.Enter, chromedp.KeyModifiers(ctrl))
	within(time.Second, "an answer", shows("새 램프를 보냈어요."))

	d.Restart()
	d.noted(talk, "다시 켰어요.")
	within(5*time.Second, "the server was started again", shows("다시 켰어요."))
	d.noted(talk, "그다음이에요.")
	within(time.Second, "and goes on telling", shows("그다음이에요."))

	w.Cut()
	d.noted(talk, "선이 끊겼어요.")
	if !browser.Eval[bool](jihu, `new Promise((done) => { const look = () => document.querySelector("#offline").hidden ? setTimeout(look, 20) : done(true); look() })`) {
		t.Error("nobody says that the desk is offline")
	}
	w.Mend()
	within(10*time.Second, "the network is back", shows("선이 끊겼어요."))
	d.noted(talk, "선이 이어졌어요.")
	within(time.Second, "and goes on telling", shows("선이 이어졌어요."))
	within(time.Second, "the bar is gone", `document.querySelector("#offline").hidden`)
	same(t, jihu)
	same(t, mina)
}

// All of a list over its pages: by mouse, with the number said, and the list follows by itself.
func TestTheWholeList(t *testing.T) {
	rig.Need(t, "chromium")
	d, chrome := openDesk(t), browser.Open(t)
	for i := range 34 {
		d.asked(fmt.Sprintf("봄맞이 할인 %d", i), "언제까지인가요?")
	}
	tab := d.at(t, chrome, d.URL, "mina", "/inbox?view=unassigned")
	tab.Click("#row-" + d.asked("마지막", "할인은요?") + " .item__pick")
	tab.Click("[data-check-all=talk]")
	d.asked("그동안 온 것", "저도요.")
	tab.See("그동안 온 것")
	tab.Click(".bulk__all")
	tab.Click(".bulk__bar [value=take]")
	tab.See("Take 36 conversations?")
	tab.NoViolations()
	tab.Click("#dialog [type=submit]")
	tab.See("Working on 36 conversations.")
	tab.See("Every conversation has somebody who looks after it.")
	same(t, tab)
}
