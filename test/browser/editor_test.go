package browser

import (
	"fmt"
	"strings"
	"testing"

	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/test/rig"
	"baraji/test/rig/browser"
	"baraji/test/rig/house"
)

// writer is an editor in a browser, at a new article.
func writer(t *testing.T) (h *house.House, tab *browser.Tab, at string) {
	t.Helper()
	rig.Need(t, "chromium")
	h = house.New(t, dbtest.New(t, db.SQLite)).Furnish()
	tab = browser.Open(t).Tab(t)
	tab.Cookie(h.URL, "baraji", h.Mina.Session())
	at = h.URL + h.Mina.Post("/knowledge").To
	tab.Go(at)
	return h, tab, at
}

const saved = `document.querySelector("[data-kept]").textContent.includes("Draft saved")`

func into(tab *browser.Tab, sel, text string) {
	browser.Eval[bool](tab, fmt.Sprintf(`(() => { const f = document.querySelector(%q); f.focus(); f.select(); return document.execCommand("insertText", false, %q) })()`, sel, text))
}

// An article is written in both languages, with an input method and a picture, is shown, translated, falls behind, and an old version comes back.
func TestAnArticleIsWrittenInBothLanguages(t *testing.T) {
	h, tab, at := writer(t)
	into(tab, "#f-ko_body", "## 먼저\n\n1. 코드를 ")
	browser.Eval[bool](tab, `document.querySelector("#f-ko_title").focus(), true`)
	tab.Compose("ㅂ", "부", "불", "불ㅃ", "불빛")
	tab.Press("\r") // a title is one line: on to what stands below
	eventually(t, tab, "the summary has the focus", `document.activeElement.id === "f-ko_summary"`)
	browser.Eval[bool](tab, `(() => { const f = document.querySelector("#f-ko_body"); f.focus(); f.setSelectionRange(f.value.length, f.value.length); return true })()`)
	tab.Compose("ㅃ", "뽀", "뽑")
	tab.Compose("ㅇ", "아", "아ㅇ", "아요")
	tab.Press("\r\r")
	browser.Eval[bool](tab, `new Promise((done) => {
		const c = Object.assign(document.createElement("canvas"), { width: 40, height: 20 });
		c.getContext("2d").fillRect(0, 0, 40, 20);
		c.toBlob((b) => {
			const all = new DataTransfer(); all.items.add(new File([b], "shot.png", { type: "image/png" }));
			document.querySelector("#f-ko_body").dispatchEvent(new ClipboardEvent("paste", { clipboardData: all, bubbles: true, cancelable: true }));
			done(true);
		}, "image/png");
	})`)
	eventually(t, tab, "the picture in the text", `/!\[\]\(pic_\w+\)/.test(document.querySelector("#f-ko_body").value)`)
	eventually(t, tab, "the picture in the preview", `document.querySelector("#preview-ko img")?.naturalWidth === 40`)
	eventually(t, tab, "what is typed is kept", saved)
	tab.Go(at)
	if got := browser.Eval[string](tab, `document.querySelector("#f-ko_title").value + "|" + document.querySelector("#f-ko_body").value.trim().split("\n\n!")[0]`); got != "불빛|## 먼저\n\n1. 코드를 뽑아요" {
		t.Fatalf("kept %q", got)
	}
	into(tab, "#f-en_title", "Flicker")
	into(tab, "#f-en_body", "1. Unplug it.")
	publish := func(which string) {
		tab.Click(`[popovertarget="publish-menu"]`)
		tab.Click(`#publish-menu [value=` + which + `]`)
		tab.See("Published. Readers see it now.")
	}
	publish("both")
	if body := h.Stranger().Get("/hc/ko/a/불빛").Is(200).Body; !strings.Contains(body, "뽑아요") || !strings.Contains(body, "<img") {
		t.Error("readers do not see the Korean text with its picture")
	}
	h.Stranger().Get("/hc/en/a/flicker").Is(200).Says("Unplug it.")

	into(tab, "#f-ko_body", "1. 전구를 조여요.")
	eventually(t, tab, "the change is kept", saved)
	h.Stranger().Get("/hc/ko/a/불빛").Says("뽑아요")
	publish("ko")
	tab.See("Translation is behind")
	tab.NoViolations()
	tab.Click(`a[href$="/versions"]`)
	tab.Wait(".things")
	tab.Go(at + "/versions?locale=ko")
	tab.Click(`.things li:last-child a`)
	tab.See("뽑아요")
	tab.Click(`form[action$="/restore"] button`)
	tab.See("The old version is the draft now.")
	if got := browser.Eval[string](tab, `document.querySelector("#f-ko_body").value`); !strings.Contains(got, "뽑아요") {
		t.Errorf("restored %q", got)
	}
	if errors := tab.Errors(); len(errors) > 0 {
		t.Error(errors)
	}
}

// What is written is not lost without the network, and nobody's words are written over unasked.
func TestTheEditorLosesNothing(t *testing.T) {
	_, tab, at := writer(t)
	tab.Allow("status of 409")
	browser.Eval[bool](tab, `(window.fetch = () => Promise.reject(new TypeError("off")), true)`)
	into(tab, "#f-en_title", "Written in a tunnel")
	eventually(t, tab, "it says that it keeps the words here", `document.querySelector("[data-kept]").textContent.includes("kept in this browser")`)
	tab.Go(at)
	tab.See("What was not saved yet is in the text again.")
	eventually(t, tab, "it is kept on the server", saved)
	if got := browser.Eval[string](tab, `document.querySelector("#f-en_title").value`); got != "Written in a tunnel" {
		t.Fatalf("after the tunnel: %q", got)
	}
	if left := browser.Eval[int](tab, `localStorage.length`); left != 0 {
		t.Errorf("%d things are left in the browser", left)
	}

	second := tab.Beside(t)
	second.Go(at)
	into(second, "#f-en_title", "From the second window")
	eventually(t, second, "the second window's words are kept", saved)
	into(tab, "#f-en_title", "From the first window")
	tab.See("You have changed this article in another window.")
	second.Go(at)
	if got := browser.Eval[string](second, `document.querySelector("#f-en_title").value`); got != "From the second window" {
		t.Fatalf("it was written over: %q", got)
	}
	tab.NoViolations()
	tab.Click("[data-mine]")
	eventually(t, tab, "mine is kept", saved)
	second.Go(at)
	if got := browser.Eval[string](second, `document.querySelector("#f-en_title").value`); got != "From the first window" {
		t.Errorf("after choosing mine: %q", got)
	}

	blocked := tab.Beside(t)
	blocked.Before(`Object.defineProperty(window, "localStorage", { get() { throw new DOMException("blocked") } })`)
	blocked.Go(at)
	into(blocked, "#f-en_title", "Without storage")
	eventually(t, blocked, "kept on the server all the same", saved)
	if errors := append(tab.Errors(), blocked.Errors()...); len(errors) > 0 {
		t.Error(errors)
	}
}
