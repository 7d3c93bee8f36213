package browser

import (
	"strconv"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"baraji/test/rig"
	"baraji/test/rig/browser"
)

// A rule is added, ordered and saved by keyboard; the what-if page says who gets what it is for; the morning's cases are ticked off.
func TestWhoGetsItInTheBrowser(t *testing.T) {
	rig.Need(t, "chromium")
	p, chrome := shop(t), browser.Open(t)
	tab := chrome.Tab(t)
	tab.Cookie(p.URL, "baraji", p.as.Session())
	tab.Size(1280, 900)
	tab.Allow("status of 422")

	tab.Go(p.URL + "/settings/routing")
	before := browser.Eval[int](tab, `document.querySelectorAll(".rule").length`)
	if before == 0 || browser.Eval[int](tab, `document.querySelectorAll(".rule[open]").length`) != 0 {
		t.Fatalf("%d rules, some of them open", before)
	}
	tab.Click("[name=do][value=add]")
	tab.Wait(".rule[open] [name='rule.0.name']")
	tab.Type("[name='rule.0.name']", "Refunds")
	browser.Eval[bool](tab, `(() => { const pick = (name, text) => { const s = document.querySelector("[name='" + name + "']"); s.value = [...s.options].find(o => o.text.includes(text)).value };
		pick("rule.0.type", document.querySelector("[name='rule.0.type']").options[8].text); return true })()`)
	tab.Click(".set__form .btn--main[type=submit]")
	tab.Wait(".rule[open] .field__error, .rule[open] [aria-invalid=true]") // no team was chosen, and the row that lacks it stands open
	tab.NoViolations()
	browser.Eval[bool](tab, `(() => { const s = document.querySelector("[name='rule.0.team']"); s.selectedIndex = 1; return true })()`)
	tab.Click("[name=do][value='down 0']")
	tab.Wait(".rule[open] [name='rule.1.name']")
	if got := browser.Eval[string](tab, `document.querySelector("[name='rule.1.name']").value`); got != "Refunds" {
		t.Errorf("the second rule is %q", got)
	}
	tab.Click(".set__form .btn--main[type=submit]")
	tab.Wait(".toast")
	eventually(t, tab, "the rule is there", `document.querySelectorAll(".rule").length === `+strconv.Itoa(before+1)+` && document.querySelectorAll(".rule")[1].innerText.includes("Refunds")`)

	tab.Go(p.URL + "/coverage/what-if")
	tab.Type("[name=text]", "연기가 나고 타는 냄새가 나요")
	tab.Press(kb.Enter)
	eventually(t, tab, "what is said for two moments", `location.search.includes("text=") && document.querySelectorAll(".whatif__said .why").length === 2`)
	eventually(t, tab, "it was graded", `document.querySelector(".whatif__said").innerText.includes("이렇게 매겼어요")`)
	tab.NoViolations()

	tab.Go(p.URL + "/coverage/morning")
	tab.Wait(".morning__case")
	left := browser.Eval[int](tab, `document.querySelectorAll(".morning__case:not(.is-done)").length`)
	tab.Click(".morning__case:not(.is-done) .morning__mark button")
	tab.Wait(".toast button")
	eventually(t, tab, "one is ticked off", `document.querySelectorAll(".morning__case:not(.is-done)").length === `+strconv.Itoa(left-1))
	tab.Click(".toast button")
	eventually(t, tab, "and back", `document.querySelectorAll(".morning__case:not(.is-done)").length === `+strconv.Itoa(left))
}
