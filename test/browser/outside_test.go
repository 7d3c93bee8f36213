package browser

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/form"
	"baraji/internal/kit/db"
	"baraji/internal/portal"
	"baraji/internal/team"
	"baraji/test/rig"
	"baraji/test/rig/browser"
	"baraji/test/rig/house"

	"github.com/chromedp/chromedp/kb"
)

// guest is a customer of the shop who is signed in to the portal, and a conversation of his.
type guest struct {
	token, link string
	talk        conversation.ID
}

// guestOf signs the customer in who has the most to read.
func guestOf(t *testing.T, h *house.House) (g guest) {
	t.Helper()
	h.Must(func(tx *db.Tx) error {
		ctx := team.AsSystem(t.Context())
		address, err := db.Value[string](ctx, tx, `SELECT a.value FROM contact_address a JOIN conversation c ON c.contact_id = a.contact_id
			WHERE a.kind = 'email' GROUP BY a.value ORDER BY COUNT(*) DESC, a.value LIMIT 1`)
		if err != nil {
			return err
		}
		pass, err := portal.Pass(ctx, tx, address)
		if err != nil {
			return err
		}
		if g.token, err = portal.Enter(ctx, tx, pass, "Mozilla/5.0 (iPhone) Safari/605", ""); err != nil {
			return err
		}
		if pass, err = portal.Pass(ctx, tx, address); err != nil {
			return err
		}
		g.link = "/portal/enter/" + pass
		return g.reads(ctx, tx)
	})
	return g
}

func (g *guest) reads(ctx context.Context, tx *db.Tx) error {
	who, err := portal.Who(ctx, tx, g.token)
	if err != nil {
		return err
	}
	list, _, err := portal.List(ctx, tx, who, portal.Find{Solved: true})
	if err == nil && len(list) > 0 {
		g.talk = list[0].ID
	}
	return err
}

// formViews are the pages of the shop's form. Their language stands in the address.
func formViews(reader *house.Visitor, h *house.House) []view {
	list := []view{
		{route: "/f/{form}", name: "form", path: "/f/repair?lang=LANG", tall: 1500},
		{name: "form-broken", path: "/f/repair?lang=LANG&wish=repair", tall: 1600, do: func(tab *browser.Tab) {
			tab.Allow("status of 422")
			tab.Type("[name=email]", "hana at home")
			tab.Click(".sheet__foot .btn--main")
			tab.Wait(".field__error")
		}},
		{name: "form-sent", path: "/f/repair?lang=LANG&sent"},
		{route: "/f/{form}/embed", name: "form-frame", path: "/f/repair/embed?lang=LANG", tall: 1300},
	}
	for i := range list {
		list[i].house, list[i].as = h, reader
	}
	return list
}

// portalViews are the pages of the portal, as a customer sees them.
func portalViews(t *testing.T, h *house.House) []view {
	g, reader := guestOf(t, h), h.Stranger()
	list := []view{
		{route: "/portal", name: "portal", path: "/portal?show=solved", guest: g.token},
		{name: "portal-none", path: "/portal?q=zzzz", guest: g.token},
		{route: "/portal/talks/{id}", name: "portal-talk", path: "/portal/talks/" + g.talk.String(), guest: g.token, tall: 1300},
		{route: "/portal/new", name: "portal-new", path: "/portal/new", guest: g.token, tall: 1100},
		{name: "portal-found", path: "/portal/new", guest: g.token, tall: 1300, do: func(tab *browser.Tab) {
			tab.Type("[name=subject]", map[string]string{"ko": "생각보다 커서 반품하려는데 어떻게 하면 되나요?", "en": "The light keeps flickering when I dim it"}[browser.Eval[string](tab, `document.documentElement.lang`)])
			tab.Wait(".found2 button")
		}},
		{route: "/portal/help/{slug}", name: "portal-article", path: "/portal/help/ARTICLE", guest: g.token, tall: 1300},
		{route: "/portal/helped", name: "portal-helped", path: "/portal/helped", guest: g.token},
		{route: "/portal/sessions", name: "portal-sessions", path: "/portal/sessions", guest: g.token},
	}
	for i := range list {
		list[i].house, list[i].as = h, reader
	}
	stranger := h.Stranger()
	for _, v := range []view{
		{route: "/portal/sign-in", name: "portal-sign-in", path: "/portal/sign-in?lang=LANG"},
		{name: "portal-asked", path: "/portal/sign-in?lang=LANG&asked"},
		{route: "/portal/enter/{token}", name: "portal-enter", path: g.link + "?lang=LANG"},
		{name: "portal-dead", path: "/portal/enter/" + strings.Repeat("a", 40) + "?lang=LANG", says: 404},
	} {
		v.house, v.as = h, stranger
		list = append(list, v)
	}
	return list
}

// Somebody builds a form: a question is moved with the keyboard and dragged by its dots, and the preview follows in both languages.
func TestTheBuilderOfForms(t *testing.T) {
	rig.Need(t, "chromium")
	shop := shop(t)
	tab := browser.Open(t).Tab(t)
	tab.Cookie(shop.URL, "baraji", shop.as.Session())
	tab.Header("Accept-Language", "ko")
	tab.Size(1600, 1200)
	tab.Go(shop.URL + shop.link(t, "/settings/forms", `/settings/forms/frm_[^"/?]+`))
	order := func() string {
		return browser.Eval[string](tab, `[...document.querySelectorAll("[data-q] [name$='.key']")].map(k => k.value).slice(0, 4).join(" ")`)
	}
	seen := func(lang, text string) {
		t.Helper()
		tab.Wait(`iframe[data-lang="` + lang + `"][srcdoc*="` + text + `"]`)
	}
	seen("ko", "주문 번호")
	seen("en", "Order number")

	browser.Eval[bool](tab, `(() => { document.querySelector("[data-q]:nth-child(2) .q__acts [value^=up]").focus(); return true })()`)
	tab.Press(kb.Enter)
	tab.Wait(`[data-q]:first-child [aria-label*="메일 주소"]`)
	if got := order(); got != "email name phone order_number" {
		t.Errorf("moved by the keyboard: %s", got)
	}
	browser.Eval[bool](tab, `(() => {
		const rows = [...document.querySelectorAll("[data-q]")], grip = rows[3].querySelector("[data-grip]"), box = grip.getBoundingClientRect(), to = rows[0].getBoundingClientRect();
		const send = (on, type, x, y) => on.dispatchEvent(new PointerEvent(type, { bubbles: true, cancelable: true, pointerId: 1, clientX: x, clientY: y }));
		grip.setPointerCapture = () => {};
		send(grip, "pointerdown", box.x + 2, box.y + 2);
		send(document, "pointermove", to.x + 40, to.y + 3);
		send(document, "pointerup", to.x + 40, to.y + 3);
		return true;
	})()`)
	if got := order(); got != "order_number email name phone" {
		t.Errorf("dragged: %s", got)
	}
	browser.Eval[bool](tab, `(() => { document.querySelector("[data-q] > details").open = true; const l = document.querySelector("[data-q] [name$='.label.en']"); l.value = "Which order?"; l.dispatchEvent(new Event("input", { bubbles: true })); return true })()`)
	seen("en", "Which order?")
	tab.Click(".set__foot .btn--main")
	tab.Wait(".toast")
	if got := browser.Eval[string](tab, `document.querySelector("[data-q] [name$='.label.en']").value`); got != "Which order?" {
		t.Errorf("the question is now %q", got)
	}
	if got := order(); got != "order_number email name phone" {
		t.Errorf("saved: %s", got)
	}
}

// A question that depends on another comes and goes, articles are offered while one types, and what is wrong has the focus.
func TestAFormInTheBrowser(t *testing.T) {
	rig.Need(t, "chromium")
	shop := shop(t)
	tab := browser.Open(t).Tab(t)
	tab.Go(shop.URL + "/f/repair?lang=ko")
	visible := func() bool { return browser.Eval[bool](tab, `document.querySelector("#f-broken").checkVisibility()`) }
	if visible() {
		t.Error("a question is asked whose time has not come")
	}
	tab.Click(`[name=wish][value=repair]`)
	if !visible() {
		t.Error("a question is not asked")
	}
	tab.Type("#f-text", "깜빡임")
	tab.Wait("[data-found] .found a")
	tab.Allow("status of 422")
	tab.Click(".sheet__foot .btn--main")
	tab.Wait(".field__error")
	if at := browser.Eval[string](tab, `document.activeElement.id`); at != "f-name" {
		t.Errorf("the focus is on %q", at)
	}
	if kept := browser.Eval[string](tab, `document.querySelector("#f-text").value`); kept != "깜빡임" {
		t.Errorf("what was typed is now %q", kept)
	}
}

// What a form says of a customer whom the shop knew stands beside the talk, and counts when somebody takes it.
func TestAClaimIsTaken(t *testing.T) {
	rig.Need(t, "chromium")
	shop := shop(t)
	var talk conversation.ID
	shop.as.Do(func(ctx context.Context, tx *db.Tx) error {
		if _, err := contact.DefineField(ctx, tx, contact.Field{Holder: contact.OfContact, Key: "shade", Korean: "좋아하는 갓", English: "Favourite shade", Type: contact.ChoiceField, Choices: []string{"한지", "유리"}}); err != nil {
			return err
		}
		owns, err := form.Owns(ctx, tx)
		if err != nil {
			return err
		}
		text := func(s string) form.Text { return form.Text{"ko": s, "en": s} }
		d := form.Definition{Title: text("설문"), Fields: []form.Field{{Key: "email", Kind: form.Email, Label: text("메일"), Required: true}, {Key: "text", Kind: form.Long, Label: text("내용")}}}
		for _, o := range owns {
			if o.As == "contact:shade" {
				d.Fields = append(d.Fields, o.Ask("shade"))
			}
		}
		made, err := form.Create(ctx, tx, form.Form{Name: "설문", Slug: "survey", Inbox: shop.Inbox.ID, Definition: d})
		if err == nil {
			err = form.SetState(ctx, tx, made.ID, form.Live)
		}
		if err != nil {
			return err
		}
		address, err := db.Value[string](ctx, tx, `SELECT a.value FROM contact_address a JOIN contact c ON c.id = a.contact_id WHERE a.kind = 'email' AND c.merged_into = 0 ORDER BY c.id LIMIT 1`)
		if err != nil {
			return err
		}
		_, err = shop.Forms.Submit(ctx, tx, made.ID, form.Sent{Stamp: shop.Forms.Stamp(made.ID, 1, tx.Now().Add(-time.Minute)), Language: "ko", From: "203.0.113.77",
			Answers: form.Answers{"email": {address}, "text": {"한지가 좋아요."}, "shade": {"한지"}}})
		if err != nil {
			return err
		}
		list, _, err := conversation.List(ctx, tx, conversation.Filter{}, conversation.Page{Sort: conversation.Created, Limit: 1})
		talk = list[0].ID
		return err
	})
	tab := browser.Open(t).Tab(t)
	tab.Cookie(shop.URL, "baraji", shop.as.Session())
	tab.Size(1440, 900)
	tab.Go(shop.URL + "/inbox/" + talk.String() + "?view=all")
	tab.Wait(".claims button[value=take]")
	tab.NoViolations()
	if dir := os.Getenv("BARAJI_SCREENSHOTS"); dir != "" {
		tab.Screenshot(dir + "/inbox-claim.png")
	}
	tab.Click(".claims button[value=take]")
	tab.Wait(".toast")
	eventually(t, tab, "it is part of what is known", `!document.querySelector(".claims") && [...document.querySelectorAll("#side .facts dd")].some(d => d.innerText === "한지")`)
}
