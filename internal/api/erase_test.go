package api

import (
	"context"
	"strings"
	"testing"

	"baraji/internal/kit/db"
)

// kept are the answers to an Idempotency-Key.
func (w *world) kept() (list []string) {
	w.t.Helper()
	w.do(func(ctx context.Context, tx *db.Tx) (err error) {
		list, err = db.All(ctx, tx, func(r db.Row) (s string, err error) { return s, r.Scan(&s) }, `SELECT body FROM api_idempotency`)
		return err
	})
	return list
}

// An answer that is kept for its key says nothing of who was erased, and the request that made him makes him no second time.
func TestErasureReachesKeptAnswers(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.call(w.admin, "POST", "/contacts", map[string]any{"name": "윤하람", "email": "haram@solip.example"}, "Idempotency-Key", "one").want(201)["id"].(string)
		talk := opening("Lamp", "haram@solip.example")
		cnv := w.call(w.admin, "POST", "/conversations", talk, "Idempotency-Key", "two").want(201)["id"].(string)
		w.call(w.admin, "POST", "/conversations/"+cnv+"/messages", map[string]any{"kind": "note", "text": "He is called Haram."}, "Idempotency-Key", "three").want(201)
		w.call(w.admin, "POST", "/contacts", map[string]any{"name": "Bora", "email": "bora@solip.example"}, "Idempotency-Key", "four").want(201)
		w.call(w.admin, "DELETE", "/contacts/"+id, nil).want(204)
		for _, body := range w.kept() {
			if low := strings.ToLower(body); strings.Contains(low, "haram") || strings.Contains(low, "하람") {
				t.Errorf("still kept: %s", body)
			}
		}
		w.call(w.admin, "POST", "/contacts", map[string]any{"name": "윤하람", "email": "haram@solip.example"}, "Idempotency-Key", "one").want(404)
		w.call(w.admin, "POST", "/conversations", talk, "Idempotency-Key", "two").want(404)
		w.call(w.admin, "POST", "/contacts", map[string]any{"name": "Bora", "email": "bora@solip.example"}, "Idempotency-Key", "four").want(201)
	})
}
