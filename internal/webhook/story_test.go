package webhook_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/team"
	"baraji/internal/webhook"
)

func TestWhatIsChosenGoesOutAndNothingElse(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		all, lamps, one := newReceiver(t), newReceiver(t), newReceiver(t)
		h.happen(lit{"lmp_before"})
		h.hook(lamps, "lamp", "lamp.lit")
		id := h.hook(one, "shop.sold")
		h.hook(all)
		h.happen(lit{"lmp_1"}, sold{"lmp_1"})
		if got := lamps.all(); len(got) != 1 || got[0].payload.Type != "lamp.lit" || string(got[0].payload.Data.Body) != `{"Lamp":"lmp_1"}` {
			t.Errorf("of lamps: %+v", got)
		}
		got := one.all()
		if len(got) != 1 || got[0].payload.Data.Kind != "shop.sold" || got[0].id != got[0].payload.Data.ID || got[0].payload.Data.Actor != h.mina.String() {
			t.Fatalf("of the shop: %+v", got)
		}
		if ct := got[0].header.Get("Content-Type"); ct != "application/json" || got[0].header.Get("User-Agent") != "Baraji/test" || got[0].header.Get("Idempotency-Key") != "" {
			t.Errorf("headers %v", got[0].header)
		}
		if n := len(all.all()); n != 2 && n != 3 { // and its own making, which was sealed after it
			t.Errorf("of everything: %d", n)
		}
		d := h.deliveries(id, "")
		if len(d) != 1 || d[0].State != webhook.Delivered || d[0].Status != 204 || d[0].Tries != 1 {
			t.Fatalf("deliveries %+v", d)
		}
		if body, err := d[0].Request(); err != nil || len(body) < 100 {
			t.Errorf("what was sent: %s %v", body, err)
		}
		h.do(func(ctx context.Context, tx *db.Tx) error {
			return h.hooks.Change(ctx, tx, id, webhook.Given{Address: one.URL + "/in", Kinds: []string{"lamp"}})
		})
		h.happen(sold{"lmp_2"}, lit{"lmp_2"})
		if got := one.all(); len(got) != 2 || got[1].payload.Type != "lamp.lit" {
			t.Errorf("after the change: %+v", got)
		}
		h.do(func(ctx context.Context, tx *db.Tx) error { return h.hooks.Delete(ctx, tx, id) })
		h.happen(lit{"lmp_3"})
		if got := one.all(); len(got) != 2 {
			t.Errorf("after it was deleted: %d", len(got))
		}
	})
}

func TestASecretIsRotatedWithoutAGap(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		r := newReceiver(t)
		id := h.hook(r, "lamp")
		old := r.secret
		rotate := func(atOnce bool) (text string) {
			h.do(func(ctx context.Context, tx *db.Tx) (err error) {
				text, err = h.hooks.Rotate(ctx, tx, id, atOnce)
				return err
			})
			return text
		}
		fresh := rotate(false)
		if fresh == old || len(fresh) != len("whsec_")+44 {
			t.Fatalf("the new secret is %q", fresh)
		}
		for i, s := range []string{old, fresh, old} {
			r.secret = s
			h.happen(lit{fmt.Sprint("lmp_", i)}) // verified with it
		}
		h.Clock.Advance(webhook.Overlap - time.Minute)
		h.happen(lit{"lmp_still"})
		h.Clock.Advance(time.Minute)
		r.secret = fresh
		h.happen(lit{"lmp_new"})
		if sig := r.all()[4].header.Get("webhook-signature"); len(sig) != len("v1,")+44 {
			t.Errorf("after a day it is signed %q", sig)
		}
		r.secret = rotate(true)
		h.happen(lit{"lmp_at_once"})
		if got := r.all(); len(got) != 6 || len(got[5].header.Get("webhook-signature")) != len("v1,")+44 {
			t.Errorf("%d, signed %q", len(got), got[len(got)-1].header.Get("webhook-signature"))
		}
	})
}

func TestWhoCannotTakeItIsTriedAgainInOrder(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		r := newReceiver(t)
		id := h.hook(r, "lamp")
		bad := true
		r.answers(func(a arrived) int {
			if bad && a.subject == "lmp_bad" {
				return 500
			}
			return 200
		})
		h.happen(lit{"lmp_bad"}, lit{"lmp_good"}, lit{"lmp_bad"}, lit{"lmp_good"})
		if got := r.all(); len(got) != 3 {
			t.Fatalf("one lamp keeps the other waiting, or does not wait itself: %d", len(got))
		}
		d := h.deliveries(id, webhook.Waiting)
		if len(d) != 2 || d[1].Status != 500 || d[1].Why != webhook.Refused || d[1].Answer != "I said 500" || d[0].Tries != 0 {
			t.Fatalf("what waits: %+v", d)
		}
		if pause := d[1].NextAt.Sub(h.Clock.Now()); pause < 4*time.Second || pause > 6*time.Second {
			t.Errorf("it is tried again after %v", pause)
		}
		bad = false
		h.Clock.Advance(6 * time.Second)
		h.flow()
		inOrder(t, r.all())
		if n := len(h.deliveries(id, webhook.Delivered)); n != 4 {
			t.Errorf("%d arrived", n)
		}
	})
}

// inOrder looks that each subject's events came in the order of the log, however often, and that an id always meant the same event.
func inOrder(t *testing.T, got []arrived) {
	t.Helper()
	last, which := map[string]int64{}, map[string]int64{}
	for _, a := range got {
		if a.seq < last[a.subject] {
			t.Errorf("%s: %d came after %d", a.subject, a.seq, last[a.subject])
		}
		if s, known := which[a.id]; known && s != a.seq {
			t.Errorf("%s stands for %d and %d", a.id, s, a.seq)
		}
		last[a.subject], which[a.id] = a.seq, a.seq
	}
}

func TestEachWayOfFailingHasItsName(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		r, elsewhere := newReceiver(t), 0
		r.answers(always(302))
		r.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
			if q.URL.Path == "/elsewhere" {
				elsewhere++
			}
			r.take(w, q)
		})
		untrusted := httptest.NewTLSServer(http.NotFoundHandler())
		untrusted.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
		defer untrusted.Close()
		cut := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) }))
		defer cut.Close()
		nobody := httptest.NewServer(http.NotFoundHandler())
		nobody.Close()
		for want, address := range map[webhook.Why]string{webhook.Redirected: r.URL + "/in", webhook.NotTrusted: untrusted.URL, webhook.Cut: cut.URL, webhook.NoConnection: nobody.URL} {
			var id webhook.ID
			h.do(func(ctx context.Context, tx *db.Tx) (err error) {
				if id, r.secret, err = h.hooks.Make(ctx, tx, webhook.Given{Address: address, Kinds: []string{"shop"}}); err != nil {
					return err
				}
				_, err = h.hooks.Try(ctx, tx, id)
				return err
			})
			h.flow()
			if d := h.deliveries(id, ""); len(d) != 1 || d[0].State != webhook.Failed || d[0].Why != want || !d[0].Trial {
				t.Errorf("%s: %+v", want, d)
			}
			if e := h.get(id); e.State != webhook.On || e.Failures != 0 {
				t.Errorf("a trial changes nothing: %+v", e)
			}
		}
		if elsewhere != 0 {
			t.Error("a redirect was followed")
		}
	})
}

func TestWhoIsGoneIsSwitchedOffAndItsMakerTold(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		r := newReceiver(t)
		id := h.hook(r, "lamp")
		r.answers(always(410))
		h.happen(lit{"lmp_1"}, lit{"lmp_1"})
		h.happen(lit{"lmp_2"})
		if got := r.all(); len(got) != 1 {
			t.Fatalf("%d were sent to who is gone", len(got))
		}
		if e := h.get(id); e.State != webhook.Gone || e.OffAt.IsZero() {
			t.Errorf("%+v", e)
		}
		if n := len(h.deliveries(id, webhook.Missed)); n != 2 {
			t.Errorf("%d missed", n)
		}
		h.told("notice.said_hook_gone")

		r.answers(nil)
		r.got = nil
		err := h.try(func(ctx context.Context, tx *db.Tx) error {
			return h.hooks.Resend(ctx, tx, id, h.Clock.Now().Add(-time.Hour))
		})
		if err == nil {
			t.Error("something is sent to what is off")
		}
		h.do(func(ctx context.Context, tx *db.Tx) error { return h.hooks.Switch(ctx, tx, id, true) })
		h.happen(lit{"lmp_3"})
		if got := r.all(); len(got) != 1 || got[0].subject != "lmp_3" {
			t.Fatalf("after it was switched on: %+v", got)
		}
		h.do(func(ctx context.Context, tx *db.Tx) error {
			return h.hooks.Resend(ctx, tx, id, h.Clock.Now().Add(-time.Hour))
		})
		h.flow()
		got := r.all()
		if len(got) != 4 {
			t.Errorf("%d after what was missed is sent: both that waited and the one that happened meanwhile", len(got))
		}
		newest := h.deliveries(id, webhook.Delivered)[0].ID
		h.do(func(ctx context.Context, tx *db.Tx) error { return h.hooks.Again(ctx, tx, id, newest) })
		h.flow()
		if again := r.all(); len(again) != 5 || !slices.ContainsFunc(got, func(a arrived) bool { return a.id == again[4].id }) {
			t.Errorf("one again: %d", len(again))
		}
	})
}

// T56: three days in which a receiver mostly fails lose nothing; after three days without anything it is switched off.
func TestThreeDays(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		r := newReceiver(t)
		id := h.hook(r, "lamp")
		tries := map[string]int{}
		r.answers(func(a arrived) int { tries[a.id]++; return 503 })
		began, sent := h.Clock.Now(), 0
		for h.Clock.Now().Before(began.Add(71 * time.Hour)) {
			if h.Clock.Now().Sub(began) < 70*time.Hour && sent < int(h.Clock.Now().Sub(began)/time.Hour)+1 {
				h.happen(lit{fmt.Sprint("lmp_", sent%5)})
				sent++
			}
			h.Clock.Advance(30 * time.Minute)
			h.flow()
		}
		if e := h.get(id); e.State != webhook.On || e.FailingSince.IsZero() {
			t.Fatalf("after 71 hours: %+v", e)
		}
		most := 0
		for _, n := range tries {
			most = max(most, n)
		}
		asked := len(r.all())
		r.answers(nil)
		for range 30 {
			h.Clock.Advance(30 * time.Minute)
			h.flow()
		}
		inOrder(t, r.all())
		lost := sent - len(h.deliveries(id, webhook.Delivered))
		seen := map[string]bool{}
		for _, a := range r.all() {
			seen[a.id] = true
		}
		t.Logf("%d events in 70 hours, %d requests to a receiver that took nothing, one of them %d times: %d lost", sent, asked, most, lost)
		if lost != 0 || len(seen) != sent || sent != 70 || most > 20 || most < 8 {
			t.Errorf("%d ids arrived", len(seen))
		}

		r.answers(always(500))
		h.happen(lit{"lmp_1"}, lit{"lmp_1"})
		for range 6*24 + 6 {
			h.Clock.Advance(30 * time.Minute)
			h.flow()
		}
		if e := h.get(id); e.State != webhook.Failing {
			t.Errorf("after three days: %+v", e)
		}
		h.told("notice.said_hook_failing")
		if n := len(h.deliveries(id, webhook.Missed)) + len(h.deliveries(id, webhook.Failed)); n != 2 {
			t.Errorf("%d can be sent again", n)
		}
		h.Clock.Advance(webhook.Keep + time.Minute)
		h.do(webhook.Forget)
		if n := len(h.deliveries(id, "")); n != 0 {
			t.Errorf("%d are kept for ever", n)
		}
	})
}

// T56: who is slow, dead or full of errors keeps nobody else waiting.
func TestASlowReceiverDelaysNobodyElse(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx, stop := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		defer wg.Wait()
		defer stop()
		h.log.OnSealed(h.hooks.Wake)
		wg.Go(func() { h.log.Run(ctx) })
		wg.Go(func() { h.jobs.Run(ctx) })
		wg.Go(func() { h.hooks.Run(ctx) })

		fast := newReceiver(t)
		make := func(r *receiver) {
			h.do(func(ctx context.Context, tx *db.Tx) (err error) {
				_, r.secret, err = h.hooks.Make(ctx, tx, webhook.Given{Address: r.URL, Kinds: []string{"lamp"}})
				return err
			})
		}
		make(fast)
		p95 := func(n int) time.Duration {
			t.Helper()
			var took []time.Duration
			for i := range n {
				began, had := time.Now(), len(fast.all())
				h.do(func(ctx context.Context, tx *db.Tx) error { return event.Record(ctx, tx, lit{fmt.Sprint("lmp_", i)}) })
				for len(fast.all()) == had {
					if time.Since(began) > 10*time.Second {
						t.Fatal("it does not arrive")
					}
					time.Sleep(time.Millisecond)
				}
				took = append(took, fast.all()[had].at.Sub(began))
			}
			slices.Sort(took)
			return took[len(took)*95/100]
		}
		alone := p95(15)
		hang := func(a arrived) int { <-ctx.Done(); return 200 }
		for i := range 3 {
			r := newReceiver(t)
			switch i {
			case 0, 1:
				r.answers(hang)
			case 2:
				r.answers(always(500))
			}
			make(r)
		}
		beside := p95(20)
		t.Logf("95 of 100 arrive within %v alone, %v beside two that hang and one that fails", alone.Round(time.Millisecond), beside.Round(time.Millisecond))
		if beside > 2*max(alone, 100*time.Millisecond) {
			t.Errorf("%v is more than twice %v", beside, alone)
		}
		stop() // lets those that hang go, before their servers are closed
	})
}

func TestWhoMayAndWhatIsRefused(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for address, ok := range map[string]bool{"https://shop.example/in": true, "http://127.0.0.1:9/in": true, "http://shop.local/in": true, "http://8.8.8.8/in": false, "http://10.0.0.1/": false,
			"ftp://shop.example": false, "shop.example/in": false, "https://a:b@shop.example/": false, "https://shop.example/#x": false, "https://": false, "": false} {
			err := h.try(func(ctx context.Context, tx *db.Tx) error {
				_, _, err := h.hooks.Make(ctx, tx, webhook.Given{Address: address})
				return err
			})
			if (err == nil) != ok {
				t.Errorf("%q: %v", address, err)
			}
		}
		if err := h.try(func(ctx context.Context, tx *db.Tx) error {
			_, _, err := h.hooks.Make(ctx, tx, webhook.Given{Address: "https://shop.example/", Kinds: []string{"lamp.lost"}})
			return err
		}); err == nil {
			t.Error("a kind that there is not was taken")
		}
		reads := team.With(t.Context(), team.Actor{Person: h.mina, Rights: []team.Right{team.ManageTokens}})
		if err := h.Write(reads, func(tx *db.Tx) error { _, err := webhook.List(reads, tx); return err }); err == nil {
			t.Error("who may not read the log may have it sent")
		}
	})
}
