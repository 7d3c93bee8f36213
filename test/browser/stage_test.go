package browser

import (
	"testing"
	"time"

	"baraji/test/rig"
	"baraji/test/rig/browser"
)

// on is a script that looks into the widget on the stage as w.
func on(script string) string {
	return `(() => { const w = document.querySelector("[data-stage-frame]").contentDocument?.querySelector("[data-baraji]")?.shadowRoot; return ` + script + ` })()`
}

// Beside the settings of the chat stands the chat itself: it changes with each letter, in both languages and themes and
// on a phone, and neither begins a talk nor saves anything.
func TestTheChatIsSeenWhileItIsArranged(t *testing.T) {
	rig.Need(t, "chromium")
	shop := shop(t)
	path := shop.link(t, "/settings/inboxes", `/settings/chat/inb_[^"?]+`)
	tab := browser.Open(t).Tab(t)
	tab.Cookie(shop.URL, "baraji", shop.as.Session())
	tab.Header("Accept-Language", "ko")
	tab.Size(1600, 1000)
	tab.Go(shop.URL + path)
	becomes := func(what, script string) {
		t.Helper()
		for end := time.Now().Add(15 * time.Second); !tab.Is(on(script)); time.Sleep(20 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%s: not within 15 s: %s", what, browser.Eval[string](tab, on(`w ? w.querySelector(".panel").innerText : "no widget"`)))
			}
		}
	}
	becomes("it is open", `w && !w.querySelector(".panel").hidden`)
	if at := browser.Eval[string](tab, `document.activeElement.tagName`); at == "IFRAME" {
		t.Error("the preview takes the focus")
	}
	tab.Clear(`[name="title.ko"]`)
	tab.Type(`[name="title.ko"]`, "달빛 상담실")
	becomes("the title", `w.querySelector(".head b").innerText === "달빛 상담실" && w.querySelector(".who b").innerText === "달빛 상담실"`)
	tab.Clear(`[name="color"]`)
	tab.Type(`[name="color"]`, "#ffd400")
	becomes("the colour", `getComputedStyle(w.querySelector(".launch")).backgroundColor === "rgb(255, 212, 0)" && getComputedStyle(w.querySelector(".launch")).color === "rgb(0, 0, 0)"`)
	tab.See("흰 페이지에서 잘 보이지 않아요")
	tab.Type(`[name="ask.0.en"]`, "Order number")
	becomes("a question", `w.querySelectorAll("[name=question]").length === 1`)
	tab.Type(`[name="ask.0.en"]`, "s")
	becomes("and only once", `w.querySelectorAll("[name=question]").length === 1 && w.querySelector(".card").innerText.includes("Order numbers")`)
	browser.Eval[bool](tab, `(() => { const s = document.querySelector("[name=side]"); s.value = "left"; s.dispatchEvent(new Event("change", { bubbles: true })); return true })()`)
	becomes("its side", `w.querySelector(".launch").getBoundingClientRect().x < 40`)
	tab.Click(`[data-scheme="dark"]`)
	becomes("the dark", `getComputedStyle(w.querySelector(".panel")).backgroundColor === "rgb(23, 35, 38)"`)
	tab.Click(`[data-stage] [data-width="phone"]`)
	becomes("the phone", `w.querySelector(".panel").getBoundingClientRect().x === 0`)
	tab.Click(`[data-stage] [data-lang="en"]`)
	becomes("the other language", `w && w.querySelector("textarea").placeholder.startsWith("W") && w.querySelectorAll("article").length === 1`)
	browser.Eval[bool](tab, on(`(w.querySelector("textarea").focus(), true)`))
	if browser.Eval[bool](tab, on(`w.activeElement === w.querySelector("textarea")`)) {
		t.Error("one can write on the stage")
	}
	if kept := browser.Eval[string](tab, `Object.keys(localStorage).filter(k => k.startsWith("baraji:")).join()`); kept != "" {
		t.Errorf("it keeps %s", kept)
	}
	shop.as.Get(path).Is(200).Hides("달빛 상담실")
}
