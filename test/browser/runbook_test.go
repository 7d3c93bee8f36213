package browser

import (
	"strings"
	"testing"

	"baraji/test/rig"
	"baraji/test/rig/browser"
)

// Somebody writes a runbook; a lone agent is offered it beside a conversation, follows it by the keyboard, sticks, and the writer sees where.
func TestARunbookIsFollowedByTheKeyboard(t *testing.T) {
	rig.Need(t, "chromium")
	t.Parallel()
	s := shop(t)
	at := "/inbox/" + s.talk.ID.String() + "?view=all"
	page := view{as: s.as, house: s.House, path: "/runbooks/new"}
	chrome := browser.Open(t)
	tab := looks()[0].tab(t, chrome, page)
	looks()[0].show(t, tab, page)
	fill := func(id, text string) {
		browser.Eval[bool](tab, `(() => { document.getElementById("`+id+`").value = "`+text+`"; return true })()`)
	}
	press := func(sel, then string) {
		browser.Eval[bool](tab, `document.querySelector('`+sel+`').click(), true`)
		tab.Wait(then)
	}
	fill("f-title-en", "A shade arrived broken")
	fill("f-title-ko", "전등갓이 깨졌어요")
	fill("f-words", "broken, 깨졌")
	fill("f-0-text-en", "Ask for a photo")
	press(`button[value="step"]`, `#f-1-text-en`)
	fill("f-1-text-en", "Look for a spare one")
	browser.Eval[bool](tab, `(() => { document.querySelector("[name='1.else']").value = "hand_over"; return true })()`)
	tab.NoViolations()
	press(`.rbk__foot button`, `.rbk__figures`)
	made := browser.Eval[string](tab, "location.pathname")

	// It is offered beside the conversation, and followed by keys.
	page.path = at
	looks()[0].show(t, tab, page)
	tab.Wait(`#suggest button[data-key="b 1"]`)
	tab.Press("b")
	tab.Press("1")
	tab.Wait(`#runbook .step--now [data-key="b d"]`)

	tab.Press("b")
	tab.Press("d")
	tab.Wait(`#runbook .step--done + .step--now`)
	tab.Press("b")
	tab.Press("n")
	tab.Wait(`#runbook .book__ask`)
	tab.NoViolations()
	tab.Press("b")
	tab.Press("g")
	tab.Wait("#dialog[open] #book-why")
	browser.Eval[bool](tab, `(() => { const why = document.querySelector("#book-why"); why.value = "There is no spare one."; why.form.querySelector("[name=do]").click(); return true })()`)
	tab.Wait(`#runbook .book__ended`)
	if got := tab.Text("#course"); !strings.Contains(got, "전등갓이 깨졌어요") && !strings.Contains(got, "A shade arrived broken") {
		t.Error("the course of the conversation does not tell of it")
	}

	// Whoever wrote it sees where it stuck.
	page.path = made
	for _, l := range everyLook() {
		tab := l.tab(t, chrome, page)
		l.show(t, tab, page)
		if got := tab.Text(".rbk__worst"); !strings.Contains(got, "2") {
			t.Errorf("%s: stuck most often: %q", l, got)
		}
	}
}
