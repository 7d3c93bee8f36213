package settings_test

import (
	"testing"

	"baraji/internal/team"
	"baraji/test/rig/house"
)

// An incoming webhook is made, mapped by a sample, tried, given a new secret, switched off and deleted on its pages.
func TestIncomingWebhooksOnTheirPages(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		h.Furnish()
		m := h.Mina
		m.Get("/settings/incoming").Is(200).Says("No incoming webhook yet")
		h.As("ida", team.Agent).Get("/settings/incoming").Is(403)
		m.Post("/settings/incoming/new", "name", "", "scheme", "bearer").Is(422).Says("Give it a name")
		made := m.Post("/settings/incoming/new", "name", "Orders", "scheme", "standard").Is(200).Says("whsec_", "/in/", "webhook-signature")
		path := made.Find(`(/settings/incoming/hkn_[a-z0-9]+)`)
		m.Get(path).Is(200).Says("Orders", "Nothing yet", "say under Mapping").Hides("whsec_")
		m.Get("/settings/incoming").Is(200).Says("Orders", "Standard Webhooks", "On")
		m.Post(path+"/test", "raw", "{").Is(422).Says("no JSON")
		m.Post(path+"/test", "raw", `{"buyer": {"mail": "bora@x.example"}, "number": "A-7"}`).Leads(path)
		m.Get(path).Is(200).Says("A-7", "Test")

		form := []string{"name", "Orders", "scheme", "standard", "encoding", "hex", "row", "0", "row.0.to", "customer.email", "row.0.from", "buyer.mail"}
		m.Get(path+"/edit").Is(200).Says("buyer.mail", "bora@x.example", "Value for rules")
		m.Post(path+"/edit", append(form, "do", "redraw")...).Is(200).Says("bora@x.example")
		m.Post(path+"/edit", append(form, "do", "use number")...).Is(200).Says("A-7", "Called")
		form[11] = "buyer..mail"
		m.Post(path+"/edit", append(form, "do", "save")...).Is(422).Says("This is no path")
		form[11] = "buyer.mail"
		m.Post(path+"/edit", append(form, "row", "1", "row.1.to", "value.", "row.1.name", "number", "row.1.from", "number", "do", "save")...).Leads(path)
		m.Post("/settings/rules/new", "when", "hookin.received", "c", "0", "c0.field", "hook.which", "a", "0", "a0.do", "tag", "do", "redraw").Is(200).Says("Which incoming webhook")
		m.Post(path+"/rotate").Is(200).Says("The new secret", "whsec_")
		m.Get(path).Is(200).Says("The old secret is valid too until")
		m.Post(path+"/rotate", "secret", "short").Is(422).Says("no secret of this sort")
		m.Post(path + "/off").Leads(path)
		m.Get(path).Is(200).Says("It is off")
		m.Post(path + "/delete").Leads("/settings/incoming")
		m.Get(path).Is(404)
	})
}
