package api

import (
	"context"
	"encoding/json"
	"reflect"
	"testing"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/webhook"
)

// What a webhook sends is an event as the API tells it, to the letter.
func TestAWebhookTellsAnEventAsTheAPIDoes(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var sent []byte
		if err := w.log.Seal(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.do(func(ctx context.Context, tx *db.Tx) error {
			list, err := event.After(ctx, tx, 0, 1)
			if err != nil {
				return err
			}
			sent, err = webhook.Body(list[0])
			return err
		})
		var got struct{ Data any }
		var want struct{ Items []any }
		if err := json.Unmarshal(sent, &got); err != nil {
			t.Fatal(err)
		}
		json.Unmarshal(w.call(w.admin, "GET", "/events?limit=1", nil).Body.Bytes(), &want)
		if len(want.Items) != 1 || !reflect.DeepEqual(got.Data, want.Items[0]) {
			t.Errorf("%s\n%v", sent, want.Items)
		}
	})
}

// shownHook is what one reads of a webhook.
type shownHook struct {
	ID, About, State, Secret string
	Kinds                    []string
}

func TestWebhooks(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var made shownHook
		r := w.call(w.admin, "POST", "/webhooks", map[string]any{"address": "https://shop.example/in", "about": "The shop", "kinds": []string{"team.token_made", "team"}})
		if json.Unmarshal(r.Body.Bytes(), &made); r.Code != 201 || len(made.Secret) != 50 || len(made.Kinds) != 1 || made.Kinds[0] != "team" || made.State != "on" {
			t.Fatalf("%d %s", r.Code, r.Body)
		}
		for _, bad := range []map[string]any{{"address": "http://shop.example/in"}, {"address": "https://shop.example", "kinds": []string{"no.such"}}} {
			if r := w.call(w.admin, "POST", "/webhooks", bad); r.Code != 422 {
				t.Errorf("%v: %d %s", bad, r.Code, r.Body)
			}
		}
		at := "/webhooks/" + made.ID
		var got shownHook
		if r := w.call(w.admin, "PATCH", at, map[string]any{"kinds": []string{}, "state": "off"}); r.Code != 200 || json.Unmarshal(r.Body.Bytes(), &got) != nil || got.State != "off" || len(got.Kinds) != 0 || got.About != "The shop" {
			t.Errorf("%d %s", r.Code, r.Body)
		}
		if r := w.call(w.admin, "POST", at+"/test", nil); r.Code != 202 {
			t.Errorf("%d %s", r.Code, r.Body)
		}
		if r := w.call(w.admin, "POST", at+"/resend", map[string]any{"since": w.Clock.Now()}); r.Code != 409 {
			t.Errorf("%d %s", r.Code, r.Body)
		}
		var list struct {
			Items []struct {
				Test bool
				Kind string
			}
		}
		if r := w.call(w.admin, "GET", at+"/deliveries?state=waiting", nil); json.Unmarshal(r.Body.Bytes(), &list) != nil || len(list.Items) != 1 || !list.Items[0].Test || list.Items[0].Kind != "webhook.tried" {
			t.Errorf("%d %s", r.Code, r.Body)
		}
		var again shownHook
		if r := w.call(w.admin, "POST", at+"/rotate", nil); json.Unmarshal(r.Body.Bytes(), &again) != nil || again.Secret == made.Secret || len(again.Secret) != 50 {
			t.Errorf("%d %s", r.Code, r.Body)
		}
		if r := w.call(w.admin, "DELETE", at, nil); r.Code != 204 {
			t.Errorf("%d %s", r.Code, r.Body)
		}
		if r := w.call(w.admin, "GET", at, nil); r.Code != 404 {
			t.Errorf("%d %s", r.Code, r.Body)
		}
	})
}
