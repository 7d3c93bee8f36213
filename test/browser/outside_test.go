package browser

import (
	"context"
	"strings"
	"testing"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/portal"
	"baraji/internal/team"
	"baraji/test/rig/browser"
	"baraji/test/rig/house"
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
