package browser

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"baraji/test/rig"
	"baraji/test/rig/browser"
)

// A rota is made in its form, with a look at what comes of it; then its shifts are moved with a pointer, by keyboard, and on a
// phone by the sheet, and each change can be undone.
func TestARotaByPointerKeyboardAndPhone(t *testing.T) {
	rig.Need(t, "chromium")
	d, chrome := openDesk(t), browser.Open(t)
	mina := d.at(t, chrome, d.URL, "mina", "/coverage/rotas/new")
	mina.Size(1440, 1000)

	// The form.
	mina.Type("[name=name]", "Desk")
	browser.Eval[bool](mina, `(() => { const s = document.querySelector('[name="l.0.new"]'); s.value = [...s.options].find(o => o.text === "mina").value; return true })()`)
	mina.Click("[id='l.0.add']")
	eventually(t, mina, "she is in the order, and the weeks to come are drawn", `document.querySelector(".layer__people").innerText.includes("mina") && document.querySelectorAll("#preview .shift--us").length >= 9`)
	browser.Eval[bool](mina, `(() => { document.querySelector('[name="l.0.first"]').value = "2030-01-07"; document.querySelector('[name="l.0.0.to"]').value = "17:00"; return true })()`)
	mina.Click("#look")
	eventually(t, mina, "nobody stands before the first turn", `document.querySelectorAll("#preview .shift--us").length === 0`)
	mina.NoViolations()
	mina.Click("#save")
	mina.See("The rota is saved.")
	rota := browser.Eval[string](mina, `location.pathname`)
	week := d.URL + rota + "?week=2030-01-07"

	bar := func(day int) string {
		return fmt.Sprintf(".cover__row[data-day='2030-01-%02d'] .shift[data-key-of]", 6+day)
	}
	is := func(tab *browser.Tab, what string, day, at, long int, who string) {
		t.Helper()
		eventually(t, tab, what, fmt.Sprintf(`(() => { const b = document.querySelector(%q); return b && b.dataset.at === "%d" && b.dataset.len === "%d" && b.innerText.includes(%q) && !document.querySelector(".shift--ghost") })()`, bar(day), at, long, who))
	}
	middle := func(sel string) [2]float64 {
		return browser.Eval[[2]float64](mina, fmt.Sprintf(`(() => { const box = document.querySelector(%q).getBoundingClientRect(); return [box.left + box.width / 2, box.top + box.height / 2] })()`, sel))
	}
	undo := func() {
		t.Helper()
		mina.Wait(".toast button")
		mina.Click(".toast button")
		mina.See("It is as it was.")
	}

	// By pointer: another time, a longer one, another day, another person; a person onto an empty hour.
	mina.Go(week)
	is(mina, "as it was planned", 1, 36, 32, "mina")
	quarter := browser.Eval[float64](mina, `document.querySelector(".cover__row").getBoundingClientRect().width / 96`)
	from := middle(bar(1))
	mina.Drag(from, [2]float64{from[0] + 8*quarter, from[1]})
	is(mina, "two hours later", 1, 44, 32, "mina")
	undo()
	is(mina, "undone", 1, 36, 32, "mina")
	end := browser.Eval[[2]float64](mina, fmt.Sprintf(`(() => { const box = document.querySelector(%q).getBoundingClientRect(); return [box.right - 4, box.top + box.height / 2] })()`, bar(1)))
	mina.Drag(end, [2]float64{end[0] + 4*quarter, end[1]})
	is(mina, "an hour longer", 1, 36, 36, "mina")
	jihu := browser.Eval[[2]float64](mina, `(() => { const box = document.querySelector("[data-name=jihu]").getBoundingClientRect(); return [box.left + 40, box.top + box.height / 2] })()`)
	mina.Drag(middle(bar(2)), jihu)
	is(mina, "given to jihu", 2, 36, 32, "jihu")
	mina.Drag(middle(bar(5)), middle(".cover__row[data-day='2030-01-12']"))
	eventually(t, mina, "on Saturday", fmt.Sprintf(`document.querySelector(%q) && !document.querySelector(%q)`, bar(6), bar(5)))
	undo()
	is(mina, "on Friday again", 5, 36, 32, "mina")
	row := middle(".cover__row[data-day='2030-01-13']")
	mina.Drag(jihu, row)
	mina.Wait("#dialog[open] [data-turn]")
	if got := browser.Eval[string](mina, `document.querySelector("#dialog [name=start_day]").value + " " + document.querySelector("#dialog [name=person]").selectedOptions[0].text`); got != "2030-01-13 jihu" {
		t.Errorf("a person who was put on an empty hour: %q", got)
	}
	mina.NoViolations()
	mina.Press(kb.Escape)

	// By keyboard.
	browser.Eval[bool](mina, fmt.Sprintf(`(document.querySelector(%q).focus(), true)`, bar(3)))
	mina.Press(kb.ArrowRight + kb.ArrowRight + kb.ArrowRight + kb.ArrowRight)
	mina.Press(kb.ArrowRight, chromedp.KeyModifiers(8))
	if said := browser.Eval[string](mina, `document.querySelector("[data-plan-say]").innerText`); !strings.Contains(said, "10:00–18:15") {
		t.Errorf("it says %q", said)
	}
	mina.Press(kb.Escape)
	is(mina, "left as it was", 3, 36, 32, "mina")
	browser.Eval[bool](mina, fmt.Sprintf(`(document.querySelector(%q).focus(), true)`, bar(3)))
	mina.Press(kb.ArrowRight + kb.ArrowRight + kb.ArrowRight + kb.ArrowRight)
	mina.Press(kb.Enter)
	is(mina, "an hour later", 3, 40, 32, "mina")
	browser.Eval[bool](mina, fmt.Sprintf(`(document.querySelector(%q).focus(), true)`, bar(4)))
	mina.Press(kb.Enter)
	mina.Wait("#dialog[open] [data-turn]")
	browser.Eval[bool](mina, `(() => { const s = document.querySelector("#dialog [name=person]"); s.value = [...s.options].find(o => o.text === "jihu").value; return true })()`)
	mina.Click("#dialog [value=save]")
	is(mina, "another person by the sheet", 4, 36, 32, "jihu")
	mina.NoViolations()

	// On a phone.
	mina.Size(390, 844)
	mina.Go(week)
	browser.Eval[bool](mina, fmt.Sprintf(`(document.querySelector(%q).scrollIntoView({inline: "center", block: "center"}), true)`, bar(5)))
	mina.Click(bar(5))
	mina.Wait("#dialog[open] [data-turn]")
	browser.Eval[bool](mina, `(() => { document.querySelector("#dialog [name=start_at]").value = "07:30"; return true })()`)
	mina.NoViolations()
	mina.Click("#dialog [value=save]")
	is(mina, "earlier, by the sheet", 5, 30, 38, "mina")
	if wide := browser.Eval[float64](mina, `document.documentElement.scrollWidth - innerWidth`); wide > 0 {
		t.Errorf("the page is %v px wider than the phone", wide)
	}
}
