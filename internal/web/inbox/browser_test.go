package inbox_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/team"
	"baraji/test/rig/browser"
	"baraji/test/rig/house"
)

// open is a browser in which the visitor is signed in.
func open(t *testing.T, v *house.Visitor, chrome *browser.Chrome, lang string) *browser.Tab {
	tab := chrome.Tab(t)
	tab.Header("Accept-Language", lang)
	tab.Cookie(v.URL, "baraji", v.Session())
	return tab
}

// Every page is looked at in both languages, both themes, wide and on a phone.
// BARAJI_SHOTS names a folder for the pictures.
func TestThePagesCanBeUsedByEverybody(t *testing.T) {
	chrome := browser.Open(t)
	s := newShop(t, dbtest.New(t, dbtest.Engines()[0]))
	l := live(t, s)
	pages := []struct{ name, path string }{{"list", "/inbox"}, {"talk", "/inbox/" + l.lamp.String()}, {"letter", "/inbox/" + l.letter.String()},
		{"odd", "/inbox/" + l.odd.String() + "?view=unassigned"}, {"all", "/inbox?view=all"}, {"none", "/inbox?view=snoozed"}, {"search", "/search?q=램프"},
		{"search-none", "/search?q=zzzz"}, {"new", "/inbox/new"}, {"print", "/inbox/" + l.lamp.String() + "/print"}}
	for _, look := range []struct {
		lang, theme string
		width       int64
	}{{"ko", "light", 1440}, {"en", "dark", 1440}, {"ko", "dark", 390}, {"en", "light", 390}} {
		t.Run(fmt.Sprintf("%s-%s-%d", look.lang, look.theme, look.width), func(t *testing.T) {
			tab := open(t, s.Mina, chrome, look.lang)
			tab.Size(look.width, map[bool]int64{true: 900, false: 844}[look.width > 500])
			tab.Theme(look.theme)
			for _, p := range pages {
				if status := tab.Go(s.URL + p.path); status != 200 {
					t.Fatalf("%s answers %d", p.path, status)
				}
				shot(tab, p.name, look.lang, look.theme, look.width)
				if wide := browser.Eval[int](tab, "document.documentElement.scrollWidth - innerWidth"); wide > 0 {
					t.Errorf("%s is %d px too wide", p.name, wide)
				}
				tab.NoViolations()
			}
		})
	}
}

func shot(tab *browser.Tab, name, lang, theme string, width int64) {
	if dir := os.Getenv("BARAJI_SHOTS"); dir != "" {
		tab.Screenshot(filepath.Join(dir, fmt.Sprintf("%s-%s-%s-%d.png", name, lang, theme, width)))
	}
}

// A day at the desk, by keyboard and mouse, without a page being loaded anew.
func TestAtTheDesk(t *testing.T) {
	chrome := browser.Open(t)
	s := newShop(t, dbtest.New(t, dbtest.Engines()[0]))
	l := live(t, s)
	tab := open(t, s.Mina, chrome, "en")
	tab.Size(1440, 900)
	tab.Go(s.URL + "/inbox")
	browser.Eval[bool](tab, "window.same = true")

	tab.Click("#row-" + l.lamp.String() + " .item__what")
	tab.See("010-2604-0318")
	if got := browser.Eval[string](tab, "location.pathname"); got != "/inbox/"+l.lamp.String() {
		t.Errorf("the address is %s", got)
	}
	if n := browser.Eval[int](tab, `document.querySelectorAll("#row-`+l.lamp.String()+`.item--new").length`); n != 0 {
		t.Error("what is open is still new")
	}

	before := len(s.messages(l.lamp))
	tab.Press("r")
	tab.Type("textarea[name=reply]", "내일 오전에 도착해요.")
	tab.Press(kb.Enter, chromedp.KeyModifiers(chromedp.ModifierCtrl))
	tab.See("Sending.")
	tab.See("leaves in a moment")
	if n := len(s.messages(l.lamp)); n != before+1 {
		t.Fatalf("%d messages, want %d", n, before+1)
	}
	if got := browser.Eval[string](tab, `document.querySelector("textarea[name=reply]").value`); got != "" {
		t.Errorf("the composer still holds %q", got)
	}
	shot(tab, "sent", "en", "light", 1440)
	tab.Click(".toast .btn")
	tab.See("Taken back.")
	if got := browser.Eval[string](tab, `document.querySelector("textarea[name=reply]").value`); got != "내일 오전에 도착해요." {
		t.Errorf("the composer holds %q", got)
	}

	if !browser.Eval[bool](tab, `(async () => { for (let i = 0; i < 100; i++) {
		if (!document.querySelector("#row-`+l.lamp.String()+` .item__us")) return true;
		await new Promise((go) => setTimeout(go, 50)); } return false })()`) {
		t.Error("the list still shows what was taken back")
	}

	browser.Eval[bool](tab, "document.activeElement.blur(), true")
	tab.Press("i")
	tab.Type("textarea[name=note]", "@오지")
	tab.Wait("#people")
	shot(tab, "note", "en", "light", 1440)
	tab.Click("#people [data-name]:not([hidden])")
	tab.Type("textarea[name=note]", "확인했어요.")
	tab.Press(kb.Enter, chromedp.KeyModifiers(chromedp.ModifierCtrl))
	tab.See("@오지후 확인했어요.")

	tab.Click(".assignee")
	tab.Type("[data-narrow]", "오지")
	shot(tab, "assign", "en", "light", 1440)
	tab.Press(kb.Enter)
	tab.See("Assigned to 오지후.")
	tab.See("assigned it to 오지후")

	browser.Eval[bool](tab, "document.activeElement.blur(), true")
	tab.Press("z")
	tab.Wait("#snooze-menu")
	shot(tab, "snooze", "en", "light", 1440)
	tab.Type("#snooze-menu [name=until]", "tomorrow 9am")
	tab.Press(kb.Enter)
	tab.See("Snoozed until")
	tab.NoViolations()
	if !browser.Eval[bool](tab, "window.same === true") {
		t.Error("the page was loaded anew")
	}
}

// One Enter is one message, also when it ends a syllable of Hangul.
func TestEnterAndHangul(t *testing.T) {
	chrome := browser.Open(t)
	s := newShop(t, dbtest.New(t, dbtest.Engines()[0]))
	l := live(t, s)
	s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
		return team.ChangeProfile(ctx, tx, "한서윤", team.Choices{EnterSends: true, Shortcuts: true})
	})
	s.Mina.SignIn()
	tab := open(t, s.Mina, chrome, "ko")
	tab.Size(1440, 900)
	tab.Go(s.URL + "/inbox/" + l.lamp.String())
	before := len(s.messages(l.lamp))
	tab.Click("textarea[name=reply]")
	browser.Eval[bool](tab, `(() => { const area = document.querySelector("textarea[name=reply]");
		area.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true })); area.value = "안녕";
		area.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", code: "Enter", keyCode: 229, isComposing: true, bubbles: true, cancelable: true }));
		area.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true })); return true })()`)
	tab.Compose("ㅎ", "하", "한")
	tab.Press(kb.Enter)
	tab.See("보내고 있어요.")
	if n := len(s.messages(l.lamp)); n != before+1 {
		t.Errorf("%d messages, want %d", n, before+1)
	}
}
