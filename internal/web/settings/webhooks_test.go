package settings_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/team"
	"baraji/internal/webhook"
	"baraji/test/rig/house"
)

// A webhook is made, tried, given a new secret, switched off and deleted on its pages.
func TestWebhooksOnTheirPages(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		h.Furnish()
		m := h.Mina
		m.Get("/settings/webhooks").Is(200).Says("No webhook yet")
		h.As("ida", team.Agent).Get("/settings/webhooks").Is(403)
		m.Get("/settings/webhooks/new").Is(200).Says("Conversation opened", "All: Conversations")
		m.Post("/settings/webhooks/new", "address", "http://shop.example/in", "what", "all").Is(422).Says("https://")
		m.Post("/settings/webhooks/new", "address", "https://shop.example/in", "what", "some").Is(422).Says("Choose at least one kind of event")
		made := m.Post("/settings/webhooks/new", "address", "https://shop.example/in", "about", "The shop", "what", "some", "kinds", "conversation").Is(200).Says("whsec_", "createHmac")
		path := made.Find(`(/settings/webhooks/whk_[a-z0-9]+)`)
		m.Get(path).Is(200).Says("The shop", "shop.example", "Conversations").Hides("whsec_")
		m.Get("/settings/webhooks").Is(200).Says("The shop", "On")
		m.Post(path + "/test").Leads(path)
		m.Get(path+"?state=waiting").Is(200).Says("Webhook tried", "webhook-id: evt_", "Waiting")
		m.Post(path+"/edit", "address", "https://shop.example/in", "about", "Stock", "what", "all").Leads(path)
		m.Get(path).Is(200).Says("Stock", "Everything")
		if again := m.Post(path + "/rotate").Is(200).Says("The new secret"); again.Find(`(whsec_[A-Za-z0-9+/=]+)`) == made.Find(`(whsec_[A-Za-z0-9+/=]+)`) {
			t.Error("it is the old secret")
		}
		m.Get(path).Is(200).Says("signed with the old secret too")
		m.Post(path+"/resend", "since", "2000-01-01T00:00").Is(422).Says("last seven days")
		m.Post(path + "/off").Leads(path)
		m.Get(path).Is(200).Says("It has been off", "Switch on")
		m.Post(path+"/resend", "since", h.Clock.Now().Add(-time.Hour).Format("2006-01-02T15:04")).Is(409).Says("Switch it on first")
		m.Post(path + "/delete").Leads("/settings/webhooks")
		m.Get(path).Is(404)
		var left []webhook.Endpoint
		m.Do(func(ctx context.Context, tx *db.Tx) (err error) { left, err = webhook.List(ctx, tx); return err })
		if len(left) != 0 || !strings.HasPrefix(path, "/settings/webhooks/whk_") {
			t.Errorf("%d are left", len(left))
		}
	})
}
