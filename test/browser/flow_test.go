package browser

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"baraji/test/rig"
	"baraji/test/rig/browser"
)

// A path of buttons is made from the sample, changed, tried in place, and published; then a visitor walks it by keyboard, and comes to
// a person, who sees the way he came.
func TestAPathOfButtons(t *testing.T) {
	rig.Need(t, "chromium")
	d, chrome := openDesk(t), browser.Open(t)
	url, inbox := site(t, d, "ko")
	mina := d.at(t, chrome, d.URL, "mina", "/assistant/flows/"+inbox)
	mina.Allow("status of 422") // what is not ready
	mina.Size(1440, 1400)
	mina.See("Begin with a sample")
	mina.Click("[name=do][value=start]")
	mina.See("How long it takes")
	eventually(t, mina, "the first step is tried in place", `document.querySelector("#ftry-log .ftry__may button")?.innerText === "Delivery"`)

	// A new button leads to a step that is made with it; what is on the page is what one tries, before it is saved.
	mina.Click(".q:nth-child(1) summary")
	mina.Click(".q:nth-child(1) [value='addb:0']")
	eventually(t, mina, "a fifth button", `document.querySelectorAll(".q:nth-child(1) .pick").length === 5`)
	mina.Type(`[name="q.0.b.4.label.ko"]`, "선물 포장")
	mina.Type(`[name="q.0.b.4.label.en"]`, "Gift wrapping")
	browser.Eval[bool](mina, `(() => { const s = document.querySelector('[name="q.0.b.4.to"]'); s.value = "go:new"; s.dispatchEvent(new Event("change", {bubbles: true})); return true })()`)
	eventually(t, mina, "the step is there", `document.querySelectorAll("[data-step]").length === 7`)
	mina.Click(".q:nth-child(7) summary")
	mina.Type(`[name="q.6.say.ko"]`, "예쁘게 포장해 드려요.")
	mina.Type(`[name="q.6.say.en"]`, "We wrap it for you.")
	mina.Type(`[name="q.6.words"]`, "포장, 리본, gift")
	mina.Click("[data-try-again]")
	eventually(t, mina, "the new button is tried", `[...document.querySelectorAll(".ftry__may button")].some(b => b.innerText === "Gift wrapping")`)
	browser.Eval[bool](mina, `([...document.querySelectorAll(".ftry__may button")].find(b => b.innerText === "Gift wrapping").click(), true)`)
	eventually(t, mina, "it says the new step, and shows where one is", `document.querySelector("#ftry-log").innerText.includes("We wrap it for you.") && document.querySelector(".q--here")?.dataset.step === document.querySelector(".q:nth-child(7)").dataset.step`)
	mina.Type(".ftry__in input", "리본도 되나요?")
	mina.Press(kb.Enter)
	eventually(t, mina, "words lead there too", `document.querySelector("#ftry-log").innerText.split("We wrap it for you.").length === 3`)

	// What is not ready says so, at its place, and loses nothing.
	browser.Eval[bool](mina, `(document.querySelectorAll('[name^="q.6.say."]').forEach(a => a.value = ""), true)`)
	mina.Click("[value=publish]")
	mina.See("Write what is said here.")
	mina.Type(`[name="q.6.say.ko"]`, "예쁘게 포장해 드려요.")
	mina.Click("[value=publish]")
	mina.See("Published. Visitors see it from now on.")
	mina.See("Version 1 leads visitors")
	mina.NoViolations()

	tab := chrome.Tab(t)
	tab.Allow("status of 404")
	tab.Size(1280, 800)
	tab.Go(url)
	until(t, tab, "it is there", `w && w.querySelector(".launch")`)
	browser.Eval[bool](tab, inside(`(w.querySelector(".launch").click(), true)`))
	until(t, tab, "it offers buttons and asks for nothing yet", `w.activeElement?.innerText === "배송" && w.querySelector(".card").hidden`)
	tab.Press(kb.Enter)
	until(t, tab, "the next step is there, and has the focus", `w.activeElement?.innerText === "배송 기간"`)
	tab.Press(kb.Tab)
	tab.Press(kb.Tab)
	until(t, tab, "a person can be reached", `w.activeElement?.innerText === "상담원과 이야기하기"`)
	tab.Press(kb.Enter)
	until(t, tab, "he is told who answers now", `w.querySelector(".log").innerText.includes("사람에게 연결할게요") && !w.querySelector(".picks")`)
	until(t, tab, "now he is asked for his name", `!w.querySelector(".card").hidden`)
	browser.Eval[bool](tab, inside(`(w.querySelector("[name=name]").focus(), true)`))
	tab.Press("하람")
	browser.Eval[bool](tab, inside(`(w.querySelector("textarea").focus(), true)`))
	tab.Press("급해요!")
	tab.Press(kb.Enter)
	until(t, tab, "it is sent", `w.querySelector(".card").hidden && w.querySelector(".log").innerText.includes("급해요!")`)
	tab.Go(url + "/next")
	until(t, tab, "the next page goes on", `w && w.querySelector(".log").innerText.includes("급해요!") && !w.querySelector(".picks")`)

	talk := ""
	for end := time.Now().Add(10 * time.Second); talk == ""; time.Sleep(20 * time.Millisecond) {
		var list struct{ Items []struct{ ID, Status string } }
		d.API("GET", "/conversations?inbox="+inbox, nil).Into(&list)
		if len(list.Items) == 1 && list.Items[0].Status == "open" {
			talk = list.Items[0].ID
		} else if time.Now().After(end) {
			t.Fatalf("talks: %+v", list.Items)
		}
	}
	mina.Go(d.URL + "/inbox/" + talk + "?view=unassigned")
	mina.See("배송에 대해 무엇이 궁금하세요?")
	eventually(t, mina, "she sees what he could press", `[...document.querySelectorAll(".offered span")].some(s => s.innerText === "배송 기간")`)
}
