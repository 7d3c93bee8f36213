package browser

import (
	"testing"

	"github.com/chromedp/chromedp/kb"

	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/test/rig"
	"baraji/test/rig/browser"
	"baraji/test/rig/house"
)

// Somebody draws a flow with keyboard and pointer, tries it on what came already, puts it to use and switches it on, watches a customer go through it, lets
// them stand and go on, and stops them; on a desk and on a phone.
func TestAFlowIsDrawnTriedAndWatched(t *testing.T) {
	rig.Need(t, "chromium")
	rig.Need(t, "axe")
	t.Parallel()
	chrome := browser.Open(t)
	for _, lang := range []string{"en", "ko"} {
		t.Run(lang, func(t *testing.T) {
			h := house.New(t, dbtest.New(t, db.SQLite)).Furnish()
			l := look{lang, "light", 1440}
			r := drawer{ruler{h, l.tab(t, chrome, view{as: h.Mina, house: h}), t, h.MailServer()}, ""}
			r.Size(1440, 1400)
			r.Allow("status of 422") // a form that is not ready
			r.receives("Two lamps", "Can I have my money back? I ask for a refund.")
			r.receives("One lamp", "When do you open?")

			r.begins(map[string]string{"en": "Money back", "ko": "돈 돌려받기"}[lang])
			r.draws()
			r.triesIt()
			r.putsToUse()
			r.watches()
			r.onAPhone()
		})
	}
}

// drawer is somebody who draws a flow.
type drawer struct {
	ruler
	flow string // where it is
}

func (r *drawer) path() string { return browser.Eval[string](r.Tab, `location.pathname`) }

// begins with an empty flow, and says who comes in; what is wrong is said at its place.
func (r *drawer) begins(name string) {
	r.Go(r.URL + "/settings/flows")
	r.Wait(".empty")
	r.NoViolations()
	r.Click(".page__head .btn--main")
	r.Wait(".start")
	r.NoViolations()
	r.Click(".start[value=blank]")
	r.Wait(".seq--edits")
	r.flow = r.path()[:len(r.path())-len("/edit")]
	r.NoViolations()
	r.on("#step-begin a", kb.Enter)
	r.Wait("#f-name")
	r.Type("#f-name", name)
	r.choose("when", "conversation.received")
	r.Wait("#add-condition")
	r.on("#add-condition", kb.Enter)
	r.is("a condition, and one is in it", `document.activeElement?.id === "f-if.0.field"`)
	r.Click(".set__foot .btn--main")
	r.is("what is wrong has the focus", `document.activeElement?.matches(".banner--bad") && document.querySelector("[name='c0.v']")?.ariaInvalid === "true" && document.querySelector("#f-name").value.length > 0`)
	r.NoViolations()
	r.Type("[name='c0.v']", "refund")
	r.Click(".set__foot .btn--main")
	r.Wait("#step-begin")
	r.See(name)
	r.See("refund")
}

// adds puts a step of a sort at a place: by keyboard, for the plus opens like any other.
func (r *drawer) adds(spot, kind string) {
	r.t.Helper()
	form := `.fadd:has(input[value="add ` + spot + `"])`
	r.on(form+" summary", kb.Enter)
	r.is("the sorts of steps", `document.querySelector('`+form+`').open`)
	r.on(form+` button[value=`+kind+`]`, kb.Enter)
	r.Wait(".set__foot")
}

func (r *drawer) saves() {
	r.Click(".set__foot .btn--main")
	r.Wait(".seq--edits")
}

// draws a way that forks, and moves and takes away steps.
func (r *drawer) draws() {
	r.adds("0", "act")
	r.Click(".set__foot .btn--main")
	r.is("what is wrong", `document.querySelector("[name='a0.tag']")?.ariaInvalid === "true"`)
	r.NoViolations()
	r.Type("[name='a0.tag']", "money")
	r.saves()
	r.adds("1", "branch")
	r.Click("#add-condition")
	r.Wait("[name='c0.v']")
	r.NoViolations()
	r.Type("[name='c0.v']", "lamp")
	r.saves()
	r.Wait(".fork")
	r.adds("3.yes", "ask")
	r.NoViolations()
	r.choose("person", "assignee")
	r.Type("[name='text']", "May they have it back?")
	r.saves()
	r.NoViolations()
	r.is("the question lies on its way", `document.querySelector(".fork__way")?.innerText.includes("May they have it back?")`)
	// the question waits for a person; this flow shall go on by itself
	r.on("button[value='remove 4']", kb.Enter)
	r.is("gone", `!document.querySelector("#step-4") && !!document.querySelector("#step-3")`)
	r.on("button[value='down 2']", " ")
	r.is("below the first", `[...document.querySelectorAll("#step-1, #step-2")].map((step) => step.id).join() === "step-1,step-2"`)
}

// triesIt looks at the past: one customer would have come in.
func (r *drawer) triesIt() {
	r.Click("a[href$='try=1']")
	r.is("what it would have done has the focus", `document.activeElement?.id === "tried"`)
	r.NoViolations()
	if got := browser.Eval[int](r.Tab, `document.querySelectorAll("#tried li a").length`); got != 1 {
		r.t.Errorf("it would have begun for %d, want one", got)
	}
}

// putsToUse applies the draft and switches the flow on. Until then nobody comes in.
func (r *drawer) putsToUse() {
	r.receives("Too early", "A refund, please.")
	r.Click("button[value=publish]")
	r.Wait(".toast")
	r.is("no draft", `!document.querySelector(".seq--edits") && !!document.querySelector("button[name=on][value=yes]")`)
	r.NoViolations()
	if r.Is(`document.querySelector("td")`) {
		r.t.Error("somebody came in while it was off")
	}
	r.on("button[name=on][value=yes]", kb.Enter)
	r.Wait("button[name=on][value=no]")
}

// watches a customer who waits, lets them stand and go on, and stops them.
func (r *drawer) watches() {
	r.receives("Three lamps", "A refund for the lamp, please.")
	r.receives("Four lamps", "Are they bright?")
	r.Go(r.URL + r.flow)
	r.Wait("td .chip")
	r.NoViolations()
	if got := browser.Eval[int](r.Tab, `document.querySelectorAll("tbody tr").length`); got != 1 {
		r.t.Errorf("%d customers came in, want one", got)
	}
	r.Click("td a")
	r.Wait(".fway__step--here")
	r.NoViolations()
	r.See("money")
	r.on("button[name=do][value=pause]", kb.Enter)
	r.Wait("button[name=do][value=resume]")
	r.NoViolations()
	r.Click("button[name=do][value=resume]")
	r.Wait("button[name=do][value=pause]")
	r.Click("button[name=do][value=stop]")
	r.is("it is over", `!document.querySelector(".seq__acts") && !document.querySelector(".fway__step--here")`)
	r.NoViolations()
	r.Go(r.URL + "/settings/flows")
	r.Wait(".autos")
	r.NoViolations()
	r.Click("[role=switch][aria-checked=true]")
	r.Wait("[role=switch][aria-checked=false]")
	r.receives("Six lamps", "And one more refund.")
	r.Go(r.URL + r.flow)
	r.Wait("td .chip")
	if got := browser.Eval[int](r.Tab, `document.querySelectorAll("tbody tr").length`); got != 1 {
		r.t.Errorf("%d customers are there after it was switched off, want one", got)
	}
}

// onAPhone changes it by touch.
func (r *drawer) onAPhone() {
	r.Size(390, 844)
	for _, path := range []string{"/settings/flows", "/settings/flows/new", r.flow, r.flow + "/edit", r.flow + "/edit/begin", r.flow + "/edit/leave", r.flow + "/edit/3"} {
		r.Go(r.URL + path)
		r.is(path, `document.querySelector("h1")?.checkVisibility()`)
		r.NoViolations()
		if wide := browser.Eval[float64](r.Tab, `document.documentElement.scrollWidth - innerWidth`); wide > 0 {
			r.t.Errorf("%s is %v px wider than the phone", path, wide)
		}
	}
	r.Go(r.URL + r.flow + "/edit")
	r.Wait(".seq--edits")
	r.Click(`.fadd:has(input[value="add 1"]) summary`)
	r.Click(`.fadd:has(input[value="add 1"]) button[value=hand]`)
	r.Wait(".set__foot")
	r.choose("person", "assignee")
	r.saves()
	r.is("one more step", `document.querySelectorAll("[id^=step-]").length === 6`)
	r.Click("button[value=discard]")
	r.Wait(".toast")
	r.is("as it was", `document.querySelectorAll("[id^=step-]").length === 5`)
}
