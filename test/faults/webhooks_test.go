package faults

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	reference "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"baraji/test/rig"
)

// T56: events go out to another system while the program is killed again and again, and that system refuses some. None is lost, each keeps its
// id, those of one conversation come in order, and the reference verifier takes every one.
func TestT56WebhooksThroughKills(t *testing.T) {
	rig.EngineBeside(t, func(t *testing.T, database string) {
		talks, kills := rig.Size(30, 600), rig.Size(4, 50)
		p := rig.ProgramWith(t, rig.Setup{Database: database, Env: []string{"BARAJI_ALLOW_PRIVATE=127.0.0.0/8"}})
		open(t, p, "", "")
		r := &taker{first: map[string]int64{}, last: map[string]int64{}, no: map[string]bool{}}
		s := httptest.NewServer(r)
		t.Cleanup(s.Close)
		var hook struct{ ID, Secret string }
		a := p.API("POST", "/webhooks", map[string]any{"address": s.URL, "kinds": []string{"contact", "conversation"}})
		if a.Status != 201 || a.Into(&hook) != nil {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		r.begin(t, hook.Secret)

		stop, done := make(chan struct{}), make(chan struct{})
		killed := 0
		go func() { defer close(done); killed, _ = killing(p, kills, 800*time.Millisecond, stop) }()
		for i := 0; i < talks; {
			a, err := p.TryAPI(t.Context(), "POST", "/conversations", map[string]any{"subject": fmt.Sprint("Lamp ", i), "text": "Hello", "from": map[string]string{"email": fmt.Sprintf("c%d@x.example", i)}}, http.Header{"Idempotency-Key": {fmt.Sprint("k", i)}})
			if err != nil { // it is being killed
				time.Sleep(20 * time.Millisecond)
				continue
			}
			if a.Status >= 300 {
				t.Fatalf("%d %s", a.Status, a.Body)
			}
			i++
		}
		<-done
		close(stop)
		p.WaitReady()
		p.WaitDrained(2 * time.Minute)
		want := map[string]int64{}
		for _, area := range []string{"contact", "conversation"} {
			for _, e := range pages[struct {
				ID  string
				Seq int64
			}](t, p, "/events?kind="+area) {
				want[e.ID] = e.Seq
			}
		}
		lost := func() (n int) {
			r.mu.Lock()
			defer r.mu.Unlock()
			for id, seq := range want {
				if r.first[id] != seq {
					n++
				}
			}
			return n
		}
		for end := time.Now().Add(time.Minute); lost() > 0 && time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		}
		r.mu.Lock()
		fmt.Printf("T56 %s: %d events, %d kills, %d requests of which %d were refused: %d lost, %d came twice, %d out of order, %d not verified\n",
			t.Name(), len(want), killed, r.requests, r.refused, len(want)-len(r.first), r.twice, r.disordered, r.forged)
		bad := r.disordered + r.forged
		r.mu.Unlock()
		if lost() > 0 || bad > 0 || len(want) < talks {
			t.Error("see above")
		}
		p.Term()
		inOrder(t, p)
	})
}

// taker takes events, and refuses one in seven the first time.
type taker struct {
	mu                                           sync.Mutex
	verify                                       *reference.Webhook
	first                                        map[string]int64 // the place in the log that an id stands for
	last                                         map[string]int64 // of each subject
	no                                           map[string]bool
	requests, refused, twice, disordered, forged int
}

func (r *taker) begin(t *testing.T, secret string) {
	v, err := reference.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.verify = v
}

func (r *taker) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	body, _ := io.ReadAll(q.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.requests++
	if r.verify == nil || r.verify.Verify(body, q.Header) != nil {
		r.forged++
	}
	var got struct {
		Data struct {
			ID, Subject string
			Seq         int64
		}
	}
	if (rig.APIAnswer{Body: body}).Into(&got) != nil || got.Data.ID != q.Header.Get("webhook-id") {
		r.forged++
	}
	if r.requests%7 == 0 && !r.no[got.Data.ID] { // a second time it would take longer than a test may
		r.no[got.Data.ID] = true
		r.refused++
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	if _, had := r.first[got.Data.ID]; had {
		r.twice++
	}
	if got.Data.Seq < r.last[got.Data.Subject] {
		r.disordered++
	}
	r.first[got.Data.ID], r.last[got.Data.Subject] = got.Data.Seq, got.Data.Seq
}
