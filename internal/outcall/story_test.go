package outcall_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/outcall"
	"baraji/internal/team"
)

// The receiver gets what was said, once, with a key by which it knows it again.
func TestARequestArrives(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.secret("shop", h.host, "s3cret \"quoted\"")
		r := h.post("/orders/7?x=%20")
		r.Headers = []outcall.Header{{Name: "Authorization", Value: outcall.Text{{Text: "Bearer "}, {Secret: "shop", As: outcall.InHeader}}}}
		r.Body = outcall.Text{{Text: `{"key": "`}, {Secret: "shop", As: outcall.InJSON}, {Text: `"}`}}
		id := h.asked(r, outcall.About{})
		c, got := h.get(id), h.arrived()
		if len(got) != 1 || got[0].path != "POST /orders/7?x=%20" || got[0].header.Get("Idempotency-Key") != id.String() || got[0].header.Get("Authorization") != `Bearer s3cret "quoted"` ||
			got[0].body != `{"key": "s3cret \"quoted\""}` || got[0].header.Get("Content-Type") != "application/json" {
			t.Fatalf("%+v", got)
		}
		if c.State != outcall.Done || c.Status != 204 || c.Tries != 1 || c.Why != "" {
			t.Errorf("%+v", c)
		}
		h.flow()
		if n := len(h.arrived()); n != 1 {
			t.Errorf("it came %d times", n)
		}
	})
}

// What may go better is tried again with pauses and the same key, what a receiver asks for is heeded, and after a day it is given up.
func TestWhatFailsIsTriedAgain(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.say = func(n int) int { return []int{500, 429, 204}[n-1] }
		id := h.asked(h.post("/"), outcall.About{})
		if c := h.get(id); c.State != outcall.Waiting || c.Status != 500 || c.Why != outcall.Refused {
			t.Fatalf("%+v", c)
		}
		h.Clock.Advance(time.Minute)
		h.flow()
		c := h.get(id)
		if c.Status != 429 || c.NextAt.Sub(c.At) < 590*time.Second {
			t.Fatalf("Retry-After: %+v", c)
		}
		h.Clock.Advance(11 * time.Minute)
		h.flow()
		if c := h.get(id); c.State != outcall.Done || c.Tries != 3 {
			t.Fatalf("%+v", c)
		}
		for _, a := range h.arrived() {
			if a.header.Get("Idempotency-Key") != id.String() {
				t.Error("another key")
			}
		}
		h.say = func(int) int { return 503 }
		id = h.asked(h.post("/"), outcall.About{})
		for range 60 {
			h.Clock.Advance(30 * time.Minute)
			h.flow()
		}
		if c := h.get(id); c.State != outcall.Failed || c.Tries < 8 {
			t.Fatalf("%+v", c)
		}
		var told int
		h.do(func(ctx context.Context, tx *db.Tx) (err error) {
			told, err = db.Value[int](ctx, tx, `SELECT COUNT(*) FROM notice WHERE words = 'notice.request_failed' AND person_id = $1`, h.mina)
			return err
		})
		if told != 1 {
			t.Errorf("Mina was told %d times", told)
		}
		h.say = nil
		h.do(func(ctx context.Context, tx *db.Tx) error { return outcall.Retry(ctx, tx, id) })
		h.flow()
		if c := h.get(id); c.State != outcall.Done {
			t.Errorf("%+v", c)
		}
		if err := h.try(func(ctx context.Context, tx *db.Tx) error { return outcall.Retry(ctx, tx, id) }); problem.KindOf(err) != problem.Conflict {
			t.Errorf("%v", err)
		}
	})
}

// What does not get better is given up at once.
func TestWhatIsRefusedIsGivenUp(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for code, why := range map[int]outcall.Why{400: outcall.Refused, 401: outcall.Refused, 404: outcall.Refused, 302: outcall.Redirected} {
			h.say = func(int) int { return code }
			before := len(h.arrived())
			if c := h.get(h.asked(h.post("/"), outcall.About{})); c.State != outcall.Failed || c.Why != why || c.Status != code || len(h.arrived()) != before+1 {
				t.Errorf("%d: %+v", code, c)
			}
		}
	})
}

// A secret goes to its host and to no other; where it is gone or is another's, nothing is sent at all.
func TestASecretGoesToItsHostOnly(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.secret("shop", "api.shop.example", "s3cret")
		mine := h.secret("mine", h.host, "other")
		for _, name := range []string{"shop", "nobody"} {
			r := h.post("/")
			r.Body = outcall.Text{{Text: `{"k": "`}, {Secret: name, As: outcall.InJSON}, {Text: `"}`}}
			var c problem.Check
			h.do(func(ctx context.Context, tx *db.Tx) error { return outcall.Check(ctx, tx, r, &c, "") })
			if c.Err() == nil {
				t.Errorf("%s: a rule may be made with it", name)
			}
			if got := h.get(h.asked(r, outcall.About{})); got.State != outcall.Failed || got.Why != outcall.NoSecret {
				t.Errorf("%s: %+v", name, got)
			}
		}
		r := h.post("/")
		r.Headers = []outcall.Header{{Name: "X-Key", Value: outcall.Text{{Secret: "mine"}}}}
		h.do(func(ctx context.Context, tx *db.Tx) error { return h.calls.ChangeSecret(ctx, tx, mine, "newer") })
		h.asked(r, outcall.About{})
		h.do(func(ctx context.Context, tx *db.Tx) error { return outcall.DeleteSecret(ctx, tx, mine) })
		if c := h.get(h.asked(r, outcall.About{})); c.Why != outcall.NoSecret {
			t.Errorf("%+v", c)
		}
		if got := h.arrived(); len(got) != 1 || got[0].header.Get("X-Key") != "newer" {
			t.Errorf("%+v", got)
		}
	})
}

// Neither the log nor the database, a page's text, an export nor a fact holds a secret.
func TestASecretIsNowhere(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.secret("shop", h.host, "s3cret-of-the-shop")
		h.say = func(int) int { return 500 }
		var who contact.ID
		h.do(func(ctx context.Context, tx *db.Tx) error {
			p, _, err := contact.Resolve(ctx, tx, contact.Sender{Name: "Bora", Email: "bora@x.example"})
			who = p.ID
			return err
		})
		r := h.post("/")
		r.Address = outcall.Text{{Text: "http://" + h.host + "/"}, {Secret: "shop", As: outcall.InURL}, {Text: "?n=Bora"}}
		r.Headers = []outcall.Header{{Name: "X-Key", Value: outcall.Text{{Secret: "shop"}}}}
		c := h.get(h.asked(r, outcall.About{Contact: who, Subject: who.String()}))
		broken := h.post("/")
		broken.Address = outcall.Text{{Text: "http://127.0.0.1:1/"}, {Secret: "shop", As: outcall.InURL}}
		h.asked(broken, outcall.About{})
		var all []string
		h.do(func(ctx context.Context, tx *db.Tx) error {
			made, err := contact.Export(ctx, tx, who)
			if err != nil {
				return err
			}
			export, err := json.Marshal(made)
			if err != nil {
				return err
			}
			if !strings.Contains(string(export), "?n=Bora") {
				t.Errorf("the export does not say what was told of him: %s", export)
			}
			facts, err := event.After(ctx, tx, 0, 1000)
			if err != nil {
				return err
			}
			rows, err := db.All(ctx, tx, func(r db.Row) (s string, err error) { return s, r.Scan(&s) }, `SELECT body FROM outcall UNION ALL SELECT sealed FROM outcall_secret UNION ALL SELECT args FROM job`)
			all = append(rows, string(export), fmt.Sprintf("%+v", c), h.log.String())
			for _, f := range facts {
				all = append(all, string(f.Body))
			}
			return err
		})
		if i := slices.IndexFunc(all, func(s string) bool { return strings.Contains(s, "s3cret-of") }); i >= 0 {
			t.Errorf("there it is: %s", all[i])
		}
		if got := h.arrived(); len(got) != 1 || !strings.Contains(got[0].path, "s3cret-of-the-shop") {
			t.Errorf("%+v", got)
		}
		// What was told of him goes with him, also before it was sent.
		h.do(func(ctx context.Context, tx *db.Tx) error { return contact.Erase(ctx, tx, who) })
		h.Clock.Advance(time.Hour)
		h.flow()
		if n := len(h.arrived()); n != 1 {
			t.Errorf("it was sent %d times", n)
		}
	})
}

// No rule reaches the house itself, or the machine that it runs on.
func TestNoRequestGoesInside(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := build(t, desk)
		for _, address := range []string{"http://" + h.host + "/", "https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest/meta-data", "https://localhost/", "https://0x7f.1/", "https://2130706433/", "https://[::ffff:10.0.0.1]/"} {
			r := h.post("/")
			r.Address = outcall.Text{{Text: address}}
			if c := h.get(h.asked(r, outcall.About{})); c.State == outcall.Done || c.Why != outcall.NoConnection {
				t.Errorf("%s: %+v", address, c)
			}
		}
		for address, ok := range map[string]bool{"https://shop.example/x": true, "http://shop.example/x": false, "ftp://shop.example/": false, "https://": false, "https://user:pass@shop.example/": false,
			"https://shop.example\\@evil.example/": false, "//shop.example/": false, "https://shop.example/#x": false, "javascript:alert(1)": false, "https://shop.example/../x": false, "https://shop.example/%2e%2e/x": false} {
			r := h.post("/")
			r.Address = outcall.Text{{Text: address}}
			var c problem.Check
			h.do(func(ctx context.Context, tx *db.Tx) error { return outcall.Check(ctx, tx, r, &c, "") })
			if (c.Err() == nil) != ok {
				t.Errorf("%s: %v", address, c.Err())
			}
		}
		if n := len(h.arrived()); n != 0 {
			t.Errorf("%d arrived", n)
		}
	})
}

// A receiver that hangs keeps nobody else waiting, and a request that goes with its transaction is none.
func TestOneHostWaitsForNoOther(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		err := h.try(func(ctx context.Context, tx *db.Tx) error {
			if _, err := outcall.Ask(ctx, tx, h.post("/never"), outcall.About{}); err != nil {
				return err
			}
			return problem.New(problem.Conflict, "undone")
		})
		if err == nil {
			t.Fatal("it was to be undone")
		}
		for i := range 9 {
			h.do(func(ctx context.Context, tx *db.Tx) error {
				_, err := outcall.Ask(ctx, tx, h.post(fmt.Sprint("/", i)), outcall.About{})
				return err
			})
		}
		h.flow()
		if n := len(h.arrived()); n != 9 {
			t.Errorf("%d arrived", n)
		}
	})
}

// Who may make rules sees requests, but of customers only what he may see; who may not keep keys sees no secret.
func TestWhoSeesRequests(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.asked(h.post("/?who=Bora"), outcall.About{})
		key := h.secret("shop", h.host, "x")
		as := func(a team.Actor, fn func(ctx context.Context, tx *db.Tx) error) error {
			ctx := team.With(context.Background(), a)
			return h.Write(ctx, func(tx *db.Tx) error { return fn(ctx, tx) })
		}
		maker := team.Actor{Person: h.mina, See: team.SeeTeams, Rights: []team.Right{team.ManageSettings, team.ReadContacts, team.ReadConversations}}
		err := as(maker, func(ctx context.Context, tx *db.Tx) error {
			c, err := outcall.Get(ctx, tx, id)
			if c.Request.Address.Shown() != "" || c.Request.Body != nil || c.Host != h.host {
				t.Errorf("he sees %+v", c)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
		for name, try := range map[string]func(ctx context.Context, tx *db.Tx) error{
			"secrets": func(ctx context.Context, tx *db.Tx) error { _, err := outcall.Secrets(ctx, tx); return err },
			"secret":  func(ctx context.Context, tx *db.Tx) error { _, err := outcall.GetSecret(ctx, tx, key); return err },
			"make": func(ctx context.Context, tx *db.Tx) error {
				_, err := h.calls.MakeSecret(ctx, tx, "a", "b.example", "c")
				return err
			},
			"change": func(ctx context.Context, tx *db.Tx) error { return h.calls.ChangeSecret(ctx, tx, key, "c") },
			"delete": func(ctx context.Context, tx *db.Tx) error { return outcall.DeleteSecret(ctx, tx, key) },
		} {
			if err := as(maker, try); problem.KindOf(err) != problem.Forbidden {
				t.Errorf("%s: %v", name, err)
			}
		}
		nobody := team.Actor{Person: h.mina, See: team.SeeEverything, Rights: []team.Right{team.Reply, team.ManageTokens}}
		for name, try := range map[string]func(ctx context.Context, tx *db.Tx) error{
			"list": func(ctx context.Context, tx *db.Tx) error {
				_, err := outcall.List(ctx, tx, outcall.Filter{}, 1)
				return err
			},
			"get":   func(ctx context.Context, tx *db.Tx) error { _, err := outcall.Get(ctx, tx, id); return err },
			"retry": func(ctx context.Context, tx *db.Tx) error { return outcall.Retry(ctx, tx, id) },
		} {
			if err := as(nobody, try); problem.KindOf(err) != problem.Forbidden {
				t.Errorf("%s: %v", name, err)
			}
		}
		for _, wrong := range [][3]string{{"Shop", "a.example", "x"}, {"a b", "a.example", "x"}, {"ok", "", "x"}, {"ok", "a.example/x", "x"}, {"ok", "a.example", ""}, {"ok", "a.example", "x\ny"}, {"shop", "a.example", "x"}} {
			if err := h.try(func(ctx context.Context, tx *db.Tx) error {
				_, err := h.calls.MakeSecret(ctx, tx, wrong[0], wrong[1], wrong[2])
				return err
			}); problem.KindOf(err) != problem.Invalid {
				t.Errorf("%q: %v", wrong, err)
			}
		}
		h.Clock.Advance(outcall.Keep + time.Hour)
		h.do(outcall.Forget)
		if err := h.try(func(ctx context.Context, tx *db.Tx) error { _, err := outcall.Get(ctx, tx, id); return err }); problem.KindOf(err) != problem.NotFound {
			t.Errorf("%v", err)
		}
	})
}
