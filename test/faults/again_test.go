package faults

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"baraji/test/rig"
)

// create is one thing that can be made through the API: what to send, with a nonce
// in it, and where all that was made is listed.
type create struct {
	path string
	body func(n string) map[string]any
	list string
}

// T15: each create is sent five times at once with one key, each again and again
// until it is answered, while the program is killed.
func TestT15TheSameCreateManyTimes(t *testing.T) {
	rig.EngineBeside(t, func(t *testing.T, database string) {
		p := rig.ProgramWith(t, rig.Setup{Database: database})
		sink := rig.Sink(t, rig.SinkSetup{})
		d := open(t, p, "", sink.Addr)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
		defer cancel()
		talk := made(t, ctx, p, "/conversations", map[string]any{"inbox": d.inbox, "subject": "Lamp", "text": "Where?",
			"from": map[string]any{"name": "Ann", "email": "ann@customer.example"}})
		customer := made(t, ctx, p, "/contacts", map[string]any{"name": "Ann B.", "email": "ann.b@customer.example"})
		creates := []create{
			{"/contacts", func(n string) map[string]any { return map[string]any{"name": n, "email": n + "@customer.example"} }, "/contacts"},
			{"/companies", func(n string) map[string]any { return map[string]any{"name": n} }, "/companies"},
			{"/conversations", func(n string) map[string]any {
				return map[string]any{"inbox": d.inbox, "subject": n, "text": "Where is my lamp?", "from": map[string]any{"name": "Bob", "email": "bob@customer.example"}}
			}, "/conversations"},
			{"/conversations/" + talk + "/messages", func(n string) map[string]any { return map[string]any{"kind": "reply", "text": n} }, "/conversations/" + talk + "/messages"},
			{"/conversations/" + talk + "/messages", func(n string) map[string]any { return map[string]any{"kind": "note", "text": n} }, "/conversations/" + talk + "/messages"},
			{"/contacts/" + customer + "/notes", func(n string) map[string]any { return map[string]any{"text": n} }, "/contacts/" + customer + "/notes"},
			{"/teams", func(n string) map[string]any { return map[string]any{"name": n} }, "/teams"},
			{"/tokens", func(n string) map[string]any { return map[string]any{"name": n, "role": "light"} }, "/tokens"},
		}
		stop, done := make(chan struct{}), make(chan struct{})
		var killed int
		go func() {
			defer close(done)
			killed, _ = killing(p, 1000, 200*time.Millisecond, stop)
		}()
		var mu sync.Mutex
		var all sync.WaitGroup
		nonces := map[string][]string{} // by list
		differ, refused := 0, 0
		for _, c := range creates {
			all.Go(func() {
				for range rig.Size(20, 400) {
					n := nonce()
					same, other := fiveTimes(ctx, p, c, n)
					mu.Lock()
					nonces[c.list] = append(nonces[c.list], n)
					if !same {
						differ++
					}
					if other == 409 || other == 422 {
						refused++
					}
					mu.Unlock()
				}
			})
		}
		all.Wait()
		close(stop)
		<-done
		p.WaitReady()
		p.WaitDrained(time.Minute)

		total, none, twice := 0, 0, 0
		for list, ns := range nonces {
			text := everything(t, p, list)
			for _, n := range ns {
				total++
				switch k := strings.Count(text, n+`"`); {
				case k == 0:
					none++
				case k > 1:
					twice++
				}
			}
		}
		left, leftTwice := mailed(t, sink, nonces["/conversations/"+talk+"/messages"])
		fmt.Printf("T15 %s: %d creates, each 5 times at once, %d kills: %d made nothing, %d made more than one, %d times the answers differed, %d of %d other bodies refused; %d answers left, %d of them twice\n",
			t.Name(), total, killed, none, twice, differ, refused, total, left, leftTwice)
		if none+twice+differ+leftTwice > 0 || refused != total {
			t.Error("see above")
		}
		p.Term()
		inOrder(t, p)
	})
}

// made makes one thing and returns its id.
func made(t *testing.T, ctx context.Context, p *rig.Running, path string, body map[string]any) string {
	t.Helper()
	var v struct{ ID string }
	a, err := post(ctx, p, path, body)
	if err != nil || a.Status != 201 || a.Into(&v) != nil {
		t.Fatalf("POST %s: %v %d %s", path, err, a.Status, a.Body)
	}
	return v.ID
}

// fiveTimes sends one create five times at once with one key until all are answered,
// and says whether the answers were one; then another body with the key.
func fiveTimes(ctx context.Context, p *rig.Running, c create, n string) (same bool, other int) {
	key := http.Header{"Idempotency-Key": {rand.Text()}}
	answers := make([]rig.APIAnswer, 5)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i] = until(ctx, p, c.path, c.body(n), key) })
	}
	all.Wait()
	same = answers[0].Status == 201
	for _, a := range answers[1:] {
		same = same && a.Status == answers[0].Status && bytes.Equal(a.Body, answers[0].Body)
	}
	return same, until(ctx, p, c.path, c.body("another"), key).Status
}

// until repeats a POST until it is answered.
func until(ctx context.Context, p *rig.Running, path string, body any, h http.Header) rig.APIAnswer {
	for {
		a, err := p.TryAPI(ctx, "POST", path, body, h)
		if err == nil && a.Status < 500 || ctx.Err() != nil {
			return a
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// mailed counts the nonces that left in a mail, and in more than one.
func mailed(t *testing.T, sink *rig.MailSink, nonces []string) (once, twice int) {
	t.Helper()
	var mails [][]byte
	for _, m := range sink.Mails() {
		raw, err := os.ReadFile(m.File)
		if err != nil {
			t.Fatal(err)
		}
		mails = append(mails, raw)
	}
	for _, n := range nonces {
		k := 0
		for _, raw := range mails {
			if bytes.Contains(raw, []byte(n)) {
				k++
			}
		}
		once, twice = once+min(k, 1), twice+min(max(k-1, 0), 1)
	}
	return once, twice
}

// everything is all pages of a list as one text, without what repeats a name.
func everything(t *testing.T, p *rig.Running, path string) string {
	t.Helper()
	var b strings.Builder
	for _, one := range pages[map[string]any](t, p, path) {
		for _, field := range []string{"name", "subject", "text"} {
			if s, ok := one[field].(string); ok && s != "" {
				fmt.Fprintf(&b, "%q\n", s)
				break
			}
		}
	}
	return b.String()
}
