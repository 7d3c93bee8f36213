package api

import (
	"context"
	"testing"

	"baraji/internal/inbox"
	"baraji/internal/kit/db"
)

func TestAFormIsMadePublishedChangedAndRemoved(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var door inbox.Inbox
		w.do(func(ctx context.Context, tx *db.Tx) (err error) {
			door, err = inbox.Create(ctx, tx, inbox.Inbox{Name: "Mail", Channel: "email", Address: "forms@shop.example"})
			return err
		})
		text := func(s string) map[string]string { return map[string]string{"en": s, "ko": s} }
		asks := map[string]any{"title": text("Repair"), "fields": []any{
			map[string]any{"key": "email", "kind": "email", "label": text("Mail"), "required": true},
			map[string]any{"key": "kind", "kind": "choice", "label": text("Kind"), "choices": []any{map[string]any{"value": "lamp", "label": text("Lamp")}}},
			map[string]any{"key": "more", "kind": "long", "label": text("More"), "when": map[string]any{"field": "kind", "is": []string{"lamp"}}}}}
		made := w.call(w.admin, "POST", "/forms", map[string]any{"name": "Repair", "slug": "repair", "inbox_id": door.ID.String(), "definition": asks}).want(201)
		if made["state"] != "draft" || at(made, "definition.fields.2.when.field") != "kind" || at(made, "definition.title.ko") != "Repair" {
			t.Errorf("made %v", made)
		}
		id := made["id"].(string)
		w.call(w.admin, "POST", "/forms", map[string]any{"name": "Repair", "slug": "repair", "inbox_id": door.ID.String(), "definition": asks}).want(422)
		if got := w.call(w.admin, "PATCH", "/forms/"+id, map[string]any{"state": "live", "name": "Repairs"}).want(200); got["state"] != "live" || got["name"] != "Repairs" {
			t.Errorf("changed %v", got)
		}
		asks["fields"] = []any{}
		p := w.call(w.admin, "PATCH", "/forms/"+id, map[string]any{"definition": asks}).want(422)
		if at(p, "errors.0.field") != "fields" {
			t.Errorf("refused with %v", p)
		}
		if got := w.call(w.admin, "GET", "/forms", nil).want(200); at(got, "items.0.slug") != "repair" {
			t.Errorf("listed %v", got)
		}
		w.call(w.admin, "DELETE", "/forms/"+id, nil).want(204)
		w.call(w.admin, "GET", "/forms/"+id, nil).want(404)
	})
}
