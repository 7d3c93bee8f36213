package browser

import (
	"testing"

	"baraji/test/rig"
	"baraji/test/rig/browser"
)

// Somebody selects the sentence in which something was promised, and notes it by the button beside it and by the key.
func TestASentenceBecomesAPromise(t *testing.T) {
	rig.Need(t, "chromium")
	s := shop(t)
	page := view{as: s.as, house: s.House, path: "/inbox/" + s.talk.ID.String() + "?view=all"}
	tab := looks()[0].tab(t, browser.Open(t), page)
	looks()[0].show(t, tab, page)
	const choose = `(() => { const said = document.querySelector("#course article .msg__main"); getSelection().selectAllChildren(said); return getSelection().toString().trim().replace(/\s+/g, " ").slice(0, 60) })()`
	words := `document.querySelector("#promise-words").value.slice(0, 60)`

	chosen := browser.Eval[string](tab, choose)
	tab.Wait("#quoter:not([hidden])")
	tab.Click("#quoter")
	tab.Wait("#dialog[open] #promise-words")
	if got := browser.Eval[string](tab, words); got != chosen || chosen == "" {
		t.Errorf("by the button: %q, selected was %q", got, chosen)
	}
	browser.Eval[bool](tab, `document.querySelector("#dialog [data-close]").click(), true`)

	browser.Eval[bool](tab, `document.activeElement.blur(), true`)
	chosen = browser.Eval[string](tab, choose)
	tab.Wait("#quoter:not([hidden])")
	tab.Press("p")
	tab.Wait("#dialog[open] #promise-words")
	if got := browser.Eval[string](tab, words); got != chosen {
		t.Errorf("by the key: %q, selected was %q", got, chosen)
	}
	browser.Eval[bool](tab, `(() => { document.querySelector("#promise-day").value = "2036-01-05"; document.querySelector("#promise-words").form.requestSubmit(); return true })()`)
	tab.Wait("#side .promise")
}
