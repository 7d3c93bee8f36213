package api

import "testing"

func TestTwoCompaniesBecomeOne(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		make := func(name, domain string) string {
			t.Helper()
			return w.call(w.admin, "POST", "/companies", map[string]any{"name": name, "domains": []string{domain}}).want(201)["id"].(string)
		}
		one, two := make("Solip", "solip.example"), make("Solip Busan", "busan.example")
		talk := w.call(w.admin, "POST", "/conversations", opening("Lamp", "a@busan.example")).want(201)
		if at(talk, "company_id") != two {
			t.Fatalf("the conversation is of %v", at(talk, "company_id"))
		}
		id := talk["id"].(string)
		made := w.call(w.admin, "POST", "/companies/"+one+"/merge", map[string]any{"from": two}, "Idempotency-Key", "m").want(200)
		again := w.call(w.admin, "POST", "/companies/"+one+"/merge", map[string]any{"from": two}, "Idempotency-Key", "m").want(200)
		if made["merge_id"] != again["merge_id"] || at(made, "company.domains.1") != "solip.example" {
			t.Errorf("merged: %v, and again: %v", made, again)
		}
		w.call(w.admin, "POST", "/companies/"+one+"/merge", map[string]any{"from": two}).want(422)
		if got := w.call(w.admin, "GET", "/companies/"+two, nil).want(200); got["id"] != one {
			t.Errorf("the old id leads to %v", got["id"])
		}
		if got := w.call(w.admin, "GET", "/conversations/"+id, nil).want(200); got["company_id"] != one {
			t.Errorf("the conversation is of %v", got["company_id"])
		}
		if got := w.call(w.admin, "GET", "/companies/"+one+"/merges", nil).want(200); at(got, "items.0.from") != two || at(got, "items.0.id") != made["merge_id"] {
			t.Errorf("merges: %v", got)
		}
		w.call(w.admin, "POST", "/companies/"+one+"/undo", map[string]any{"merge_id": "omg_0000000000001"}).want(409)
		if got := w.call(w.admin, "POST", "/companies/"+one+"/undo", nil).want(200); got["id"] != two {
			t.Errorf("back is %v", got)
		}
		if got := w.call(w.admin, "GET", "/conversations/"+id, nil).want(200); got["company_id"] != two {
			t.Errorf("the conversation is of %v", got["company_id"])
		}
		w.call(w.admin, "POST", "/companies/"+one+"/undo", nil).want(409)
	})
}
