package api

import (
	"bytes"
	"context"
	"errors"
	"mime/multipart"
	"strings"
	"testing"

	"baraji/internal/kit/db"
	"baraji/internal/team"
)

func TestFilesGoIntoMessagesAndComeBack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.opened("Lamp", "hana@example.com")
		raw := w.call(w.admin, "POST", "/attachments?name=..%2Fr%C3%A9sum%C3%A9.txt", "the bytes", "Content-Type", "text/plain", "Idempotency-Key", "f").want(201)
		again := w.call(w.admin, "POST", "/attachments?name=..%2Fr%C3%A9sum%C3%A9.txt", "the bytes", "Content-Type", "text/plain", "Idempotency-Key", "f").want(201)
		if raw["name"] != "résumé.txt" || raw["size"] != 9.0 || again["id"] != raw["id"] {
			t.Fatalf("uploaded %v, then %v", raw, again)
		}
		var form bytes.Buffer
		mp := multipart.NewWriter(&form)
		part, _ := mp.CreateFormFile("file", "a.bin")
		part.Write([]byte("more"))
		mp.Close()
		two := w.call(w.admin, "POST", "/attachments", form.Bytes(), "Content-Type", mp.FormDataContentType()).want(201)
		m := w.call(w.admin, "POST", "/conversations/"+id+"/messages",
			map[string]any{"kind": "note", "text": "See.", "attachments": []any{raw["id"], two["id"]}}).want(201)
		r := w.call(w.admin, "GET", "/attachments/"+at(m, "attachments.0.id").(string), nil)
		if r.Code != 200 || r.Body.String() != "the bytes" || !strings.HasPrefix(r.Header().Get("Content-Disposition"), "attachment;") ||
			!strings.Contains(r.Header().Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%d %q %v", r.Code, r.Body, r.Header())
		}
		p := w.call(w.admin, "POST", "/conversations/"+id+"/messages", map[string]any{"kind": "note", "text": "Again.", "attachments": []any{raw["id"]}}).want(422)
		if at(p, "errors.0.field") != "attachments" {
			t.Errorf("refused with %v", p)
		}
	})
}

func TestATokenIsShownOnceAndKeptSealed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		body := map[string]any{"name": "bot", "role": "light", "rate": 2}
		one := w.call(w.admin, "POST", "/tokens", body, "Idempotency-Key", "t").want(201)
		two := w.call(w.admin, "POST", "/tokens", body, "Idempotency-Key", "t").want(201)
		if one["token"] != two["token"] {
			t.Error("another token for the same key")
		}
		kept := ""
		err := w.Read(context.Background(), func(tx *db.Tx) (err error) {
			kept, err = db.Value[string](context.Background(), tx, `SELECT body FROM api_idempotency WHERE key = 't'`)
			return err
		})
		if err != nil || strings.Contains(kept, one["token"].(string)) {
			t.Errorf("the token can be read in the database: %v", err)
		}
		bot := one["token"].(string)
		w.call(bot, "GET", "/me", nil).want(200)
		w.call(bot, "GET", "/me", nil).want(200)
		if r := w.call(bot, "GET", "/me", nil); r.Code != 429 || r.Header().Get("Retry-After") == "" {
			t.Errorf("the third of two: %d", r.Code)
		}
		w.call(w.admin, "DELETE", "/tokens/"+one["id"].(string), nil).want(204)
		w.call(bot, "GET", "/me", nil).want(401)
	})
}

// TestACrashBeforeTheCommitLeavesNothing: what breaks between the command and its
// answer is done by the next request with the key, once (T15).
func TestACrashBeforeTheCommitLeavesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := &call{token: team.Token{ID: 5}, key: "k", body: []byte("{}"), path: "/x"}
		ctx := context.WithValue(w.system(), callKey{}, c)
		o, times := &operation{status: 201}, 0
		do := func(fail error) *answer {
			return w.server.once(ctx, "POST", "POST /x", o, func(ctx context.Context, tx *db.Tx) (any, error) {
				_, err := team.MakeTeam(ctx, tx, "Only", "")
				times++
				return Tag{"made"}, errors.Join(err, fail)
			})
		}
		if a := do(errors.New("the machine stopped")); a.status != 500 {
			t.Fatalf("%d %s", a.status, a.body)
		}
		for range 2 {
			if a := do(nil); a.status != 201 || string(a.body) != `{"name":"made"}` {
				t.Fatalf("%d %s", a.status, a.body)
			}
		}
		if times != 2 {
			t.Errorf("done %d times", times)
		}
	})
}

func TestTheLogInOrder(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.opened("Lamp", "hana@example.com")
		w.sealed()
		all := w.call(w.admin, "GET", "/events?kind=conversation&subject="+id, nil).want(200)
		if at(all, "items.0.kind") != "conversation.opened" || at(all, "items.1.kind") != "conversation.received" || at(all, "items.0.cause") != nil {
			t.Fatalf("log %v", all)
		}
		rest := w.call(w.admin, "GET", "/events?after="+at(all, "items.0.id").(string)+"&limit=1&subject="+id, nil).want(200)
		if at(rest, "items.0.id") != at(all, "items.1.id") {
			t.Errorf("after the first comes %v", rest)
		}
		w.call(w.token(team.Agent), "GET", "/events", nil).want(403)
	})
}

func TestErasingAndMerging(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a := w.call(w.admin, "POST", "/contacts", map[string]any{"name": "Hana", "email": "hana@example.com", "tags": []string{"VIP"}}).want(201)
		b := w.call(w.admin, "POST", "/contacts", map[string]any{"name": "Hana K", "phone": "010-1234-5678"}).want(201)
		id := a["id"].(string)
		m := w.call(w.admin, "POST", "/contacts/"+id+"/merge", map[string]any{"from": b["id"]}).want(200)
		if n := len(at(m, "contact.addresses").([]any)); n != 2 {
			t.Errorf("%d addresses after the merge", n)
		}
		w.call(w.admin, "POST", "/contacts/"+id+"/undo", map[string]any{"merge_id": m["merge_id"]}).want(200)
		if got := w.call(w.admin, "GET", "/contacts/"+id, nil).want(200); len(got["addresses"].([]any)) != 1 {
			t.Errorf("after the undo %v", got)
		}
		if f := w.call(w.admin, "GET", "/contacts/"+id+"/export", nil).want(200); f["format"] != "baraji.contact.1" {
			t.Errorf("export %v", f)
		}
		w.call(w.admin, "DELETE", "/contacts/"+id, nil).want(204)
		w.call(w.admin, "GET", "/contacts/"+id, nil).want(404)
	})
}

func TestPagesOfMessages(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.opened("Lamp", "hana@example.com")
		for range 4 {
			w.call(w.admin, "POST", "/conversations/"+id+"/messages", map[string]any{"kind": "note", "text": "n"}).want(201)
		}
		seen, cursor := 0, ""
		for {
			p := w.call(w.admin, "GET", "/conversations/"+id+"/messages?limit=2&cursor="+cursor, nil).want(200)
			seen += len(p["items"].([]any))
			next, more := p["next"].(string)
			if !more {
				break
			}
			cursor = next
		}
		if seen != 5 {
			t.Errorf("%d messages on all pages", seen)
		}
	})
}

func TestTheDescriptionForPeople(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := w.call("", "GET", "/api/docs", nil)
		if r.Code != 200 || !strings.Contains(r.Body.String(), "/api/v1/conversations/{id}/merge") || strings.Contains(r.Body.String(), "<script") ||
			strings.Contains(r.Body.String(), "style=") || !strings.Contains(r.Header().Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%d %v", r.Code, r.Header())
		}
		w.call("", "GET", "/api/docs.css", nil).want(200)
	})
}
