package api

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
)

func TestOpenConversation(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		body := opening("Lamp", "hana@example.com")
		body["tags"], body["stage"], body["priority"] = []string{"VIP"}, "pre-sale", "high"
		c := w.call(w.admin, "POST", "/conversations", body).want(201)
		for path, want := range map[string]any{"number": 1001.0, "status": "open", "stage": "pre-sale", "priority": "high", "channel": "api", "tags.0": "vip",
			"assignee_id": nil, "inbox_id": nil, "contact_name": "Hana", "created_at": "2026-01-05T00:00:00.000Z", "waiting_since": "2026-01-05T00:00:00.000Z",
			"first_reply_at": nil, "sla.state": "none", "sla.first_reply_due": nil, "merged_into": nil} {
			if got := at(c, path); got != want {
				t.Errorf("%s is %v, want %v", path, got, want)
			}
		}
		id := c["id"].(string)
		m := w.call(w.admin, "GET", "/conversations/"+id+"/messages", nil).want(200)
		for path, want := range map[string]any{"items.0.kind": "customer", "items.0.text": "Where is my lamp?", "items.0.from.address": "hana@example.com",
			"items.0.bounce": nil, "items.0.delivery": nil, "next": nil} {
			if got := at(m, path); got != want {
				t.Errorf("%s is %v, want %v", path, got, want)
			}
		}
		again := w.call(w.admin, "POST", "/conversations", opening("Other", "HANA@example.com")).want(201)
		if again["contact_id"] != c["contact_id"] {
			t.Error("the same address is another customer")
		}
	})
}

func TestReplyLeavesThroughTheInbox(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := w.call(w.admin, "POST", "/inboxes", map[string]any{"name": "Shop", "channel": "email", "address": "Help@shop.example", "auth_server": "mx.shop.example",
			"imap": map[string]any{"host": "127.0.0.1", "port": 1, "user": "u", "password": "geheim", "tls": false},
			"smtp": map[string]any{"host": "127.0.0.1", "port": 1, "username": "u", "password": "geheim", "security": "none"}}).want(201)
		if strings.Contains(fmt.Sprint(in), "geheim") || at(in, "imap.security") != "none" || at(in, "imap.username") != "u" || in["auth_server"] != "mx.shop.example" || at(in, "smtp.password_set") != true {
			t.Fatalf("inbox %v", in)
		}
		c := w.call(w.admin, "POST", "/conversations", opening("Lamp", "hana@example.com")).want(201)
		if c["inbox_id"] != in["id"] || c["channel"] != "api" {
			t.Fatalf("in %v by %v", c["inbox_id"], c["channel"])
		}
		m := w.call(w.admin, "POST", "/conversations/"+c["id"].(string)+"/messages", map[string]any{"kind": "reply", "text": "On its way."}).want(201)
		if at(m, "delivery.state") != "queued" || m["kind"] != "agent" {
			t.Fatalf("reply %v", m)
		}
		q := w.call(w.admin, "GET", "/queues", nil).want(200)
		if q["drained"] != false {
			t.Errorf("drained: %v", q)
		}
		named := opening("Lamp", "hana@example.com")
		named["inbox"] = in["id"]
		if c := w.call(w.admin, "POST", "/conversations", named).want(201); c["channel"] != "email" {
			t.Errorf("channel %v", c["channel"])
		}
	})
}

func TestChangeConversation(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.opened("Lamp", "hana@example.com")
		c := w.call(w.admin, "PATCH", "/conversations/"+id, map[string]any{"status": "snoozed", "snoozed_until": "2026-01-06T00:00:00Z", "tags": []string{"a", "b"},
			"subject": "Lamp, again", "severity": "major", "assignee_id": nil}).want(200)
		if c["status"] != "snoozed" || c["snoozed_until"] != "2026-01-06T00:00:00.000Z" || fmt.Sprint(c["tags"]) != "[a b]" || c["subject"] != "Lamp, again" || c["severity"] != "major" {
			t.Errorf("changed to %v", c)
		}
		p := w.call(w.admin, "PATCH", "/conversations/"+id, map[string]any{"status": "open", "stage": "never"}, "Accept-Language", "ko").want(422)
		if at(p, "errors.0.field") != "stage" || !strings.Contains(p["detail"].(string), "단계") {
			t.Errorf("refused with %v", p)
		}
		if c := w.call(w.admin, "GET", "/conversations/"+id, nil).want(200); c["status"] != "snoozed" {
			t.Error("half of a refused change stayed")
		}
	})
}

func TestRefusals(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, c := range []struct {
			name, token, method, path string
			body                      any
			status                    int
			field                     string
		}{
			{"no token", "", "GET", "/conversations", nil, 401, ""},
			{"a wrong token", "brj_wrong", "GET", "/conversations", nil, 401, ""},
			{"no such path", w.admin, "GET", "/leads", nil, 404, ""},
			{"no such path, no token", "", "GET", "/leads", nil, 401, ""},
			{"another method", w.admin, "PUT", "/conversations", nil, 405, ""},
			{"an unknown field", w.admin, "POST", "/conversations", `{"subject":"s","text":"t","from":{"email":"a@b.example"},"colour":1}`, 422, "colour"},
			{"a missing field", w.admin, "POST", "/conversations", `{"subject":"s","from":{"email":"a@b.example"}}`, 422, "text"},
			{"another type", w.admin, "POST", "/conversations", `{"subject":1,"text":"t","from":{"email":"a@b.example"}}`, 422, "subject"},
			{"no address", w.admin, "POST", "/conversations", `{"subject":"s","text":"t","from":{"name":"a"}}`, 422, "from"},
			{"a bad address", w.admin, "POST", "/conversations", `{"subject":"s","text":"t","from":{"email":"nobody"}}`, 422, "from.email"},
			{"NUL", w.admin, "POST", "/conversations", `{"subject":"a\u0000b","text":"t","from":{"email":"a@b.example"}}`, 422, ""},
			{"not JSON", w.admin, "POST", "/conversations", `{"subject`, 400, ""},
			{"too long a page", w.admin, "GET", "/conversations?limit=101", nil, 422, "limit"},
			{"no such cursor", w.admin, "GET", "/conversations?cursor=x", nil, 422, "cursor"},
			{"not an id", w.admin, "GET", "/conversations/1", nil, 404, ""},
			{"another's id", w.admin, "GET", "/conversations/cnv_00000000000000", nil, 404, ""},
			{"an id of another kind in a query", w.admin, "GET", "/conversations?contact=cnv_1", nil, 422, "contact"},
		} {
			t.Run(c.name, func(t *testing.T) {
				r := w.call(c.token, c.method, c.path, c.body)
				p := r.want(c.status)
				if got := r.Header().Get("Content-Type"); got != "application/problem+json" {
					t.Errorf("it is %s: %s", got, r.Body)
				}
				for _, name := range []string{"type", "title", "status", "detail", "errors"} {
					if _, ok := p[name]; !ok {
						t.Errorf("no %s in %v", name, p)
					}
				}
				if c.field != "" && at(p, "errors.0.field") != c.field {
					t.Errorf("errors %v, want one of %s", p["errors"], c.field)
				}
				if c.status == 401 && r.Header().Get("WWW-Authenticate") == "" {
					t.Error("no WWW-Authenticate")
				}
			})
		}
	})
}

func TestOneKeyOneConversation(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const many = 20
		answers := make([]reply, many)
		var wg sync.WaitGroup
		for i := range many {
			wg.Go(func() {
				answers[i] = w.call(w.admin, "POST", "/conversations", opening("Lamp", "hana@example.com"), "Idempotency-Key", "k1")
			})
		}
		wg.Wait()
		for _, a := range answers {
			if a.Code != http.StatusCreated || a.Body.String() != answers[0].Body.String() {
				t.Errorf("%d %s, the first %s", a.Code, a.Body, answers[0].Body)
			}
		}
		if n := len(w.call(w.admin, "GET", "/conversations", nil).want(200)["items"].([]any)); n != 1 {
			t.Errorf("%d conversations", n)
		}
		w.call(w.admin, "POST", "/conversations", opening("Other", "hana@example.com"), "Idempotency-Key", "k1").want(422)
		w.call(w.token("agent"), "POST", "/conversations", opening("Other", "hana@example.com"), "Idempotency-Key", "k1").want(201)
		w.call(w.admin, "POST", "/conversations", map[string]any{"subject": "x", "text": "", "from": map[string]any{"email": "a@b.example"}}, "Idempotency-Key", "k2").want(422)
		w.call(w.admin, "POST", "/conversations", opening("Good now", "hana@example.com"), "Idempotency-Key", "k2").want(201)
	})
}
