package browser

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"baraji/internal/web/ui/gallery"
	"baraji/test/rig"
	"baraji/test/rig/browser"
)

// Every part passes axe in both languages and both themes, on a desk and on a phone.
func TestPartsCanBeUsedByEverybody(t *testing.T) {
	rig.Need(t, "chromium")
	rig.Need(t, "axe")
	t.Parallel()
	chrome, site := browser.Open(t), serve(t, gallery.Handler())
	for _, path := range []string{"/parts", "/inbox", "/customer", "/settings", "/sign-in", "/empty", "/broken"} {
		if path != "/parts" && !rig.Full() {
			continue // sketches of pages: what they hold stands in parts, and the pages that came of them are looked at themselves
		}
		for _, how := range []string{"?lang=ko&theme=light", "?lang=en&theme=dark"} {
			for name, width := range map[string]int64{"desk": 1440, "phone": 390} {
				t.Run(path+how+" "+name, func(t *testing.T) {
					tab := chrome.Tab(t)
					tab.Allow("status of 500")
					tab.Size(width, 844)
					tab.Go(site + path + how)
					tab.NoViolations()
					if wide := browser.Eval[int](tab, "document.documentElement.scrollWidth"); wide > int(width) {
						t.Errorf("the page is %d px wide: %s", wide, browser.Eval[string](tab, `[...document.querySelectorAll("main *")].filter(n => n.getBoundingClientRect().right > innerWidth + 1 && !n.closest(".table-wrap, .scroll-x, .tabs")).map(n => n.className || n.tagName).slice(0, 8).join(", ")`))
					}
				})
			}
		}
	}
}

func TestFloatingPartsCanBeUsedByEverybody(t *testing.T) {
	rig.Need(t, "chromium")
	rig.Need(t, "axe")
	chrome, site := browser.Open(t), serve(t, gallery.Handler())
	for _, s := range parts(t) {
		if s.do == nil {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			tab := chrome.Tab(t)
			tab.Go(site + s.path + "?lang=ko")
			s.do(tab)
			tab.NoViolations()
		})
	}
}

func TestWhatPeopleDoWithTheParts(t *testing.T) {
	rig.Need(t, "chromium")
	t.Parallel()
	chrome, site := browser.Open(t), serve(t, gallery.Handler())
	open := func(t *testing.T, path string) *browser.Tab {
		tab := chrome.Tab(t)
		tab.Go(site + path)
		return tab
	}
	focus := func(tab *browser.Tab) string {
		return browser.Eval[string](tab, "document.activeElement.innerText || document.activeElement.id || document.activeElement.name || ''")
	}

	t.Run("one key solves, the toast undoes it", func(t *testing.T) {
		tab := open(t, "/inbox?lang=ko")
		tab.Wait("[data-key='e']")
		tab.Press("e")
		tab.See("#1042를 해결했어요")
		tab.Click("#toasts .toast button")
		tab.See("다시 열었어요")
	})

	// Found under load: the page took a key while htmx had not begun yet, and nothing came of it.
	t.Run("the first key that the page takes is done", func(t *testing.T) {
		tab := open(t, "/empty?lang=ko")
		tab.Before(`addEventListener("DOMContentLoaded", () => document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "e", code: "KeyE", bubbles: true, cancelable: true})))`)
		tab.Go(site + "/inbox?lang=ko")
		tab.See("#1042를 해결했어요")
	})

	t.Run("a refusal is a toast and leaves the page alone", func(t *testing.T) {
		tab := open(t, "/parts?lang=ko")
		tab.Allow("status of 409")
		tab.Click("[hx-post='/refuse']")
		tab.See("되돌릴 것이 없어요.")
		tab.See("Baraji 부품")
	})

	t.Run("single keys are silent in a field and while a syllable is composed", func(t *testing.T) {
		tab := open(t, "/inbox?lang=ko")
		tab.Click(".composer textarea")
		tab.Press("e")
		tab.Compose("ㅎ", "하", "한")
		if got := browser.Eval[int](tab, "document.querySelectorAll('.toast').length"); got != 0 {
			t.Error("a letter in a field was taken for a command")
		}
	})

	t.Run("single keys work while the keyboard is set to Hangul", func(t *testing.T) {
		tab := open(t, "/inbox?lang=ko")
		browser.Eval[bool](tab, `document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "ㄷ", code: "KeyE", bubbles: true, cancelable: true}))`)
		tab.See("#1042를 해결했어요")
	})

	t.Run("single keys can be turned off", func(t *testing.T) {
		tab := open(t, "/inbox?lang=ko&keys=off")
		tab.Press("e")
		tab.Press("?")
		if browser.Eval[bool](tab, "!!document.querySelector('.toast, dialog[open]')") {
			t.Error("a key did something")
		}
	})

	t.Run("a menu by keyboard", func(t *testing.T) {
		tab := open(t, "/inbox?lang=ko")
		browser.Eval[bool](tab, "document.querySelector('[popovertarget=later]').focus(), true")
		tab.Press(kb.Enter)
		tab.Do("wait for the first item's focus", chromedp.WaitReady("#later [role=menuitem]:focus"))
		tab.Press(kb.ArrowDown)
		if got := focus(tab); got != "내일 아침\n09:00" {
			t.Errorf("the focus is on %q", got)
		}
		tab.Press(kb.Escape)
		tab.Gone("#later")
		if got := focus(tab); got != "미루기" {
			t.Errorf("the focus went to %q", got)
		}
	})

	t.Run("the palette finds what the page can do, and asks the server", func(t *testing.T) {
		tab := open(t, "/inbox?lang=ko")
		tab.Press("k", chromedp.KeyModifiers(ctrl))
		tab.Wait("#palette")
		tab.Type("#palette-find", "해결")
		tab.Wait("#palette-here [role=option]")
		tab.Press(kb.Enter)
		tab.See("#1042를 해결했어요")
		tab.Press("k", chromedp.KeyModifiers(ctrl))
		tab.Type("#palette-find", "x")
		tab.Wait("#palette-found [role=option]")
	})

	t.Run("j and k walk through the list", func(t *testing.T) {
		tab := open(t, "/inbox?lang=en")
		tab.Press("j")
		tab.Press("j")
		tab.Press("k")
		if got := browser.Eval[int](tab, "[...document.querySelectorAll('.item')].indexOf(document.activeElement)"); got != 1 {
			t.Errorf("row %d has the focus", got)
		}
	})

	t.Run("two keys in a row go somewhere", func(t *testing.T) {
		tab := open(t, "/empty?lang=en")
		tab.Press("g")
		tab.Press("i")
		tab.Do("wait for the inbox", chromedp.WaitVisible(".pane--talk"))
	})

	t.Run("the error summary takes the focus", func(t *testing.T) {
		tab := open(t, "/settings?lang=ko")
		if !browser.Eval[bool](tab, "new Promise(r => setTimeout(() => r(document.activeElement.matches('.banner--bad'))))") {
			t.Error("the focus is elsewhere")
		}
	})

	t.Run("a change elsewhere is seen in each tab", func(t *testing.T) {
		one := open(t, "/empty?lang=ko")
		two := open(t, "/empty?lang=ko")
		one.See("바뀐 횟수")
		change := `fetch("/change", {method: "POST", headers: {"X-CSRF-Token": document.querySelector("meta[name=csrf]").content}}).then(r => r.ok)`
		seen := func(tab *browser.Tab) {
			t.Helper()
			browser.Eval[bool](tab, `new Promise(done => { const look = () => parseInt(document.querySelector("#changed").innerText.match(/\d+/)[0]) > 0 ? done(true) : setTimeout(look, 20); look() })`)
		}
		browser.Eval[bool](one, `new Promise(done => { const ask = () => fetch("/listening").then(r => r.text()).then(n => n >= 2 ? done(true) : setTimeout(ask, 20)); ask() })`)
		if !browser.Eval[bool](two, change) {
			t.Fatal("the change was refused")
		}
		seen(one)
		seen(two)
	})

	t.Run("a picture is dropped on the composer", func(t *testing.T) {
		tab := open(t, "/inbox?lang=ko")
		n := browser.Eval[int](tab, `(() => {
			const all = new DataTransfer(); all.items.add(new File(["x"], "깜빡임.png", {type: "image/png"}));
			const form = document.querySelector(".composer");
			form.dispatchEvent(new DragEvent("drop", {dataTransfer: all, bubbles: true, cancelable: true}));
			return form.querySelector("input[type=file]").files.length })()`)
		if n != 1 {
			t.Errorf("%d files", n)
		}
	})

	t.Run("nothing but our own is loaded, and no inline style is needed", func(t *testing.T) {
		tab := open(t, "/inbox?lang=ko")
		if got := browser.Eval[int](tab, `document.querySelectorAll("[style], style, script:not([src])").length`); got != 0 {
			t.Errorf("%d elements with a style or script of their own", got)
		}
		if got := browser.Eval[string](tab, `performance.getEntriesByType("resource").map(r => r.name).filter(n => !n.startsWith(location.origin)).join()`); got != "" {
			t.Errorf("loaded %s", got)
		}
	})
}

const ctrl = chromedp.ModifierCtrl
