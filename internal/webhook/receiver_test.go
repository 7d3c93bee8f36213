package webhook_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	reference "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"baraji/internal/webhook"
)

// receiver is the other system. It verifies each request with the reference library.
type receiver struct {
	*httptest.Server
	t      *testing.T
	secret string

	mu  sync.Mutex
	got []arrived
	say func(a arrived) int // what it answers; nil: 204
}

type arrived struct {
	id      string
	at      time.Time
	subject string
	seq     int64
	header  http.Header
	payload webhook.Payload
}

func newReceiver(t *testing.T) *receiver {
	r := &receiver{t: t}
	r.Server = httptest.NewServer(http.HandlerFunc(r.take))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) take(w http.ResponseWriter, q *http.Request) {
	body, _ := io.ReadAll(q.Body)
	v, err := reference.NewWebhook(r.secret)
	if err == nil {
		err = v.Verify(body, q.Header)
	}
	if err != nil {
		r.t.Errorf("the reference verifier says: %v", err)
	}
	a := arrived{id: q.Header.Get("webhook-id"), at: time.Now(), header: q.Header}
	if err := json.Unmarshal(body, &a.payload); err != nil {
		r.t.Error(err)
	}
	a.subject, a.seq = a.payload.Data.Subject, a.payload.Data.Seq
	r.mu.Lock()
	r.got = append(r.got, a)
	say := r.say
	r.mu.Unlock()
	code := http.StatusNoContent
	if say != nil {
		code = say(a)
	}
	if code == 302 {
		w.Header().Set("Location", r.URL+"/elsewhere")
	}
	w.WriteHeader(code)
	if code != 204 {
		fmt.Fprint(w, "I said ", code)
	}
}

func (r *receiver) all() []arrived {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.got)
}

func (r *receiver) answers(fn func(arrived) int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.say = fn
}

func always(code int) func(arrived) int { return func(arrived) int { return code } }
