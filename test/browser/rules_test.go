package browser

import (
	"context"
	"fmt"
	"net/smtp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/id"
	"baraji/test/rig"
	"baraji/test/rig/browser"
	"baraji/test/rig/house"
)

// ruler is somebody who makes rules, at a desk that gets real mail.
type ruler struct {
	*house.House
	*browser.Tab
	t    *testing.T
	mail string // where letters are handed over
}

// Somebody makes a rule with pointer and keyboard, tries it on what came already, switches it on, sees what it did and what it could not do, and switches it
// off again; on a desk and on a phone.
func TestARuleIsMadeTriedAndWatched(t *testing.T) {
	rig.Need(t, "chromium")
	rig.Need(t, "axe")
	t.Parallel()
	chrome := browser.Open(t)
	for _, lang := range []string{"en", "ko"} {
		t.Run(lang, func(t *testing.T) {
			h := house.New(t, dbtest.New(t, db.SQLite)).Furnish()
			h.Mina.Post("/settings/fields/conversation/new", "label_ko", "주문 번호", "label_en", "Order number", "key", "order", "type", "text", "rank", "1")
			l := look{lang, "light", 1440}
			r := ruler{h, l.tab(t, chrome, view{as: h.Mina, house: h}), t, h.MailServer()}
			r.Size(1440, 1400)
			r.Allow("status of 422") // a form that is not ready
			r.receives("Two lamps", "Can I have my money back? I ask for a refund.")
			r.receives("One lamp", "When do you open?")

			name := map[string]string{"en": "Money back", "ko": "돈 돌려받기"}[lang]
			r.begins()
			r.saysWhen(name)
			r.saysWhat()
			r.tries()
			rule := r.saves()
			r.watches(rule)
			r.isTold(rule, name)
			r.switchesOff(rule)
			r.onAPhone(rule)
		})
	}
}

// receives is a mail that arrives, with all that follows from it.
func (r *ruler) receives(subject, text string) {
	r.t.Helper()
	from := fmt.Sprintf("amelia%d@home.example", len(subject))
	letter := "To: <" + r.Inbox.Address + ">\r\nFrom: Amelia <" + from + ">\r\nSubject: " + subject + "\r\n\r\n" + text + "\r\n"
	if err := smtp.SendMail(r.mail, nil, from, []string{r.Inbox.Address}, []byte(letter)); err != nil {
		r.t.Fatal(err)
	}
	r.Run()
}

// on presses a key on an element that has the focus first.
func (r *ruler) on(sel, key string) {
	r.t.Helper()
	browser.Eval[bool](r.Tab, fmt.Sprintf(`(document.querySelector(%q).focus(), true)`, sel))
	r.Press(key)
}

// choose picks an option as a person does: the page hears of it.
func (r *ruler) choose(name, value string) {
	r.t.Helper()
	browser.Eval[bool](r.Tab, fmt.Sprintf(`(() => { const s = document.querySelector("[name='%s']"); s.focus(); s.value = %q; s.dispatchEvent(new Event("change", {bubbles: true})); return s.value === %q })()`, name, value, value))
}

func (r *ruler) is(what, script string) {
	r.t.Helper()
	eventually(r.t, r.Tab, what, script)
}

// begins goes from the empty list over what one can start from to an empty form.
func (r *ruler) begins() {
	r.Go(r.URL + "/settings/rules")
	r.Wait(".empty")
	r.NoViolations()
	r.Click(".page__head .btn--main")
	r.Wait(".start")
	r.NoViolations()
	if got := browser.Eval[int](r.Tab, `document.querySelectorAll(".start__lack").length`); got != 4 {
		r.t.Errorf("%d templates say what is missing, want those with a team, with a service, and the two with a date", got)
	}
	r.Click(".start[href$='from=nothing']")
	r.Wait("#f-name")
}

// saysWhen makes conditions by keyboard and pointer; what is wrong is said at its place, and nothing is lost.
func (r *ruler) saysWhen(name string) {
	r.on("#add-condition", kb.Enter)
	r.is("a condition, and one is in it", `document.activeElement?.id === "f-if.0.field"`)
	r.Press(kb.Tab)
	r.Press(kb.Tab)
	r.Press("refund, 환불")
	r.Click("#add-condition")
	r.is("one more", `document.activeElement?.id === "f-if.1.field"`)
	r.choose("c1.field", "conversation.field.order")
	r.is("the own field, and the focus is where it was", `document.activeElement?.id === "f-if.1.field" && document.querySelector("[name='c1.op']").value === "contains"`)
	r.Click(".set__foot .btn--main")
	r.is("what is wrong has the focus", `document.activeElement?.matches(".banner--bad")`)
	r.NoViolations()
	for _, id := range []string{"f-name", "f-if.1.value", "f-then.0.tag"} {
		if !r.Is(fmt.Sprintf(`document.getElementById(%q).ariaInvalid === "true" && [...document.querySelectorAll(".banner--bad a")].some(a => a.hash === "#" + %q)`, id, id)) {
			r.t.Errorf("%s: it is not said there, or nothing leads to it", id)
		}
	}
	r.is("nothing was lost", `document.querySelector("[name='c0.v']").value === "refund, 환불" && document.querySelector("[name='c1.field']").value === "conversation.field.order"`)
	r.on("button[value='off 1']", kb.Enter)
	r.is("taken off", `document.querySelectorAll(".cond").length === 1 && document.activeElement.id === "add-condition"`)
	r.Type("#f-name", name)
}

// saysWhat fills in what is done.
func (r *ruler) saysWhat() {
	r.Type("[name='a0.tag']", "money")
	r.on("#add-action", kb.Enter)
	r.is("one more", `document.activeElement?.id === "f-then.1.do"`)
	r.choose("a1.do", "field")
	r.Wait("[name='a1.field']")
	r.choose("a1.field", "order")
	r.Type("[name='a1.value']", "asked")
	if got := browser.Eval[string](r.Tab, `document.querySelector("[name='a0.tag']").value`); got != "money" {
		r.t.Errorf("the tag is %q now", got)
	}
	r.NoViolations()
}

// tries looks at the past, and at one of the times.
func (r *ruler) tries() {
	r.Click("button[value='try']")
	r.is("what it would have done has the focus", `document.activeElement?.id === "tried"`)
	r.NoViolations()
	if got := browser.Eval[string](r.Tab, `document.querySelector("#tried b").innerText.replace(/30/, "").match(/\d+/g).sort().join(" ")`); got != "1 2" {
		r.t.Errorf("it would have run %q, want 1 of 2", got)
	}
	beside := r.Beside(r.t)
	beside.Size(1440, 900)
	beside.Go(r.URL + browser.Eval[string](r.Tab, `document.querySelector("#tried a").getAttribute("href")`))
	beside.See("I ask for a refund.")
}

// saves keeps the rule, which is off, and switches it on.
func (r *ruler) saves() (path string) {
	r.Click(".set__foot .btn--main")
	r.Wait(".chain--read")
	r.NoViolations()
	r.receives("Too early", "A refund, please.")
	r.on("button[name=on][value=yes]", kb.Enter)
	r.Wait("button[name=on][value=no]")
	r.Wait(".toast")
	if r.Is(`document.querySelector("td")`) {
		r.t.Error("it ran while it was off")
	}
	return browser.Eval[string](r.Tab, `location.pathname`)
}

// watches sees what it did.
func (r *ruler) watches(rule string) {
	r.receives("Three lamps", "A refund, please.")
	r.receives("Four lamps", "Are they bright?")
	r.Go(r.URL + rule)
	r.Wait("td .chip--good")
	r.NoViolations()
	if got := browser.Eval[string](r.Tab, `[...document.querySelectorAll("td a")].map(a => a.innerText).join()`); got != "#1004 Three lamps" {
		r.t.Errorf("it ran for %q", got)
	}
	r.Click("td a")
	r.See("money")
	at, err := id.Read[conversation.ID](browser.Eval[string](r.Tab, `location.pathname.split("/")[2]`))
	if err != nil {
		r.t.Fatal(err)
	}
	r.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
		all, err := conversation.Values(ctx, tx, at)
		if all["order"] != "asked" {
			r.t.Errorf("the own field is %q", all["order"])
		}
		return err
	})
}

// isTold hears that it failed: the own field is gone, so nothing of it was done.
func (r *ruler) isTold(rule, name string) {
	r.Mina.Post(r.Mina.Get("/settings/fields").Is(200).Find(`href="(/settings/fields/conversation/[a-z]+_[^"?]+)"`) + "/delete")
	r.receives("Five lamps", "Another refund, please.")
	r.Go(r.URL + rule)
	r.Wait("td .chip--bad")
	r.NoViolations()
	if why := r.Text("tbody tr:first-child .tiny"); why == "" {
		r.t.Error("it does not say why")
	}
	r.Go(r.URL + "/notices")
	r.See(name)
	r.Click("a[href='" + rule + "']")
	r.Wait(".chain--read")
}

// switchesOff does so in the list; the next mail makes no run.
func (r *ruler) switchesOff(rule string) {
	r.Go(r.URL + "/settings/rules")
	r.NoViolations()
	r.Click("[role=switch][aria-checked=true]")
	r.Wait("[role=switch][aria-checked=false]")
	r.receives("Six lamps", "And one more refund.")
	r.Go(r.URL + rule)
	r.Wait("td .chip--bad")
	if got := browser.Eval[int](r.Tab, `document.querySelectorAll("tbody tr").length`); got != 2 {
		r.t.Errorf("%d runs, want 2", got)
	}
}

// onAPhone changes it by touch.
func (r *ruler) onAPhone(rule string) {
	r.Size(390, 844)
	for _, path := range []string{"/settings/rules", "/settings/rules/new", rule, rule + "/edit"} {
		r.Go(r.URL + path)
		r.is(path, `document.querySelector("h1")?.checkVisibility()`)
		r.NoViolations()
		if wide := browser.Eval[float64](r.Tab, `document.documentElement.scrollWidth - innerWidth`); wide > 0 {
			r.t.Errorf("%s is %v px wider than the phone", path, wide)
		}
	}
	r.Click("button[value='drop 1']")
	r.is("one thing is left to do", `document.querySelectorAll(".act").length === 1`)
	r.Click("#add-condition")
	r.Wait("[name='c1.v']")
	r.choose("c1.field", "conversation.channel")
	r.Wait("input[name='c1.pick'][value=email]")
	r.Click("input[name='c1.pick'][value=email]")
	r.NoViolations()
	r.Click(".set__foot .btn--main")
	r.Wait(".chain--read")
	if got := browser.Eval[string](r.Tab, `document.querySelector(".chain--read").innerText`); !strings.Contains(got, "refund") || browser.Eval[int](r.Tab, `document.querySelectorAll(".chain__conds li").length`) != 2 {
		r.t.Errorf("it says %q", got)
	}
}
