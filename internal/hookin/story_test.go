package hookin_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	reference "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/hookin"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

const order = `{"id": 7, "customer": {"email": "Bora@x.example", "name": "보라", "company": "Haneul", "tier": "gold"}, "items": [{"sku": "L-1"}, {"sku": "L-2"}], "note": "{secret} \"late\"", "total": 12000}`

var whole = []string{"customer.email", "customer.email", "customer.name", "customer.name", "customer.company", "customer.company", "customer.stage", `"post-sale"`, "customer.tag", "customer.tier, x",
	"customer.field.club", "customer.tier", "conversation.subject", "Order {id} is late", "conversation.text", "{note}: {items[].sku}", "conversation.tag", `"shop, late"`, "value.sku", "items[0].sku", "value.total", "total"}

// A shop tells of an order: the customer is made, described and tagged, a conversation stands in the inbox, and a fact says so to rules.
func TestAnOrderComesIn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		rows := append([]string{}, whole...)
		rows[9] = "customer.tier"
		k, key := h.hook(bearer, rows...)
		h.do(func(ctx context.Context, tx *db.Tx) error {
			k.Mapping.Inbox = h.door.ID
			return hookin.Change(ctx, tx, k.ID, hookin.Given{Name: k.Name, Proof: k.Proof, Mapping: k.Mapping})
		})
		if code := h.send(k, order, "Authorization", "Bearer "+key); code != 200 {
			t.Fatal(code)
		}
		p, list := h.find("bora@x.example"), h.items(k)
		if p.Name != "보라" || p.CompanyName != "Haneul" || string(p.Stage) != "post-sale" || fmt.Sprint(p.Tags) != "[gold]" || p.Values["club"] != "gold" {
			t.Errorf("%+v", p)
		}
		if len(list) != 1 || list[0].State != hookin.Done || list[0].Raw != order || list[0].Contact != p.ID || list[0].Found["sku"] != "L-1" || list[0].Found["total"] != "12000" {
			t.Fatalf("%+v", list)
		}
		h.do(func(ctx context.Context, tx *db.Tx) error {
			c, err := conversation.Get(ctx, tx, list[0].Conversation)
			if err != nil {
				return err
			}
			m, err := conversation.Messages(ctx, tx, c.ID, 0, 10)
			if err != nil || c.Subject != "Order 7 is late" || c.Inbox != h.door.ID || c.Contact != p.ID || fmt.Sprint(c.Tags) != "[late shop]" || len(m) != 1 || m[0].Text != `{secret} "late": L-1, L-2` {
				t.Errorf("%+v %+v", c, m)
			}
			facts, err := event.OfKind(ctx, tx, c.ID.String(), "hookin.received", 10)
			if len(facts) != 1 || strings.Contains(string(facts[0].Body), "Bora") || strings.Contains(string(facts[0].Body), "L-1") || !strings.Contains(string(facts[0].Body), list[0].ID.String()) {
				t.Errorf("%+v", facts)
			}
			return err
		})
		// The same customer, with something else: he is found, not made again.
		h.send(k, strings.Replace(order, `"id": 7`, `"id": 8`, 1), "Authorization", "Bearer "+key)
		if list := h.items(k); len(list) != 2 || list[0].Contact != p.ID {
			t.Errorf("%+v", list)
		}
	})
}

// Each way to prove who sends: what is right is taken, all else is 401, counted, and not kept.
func TestWhoMaySend(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		const body = `{"a": 1}`
		std, stdKey := h.hook(hookin.Proof{Scheme: hookin.Standard})
		git, gitKey := h.hook(hookin.Proof{Scheme: hookin.GitHub})
		shop, shopKey := h.hook(hookin.Proof{Scheme: hookin.Shopify})
		own, ownKey := h.hook(hookin.Proof{Scheme: hookin.HMAC, Header: "x-sign", Encoding: "hex", IDHeader: "x-id"})
		tok, tokKey := h.hook(bearer)
		w, err := reference.NewWebhook(stdKey)
		if err != nil {
			t.Fatal(err)
		}
		sign := func(id string, at time.Time) []string {
			s, err := w.Sign(id, at, []byte(body))
			if err != nil {
				t.Fatal(err)
			}
			return []string{"webhook-id", id, "webhook-timestamp", fmt.Sprint(at.Unix()), "webhook-signature", "v1,AAAA " + s}
		}
		now := h.Clock.Now()
		old, early := sign("m2", now.Add(-6*time.Minute)), sign("m3", now.Add(6*time.Minute))
		other := sign("m1", now)
		other[1] = "m9"
		for name, test := range map[string]struct {
			k    hookin.Hook
			head []string
			ok   bool
		}{
			"standard":           {std, sign("m1", now), true},
			"a little late":      {std, sign("m4", now.Add(-4*time.Minute)), true},
			"too late":           {std, old, false},
			"too early":          {std, early, false},
			"another id":         {std, other, false},
			"no signature":       {std, nil, false},
			"no time":            {std, append(sign("m5", now), "webhook-timestamp", "x"), false},
			"github":             {git, []string{"X-Hub-Signature-256", "sha256=" + inHex(gitKey, body), "X-GitHub-Delivery", "d1"}, true},
			"github, other key":  {git, []string{"X-Hub-Signature-256", "sha256=" + inHex(gitKey+"x", body)}, false},
			"github, other body": {git, []string{"X-Hub-Signature-256", "sha256=" + inHex(gitKey, body+" ")}, false},
			"github, empty":      {git, []string{"X-Hub-Signature-256", "sha256="}, false},
			"github, old sort":   {git, []string{"X-Hub-Signature", "sha1=" + inHex(gitKey, body)}, false},
			"shopify":            {shop, []string{"X-Shopify-Hmac-Sha256", inBase64(shopKey, body)}, true},
			"shopify in hex":     {shop, []string{"X-Shopify-Hmac-Sha256", inHex(shopKey, body)}, false},
			"own":                {own, []string{"X-Sign", strings.ToUpper(inHex(ownKey, body))}, true},
			"own, cut":           {own, []string{"X-Sign", inHex(ownKey, body)[:10]}, false},
			"bearer":             {tok, []string{"Authorization", "bearer " + tokKey}, true},
			"bearer, cut":        {tok, []string{"Authorization", "Bearer " + tokKey[:10]}, false},
			"bearer, basic":      {tok, []string{"Authorization", "Basic " + tokKey}, false},
			"bearer, none":       {tok, nil, false},
		} {
			before, refused := len(h.items(test.k)), h.get(test.k).Refused
			code := h.send(test.k, body, test.head...)
			kept, counted := len(h.items(test.k))-before, h.get(test.k).Refused-refused
			if test.ok && (code != 200 || kept != 1 || counted != 0) || !test.ok && (code != 401 || kept != 0 || counted != 1) {
				t.Errorf("%s: %d, %d kept, %d counted", name, code, kept, counted)
			}
		}
	})
}

func (h *house) get(k hookin.Hook) (out hookin.Hook) {
	h.t.Helper()
	h.do(func(ctx context.Context, tx *db.Tx) (err error) { out, err = hookin.Get(ctx, tx, k.ID); return err })
	return out
}

// What comes twice is answered twice and taken once, by the sender's id or, where there is none, by what it is.
func TestWhatComesTwiceIsTakenOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		k, key := h.hook(hookin.Proof{Scheme: hookin.Bearer, IDHeader: "X-Id"}, "customer.email", "email", "conversation.text", "text")
		auth := []string{"Authorization", "Bearer " + key}
		for _, body := range []string{`{"email": "a@x.example", "text": "one"}`, `{"email": "a@x.example", "text": "changed"}`} {
			for range 2 {
				if code := h.send(k, body, append(auth, "X-Id", "m1")...); code != 200 {
					t.Error(code)
				}
			}
		}
		if n := len(h.items(k)); n != 1 {
			t.Errorf("%d of one id", n)
		}
		for range 3 {
			h.send(k, `{"email": "a@x.example", "text": "no id"}`, auth...)
		}
		if n := len(h.items(k)); n != 2 {
			t.Errorf("%d are kept", n)
		}
		n := 0
		h.do(func(ctx context.Context, tx *db.Tx) (err error) {
			n, err = db.Value[int](ctx, tx, `SELECT COUNT(*) FROM conversation`)
			return err
		})
		if n != 2 {
			t.Errorf("%d conversations", n)
		}
	})
}

// What is too large, no JSON, sent to nobody or to a hook that is off is not taken; a form is.
func TestWhatIsNotTaken(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		k, key := h.hook(bearer, "customer.email", "email", "value.kind", "kind[0]")
		auth := []string{"Authorization", "Bearer " + key}
		for body, want := range map[string]int{`{"a"`: 400, "": 400, "a=b": 400, `{} {}`: 400, "\xff": 400, `"` + strings.Repeat("x", hookin.Most) + `"`: 413, strings.Repeat("[", 20_000): 400} {
			if code := h.send(k, body, auth...); code != want {
				t.Errorf("%.20q: %d", body, code)
			}
		}
		if n := len(h.items(k)); n != 0 {
			t.Errorf("%d are kept", n)
		}
		if code := h.send(k, "email=form%40x.example&kind=a&kind=b", append(auth, "Content-Type", "application/x-www-form-urlencoded; charset=utf-8")...); code != 200 || h.find("form@x.example").ID == 0 || h.items(k)[0].Found["kind"] != "a" {
			t.Errorf("a form: %d, %+v", code, h.items(k))
		}
		if code := h.send(hookin.Hook{Address: "nobody"}, `{}`, auth...); code != 404 {
			t.Error(code)
		}
		h.do(func(ctx context.Context, tx *db.Tx) error { return hookin.Switch(ctx, tx, k.ID, false) })
		if code := h.send(k, `{"a": 1}`, auth...); code != 503 {
			t.Error(code)
		}
		r, err := http.Get(h.url + k.Path())
		if err != nil || r.StatusCode != 405 {
			t.Errorf("GET: %v %v", r, err)
		}
	})
}

// What does not fit the mapping says why, changes nothing, and is tried again when the mapping is mended.
func TestWhatDoesNotFitIsMended(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		k, key := h.hook(bearer, "customer.email", "mail", "customer.stage", "stage")
		h.send(k, `{"mail": "a@x.example", "stage": "moon"}`, "Authorization", "Bearer "+key)
		h.send(k, `{"email": "b@x.example"}`, "Authorization", "Bearer "+key)
		list := h.items(k)
		if len(list) != 2 || list[0].State != hookin.Failed || list[1].State != hookin.Failed || !strings.Contains(list[1].Why[i18n.English], "moon") || !strings.Contains(list[0].Why[i18n.Korean], "고객") {
			t.Fatalf("%+v", list)
		}
		if h.find("a@x.example").ID != 0 {
			t.Error("half of it was done")
		}
		h.do(func(ctx context.Context, tx *db.Tx) error {
			if err := hookin.Change(ctx, tx, k.ID, hookin.Given{Name: k.Name, Proof: k.Proof, Mapping: hookin.Mapping{Rows: []hookin.Row{{To: "customer.email", From: "mail"}, {To: "customer.email", From: "email"}}}}); err != nil {
				return err
			}
			for _, i := range list {
				if err := hookin.Again(ctx, tx, k.ID, i.ID); err != nil {
					return err
				}
			}
			return nil
		})
		if err := h.jobs.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if h.find("a@x.example").ID == 0 || h.find("b@x.example").ID == 0 {
			t.Error("they are not there")
		}
		if err := h.try(func(ctx context.Context, tx *db.Tx) error { return hookin.Again(ctx, tx, k.ID, list[0].ID) }); problem.KindOf(err) != problem.Conflict {
			t.Error(err)
		}
	})
}

// A new secret is valid at once, the old one for a day beside it, or no more at all.
func TestANewSecret(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		k, old := h.hook(bearer)
		rotate := func(atOnce bool) (text string) {
			h.do(func(ctx context.Context, tx *db.Tx) (err error) {
				text, err = h.hooks.Rotate(ctx, tx, k.ID, "", atOnce)
				return err
			})
			return text
		}
		n := 0
		code := func(key string) int {
			n++
			return h.send(k, fmt.Sprintf(`{"n": %d}`, n), "Authorization", "Bearer "+key)
		}
		newer := rotate(false)
		if code(old) != 200 || code(newer) != 200 {
			t.Error("one of both is not taken")
		}
		h.Clock.Advance(day + time.Minute)
		if code(old) != 401 || code(newer) != 200 {
			t.Error("the old one is still taken, or the new one not")
		}
		if last := rotate(true); code(newer) != 401 || code(last) != 200 {
			t.Error("the one that is lost is still taken")
		}
		rows := ""
		h.do(func(ctx context.Context, tx *db.Tx) (err error) {
			rows, err = db.Value[string](ctx, tx, `SELECT sealed FROM hookin`)
			return err
		})
		if strings.Contains(rows, newer) {
			t.Error("it stands there in plain")
		}
	})
}

// What came goes with the customer, with the conversation, and after thirty days; also what came about him and was done for nobody.
func TestWhatCameIsForgotten(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		k, key := h.hook(bearer, "customer.email", "email", "conversation.text", "text")
		auth := []string{"Authorization", "Bearer " + key}
		h.send(k, `{"email": "a@x.example", "text": "Hi"}`, auth...)
		h.send(k, `{"mail": "A@X.example"}`, auth...)
		h.send(k, `{"email": "b@x.example"}`, auth...)
		who := h.find("a@x.example")
		h.do(func(ctx context.Context, tx *db.Tx) error {
			made, err := contact.Export(ctx, tx, who.ID)
			if text, _ := json.Marshal(made); err != nil || !strings.Contains(string(text), "hkn_") {
				t.Errorf("%s %v", text, err)
			}
			return contact.Erase(ctx, tx, who.ID)
		})
		if list := h.items(k); len(list) != 1 || !strings.Contains(list[0].Raw, "b@x.example") {
			t.Errorf("%+v", list)
		}
		h.Clock.Advance(hookin.Keep + time.Hour)
		h.do(hookin.Forget)
		if n := len(h.items(k)); n != 0 {
			t.Errorf("%d are left", n)
		}
	})
}

// Who may not, may nothing; what cannot be is refused with a sentence.
func TestWhoMayMakeIncomingWebhooks(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		k, _ := h.hook(bearer)
		for _, a := range []team.Actor{{Person: 1, See: team.SeeEverything, Rights: []team.Right{team.ManageSettings, team.EditContacts}}, {Person: 1, Rights: []team.Right{team.ManageTokens}}, {Person: 1, Masked: true, Rights: []team.Right{team.ManageTokens, team.EditContacts}}} {
			ctx := team.With(context.Background(), a)
			for name, try := range map[string]func(tx *db.Tx) error{
				"list":   func(tx *db.Tx) error { _, err := hookin.List(ctx, tx); return err },
				"items":  func(tx *db.Tx) error { _, err := hookin.Items(ctx, tx, k.ID, "", 0, 1); return err },
				"make":   func(tx *db.Tx) error { _, _, err := h.hooks.Make(ctx, tx, hookin.Given{}); return err },
				"change": func(tx *db.Tx) error { return hookin.Change(ctx, tx, k.ID, hookin.Given{}) },
				"switch": func(tx *db.Tx) error { return hookin.Switch(ctx, tx, k.ID, false) },
				"rotate": func(tx *db.Tx) error { _, err := h.hooks.Rotate(ctx, tx, k.ID, "", true); return err },
				"try":    func(tx *db.Tx) error { _, err := hookin.Try(ctx, tx, k.ID, "{}"); return err },
				"delete": func(tx *db.Tx) error { return hookin.Delete(ctx, tx, k.ID) },
			} {
				if err := h.Write(ctx, try); problem.KindOf(err) != problem.Forbidden {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
		for name, g := range map[string]hookin.Given{
			"no name":     {Proof: bearer},
			"no scheme":   {Name: "x"},
			"no header":   {Name: "x", Proof: hookin.Proof{Scheme: hookin.HMAC, Encoding: "hex"}},
			"bad header":  {Name: "x", Proof: hookin.Proof{Scheme: hookin.HMAC, Encoding: "hex", Header: "a b"}},
			"short key":   {Name: "x", Proof: bearer, Secret: "short"},
			"no path":     {Name: "x", Proof: bearer, Mapping: hookin.Mapping{Rows: []hookin.Row{{To: "customer.email", From: "a..b"}}}},
			"no target":   {Name: "x", Proof: bearer, Mapping: hookin.Mapping{Rows: []hookin.Row{{To: "customer.password", From: "a"}}}},
			"no field":    {Name: "x", Proof: bearer, Mapping: hookin.Mapping{Rows: []hookin.Row{{To: "customer.field.moon", From: "a"}}}},
			"bad value":   {Name: "x", Proof: bearer, Mapping: hookin.Mapping{Rows: []hookin.Row{{To: "value.A b", From: "a"}}}},
			"no customer": {Name: "x", Proof: bearer, Mapping: hookin.Mapping{Rows: []hookin.Row{{To: "conversation.text", From: "a"}}}},
			"no inbox":    {Name: "x", Proof: bearer, Mapping: hookin.Mapping{Inbox: 7}},
		} {
			if err := h.try(func(ctx context.Context, tx *db.Tx) error { _, _, err := h.hooks.Make(ctx, tx, g); return err }); problem.KindOf(err) != problem.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
