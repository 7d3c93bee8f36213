package settings_test

import (
	"context"
	"testing"

	"baraji/internal/automation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/outcall"
	"baraji/internal/team"
	"baraji/test/rig/house"
)

// A secret is kept, a rule that uses it is made, and what came of its requests stands on both pages; what the secret says on none.
func TestRequestsOnTheirPages(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		h.Furnish()
		m := h.Mina
		m.Get("/settings/secrets").Is(200).Says("No secrets yet")
		m.Get("/settings/requests").Is(200).Says("No requests yet")
		h.As("ida", team.Agent).Get("/settings/secrets").Is(403)
		m.Post("/settings/secrets/new", "name", "Shop Key", "host", "shop.example", "value", "s3cret").Is(422).Says("small letters").Hides("s3cret")
		m.Post("/settings/secrets/new", "name", "shop_key", "host", "https://Shop.example/", "value", "s3cret").Leads("/settings/secrets")
		secret := m.Get("/settings/secrets").Is(200).Says("shop_key", "shop.example").Find(`(/settings/secrets/sec_[a-z0-9]+)`)
		m.Get(secret).Is(200).Says("{secret.shop_key}").Hides("s3cret")
		m.Post(secret, "value", "a\nb").Is(422).Says("one line")
		m.Post(secret, "value", "n3wer").Leads("/settings/secrets")

		rule := []string{"name", "Tell the shop", "when", "conversation.received", "a", "0", "a0.do", "http", "a0.method", "POST", "a0.address", "https://elsewhere.example/x",
			"a0.headers", "Authorization: Bearer {secret.shop_key}", "a0.format", "json", "a0.body", `{"n": {conversation.number}}`, "do", "save"}
		m.Post("/settings/rules/new", rule...).Is(422).Says("goes to shop.example only")
		rule[11] = "https://{customer.name}.example/x"
		m.Post("/settings/rules/new", rule...).Is(422).Says("without placeholders")
		rule[11], rule[17] = "https://shop.example/orders", `{"n": {conversation.number}`
		m.Post("/settings/rules/new", rule...).Is(422).Says("no JSON")
		rule[17] = `{"n": {conversation.number}}`
		m.Post("/settings/rules/new", rule...)
		path := m.Get("/settings/rules").Is(200).Says("Tell the shop", "Call another system: POST, https://shop.example/orders").Find(`(/settings/rules/rul_[a-z0-9]+)`)
		m.Get(path+"/edit").Is(200).Says("Headers, one a line", "{secret.shop_key} → shop.example")

		var of automation.ID
		m.Do(func(ctx context.Context, tx *db.Tx) error {
			list, err := automation.List(ctx, tx)
			of = list[0].ID
			return err
		})
		m.Do(func(ctx context.Context, tx *db.Tx) error {
			id, err := outcall.Ask(event.As(ctx, automation.ActorName(of)), tx, outcall.Request{Method: "POST", Address: outcall.Text{{Text: "https://shop.example/orders"}},
				Headers: []outcall.Header{{Name: "Authorization", Value: outcall.Text{{Text: "Bearer "}, {Secret: "shop_key"}}}}}, outcall.About{Subject: "con_0000000000zz1"})
			if err != nil {
				return err
			}
			_, err = tx.Exec(ctx, `UPDATE outcall SET state = 'failed', why = 'status', status = 404, tries = 1 WHERE id = $1`, id)
			return err
		})
		for _, page := range []string{"/settings/requests", "/settings/requests?state=failed", path} {
			m.Get(page).Is(200).Says("POST shop.example", "Given up", "It answered 404.", "Bearer {secret.shop_key}", "Send again").Hides("n3wer")
		}
		m.Get("/settings/requests?state=done").Is(200).Says("None is in this state")
		retry := m.Get("/settings/requests").Find(`(/settings/requests/req_[a-z0-9]+/retry)`)
		m.Post(retry).Leads("/settings/requests")
		m.Get("/settings/requests?state=waiting").Is(200).Says("POST shop.example")
		m.Post(retry).Is(409)
		m.Post(secret + "/delete").Leads("/settings/secrets")
		m.Get(secret).Is(404)
	})
}
