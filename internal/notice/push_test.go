package notice

import (
	"bytes"
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/dial"
	"baraji/internal/kit/job"
	"baraji/internal/kit/secret"
	"baraji/internal/team"
	"baraji/test/rig"
)

// A browser of ours, with a push service of ours: what is sent there is what the RFCs say, only the browser reads it, and one
// that is gone is forgotten.
func TestABrowserIsPushedToUntilItIsGone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		mine, err := ecdh.P256().GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		auth := make([]byte, 16)
		rand.Read(auth)
		type push struct {
			header http.Header
			body   []byte
			plain  []byte
		}
		var got []push
		code := http.StatusCreated
		service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			got = append(got, push{r.Header, body, open(t, body, mine, auth)})
			w.WriteHeader(code)
		}))
		defer service.Close()

		keys, err := secret.New([]byte("an example key of 32 bytes here!"))
		if err != nil {
			t.Fatal(err)
		}
		jobs := job.NewRunner(desk.DB, slog.New(slog.DiscardHandler))
		n := New(Parts{DB: desk.DB, Keys: keys, Jobs: jobs, URL: "https://desk.example", Clock: desk.Clock.Now, Changed: func(team.ID) {},
			Dial:  dial.New(dial.Options{Now: time.Now, AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}),
			Mail:  func(context.Context, string, string, string, string) error { return nil },
			About: func(context.Context, *db.Tx, []string) (map[string]string, error) { return nil, nil }})
		ctx := team.AsSystem(t.Context())
		word, err := team.HashPassword("a long enough one")
		if err != nil {
			t.Fatal(err)
		}
		var who team.ID
		do := func(fn func(ctx context.Context, tx *db.Tx) error) {
			t.Helper()
			err := desk.Write(ctx, func(tx *db.Tx) error {
				if who == 0 {
					return fn(ctx, tx)
				}
				a, err := team.ActorOf(ctx, tx, who)
				if err != nil {
					return err
				}
				return fn(team.With(ctx, a), tx)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		do(func(ctx context.Context, tx *db.Tx) (err error) {
			if err := team.ChangeFirm(ctx, tx, team.Firm{Name: "Dalbit", Language: "ko", Zone: "Asia/Seoul"}); err != nil {
				return err
			}
			who, err = team.MakePerson(ctx, tx, "mina@dalbit.example", "Mina", team.Agent, word)
			return err
		})
		ours, err := n.PushKey(ctx)
		if err != nil {
			t.Fatal(err)
		}
		var sub Subscription
		sub.Endpoint = service.URL + "/send/a-secret"
		sub.Keys.P256dh = base64.URLEncoding.EncodeToString(mine.PublicKey().Bytes())
		sub.Keys.Auth = base64.RawURLEncoding.EncodeToString(auth)
		do(func(ctx context.Context, tx *db.Tx) error {
			_, err := n.AddBrowser(ctx, tx, sub, "Firefox")
			return err
		})

		ring := func() ID {
			t.Helper()
			var id ID
			do(func(ctx context.Context, tx *db.Tx) (err error) {
				ids, err := Tell(ctx, tx, Notice{Person: who, Kind: Paged, Subject: "opg_1", Words: "notice.said_tried", Link: "/coverage/on-call", Act: "/x", Urgent: true})
				id = ids[0]
				return err
			})
			if err := jobs.Drain(ctx); err != nil {
				t.Fatal(err)
			}
			return id
		}
		id := ring()
		if len(got) != 1 {
			t.Fatalf("%d pushes", len(got))
		}
		h := got[0].header
		if c := vouched(t, h.Get("Authorization"), ours); c.Aud != service.URL {
			t.Errorf("vouched for %s", c.Aud)
		}
		if h.Get("Content-Encoding") != "aes128gcm" || h.Get("TTL") != "43200" || h.Get("Urgency") != "high" || len(h.Get("Topic")) != 32 {
			t.Errorf("headers %v", h)
		}
		var other []struct{ Plain string } // as a browser that is not ours reads it
		given, err := json.Marshal(map[string][]byte{"key": mine.Bytes(), "auth": auth, "body": got[0].body})
		if err != nil {
			t.Fatal(err)
		}
		rig.ReadWith(t, rig.WebPush, bytes.ReplaceAll(bytes.ReplaceAll(given, []byte("+"), []byte("-")), []byte("/"), []byte("_")), &other)
		if len(other) != 1 || other[0].Plain != string(got[0].plain) {
			t.Errorf("another reads %q, we %q", other, got[0].plain)
		}
		var said map[string]any
		if err := json.Unmarshal(got[0].plain, &said); err != nil {
			t.Fatal(err)
		}
		if said["link"] != "https://desk.example/coverage/on-call" || said["urgent"] != true || said["title"] != "시험 알림이에요" {
			t.Errorf("the browser reads %v", said)
		}
		if text, _ := said["answer"].(string); len(text) < 60 {
			t.Errorf("it can be answered at %q", text)
		}
		if again, err := n.PushKey(ctx); err != nil || again != ours {
			t.Errorf("the key became another: %v", err)
		}
		do(func(ctx context.Context, tx *db.Tx) error {
			list, err := Browsers(ctx, tx)
			if len(list) != 1 || list[0].ToldAt.IsZero() {
				t.Errorf("browsers %+v", list)
			}
			return err
		})

		code = http.StatusGone
		id = ring()
		do(func(ctx context.Context, tx *db.Tx) error {
			list, err := Browsers(ctx, tx)
			if err != nil {
				return err
			}
			all, err := Deliveries(ctx, tx, id)
			last := all[id][len(all[id])-1]
			if len(list) != 0 {
				t.Errorf("a browser that is gone is still there: %+v, %+v", list, last)
			}
			return err
		})
		if got = nil; ring() == 0 || len(got) != 0 {
			t.Error("it is pushed to although it is gone")
		}
	})
}
