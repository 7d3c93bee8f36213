package faults

import (
	"context"
	"fmt"
	mrand "math/rand/v2"
	"os"
	"regexp"
	"testing"
	"time"

	"baraji/test/rig"
)

// T02: answers are written while the program is killed, and the mail server
// takes its time between the end of the data and its 250.
func TestT02OutboundKills(t *testing.T) {
	rig.EngineBeside(t, func(t *testing.T, database string) {
		replies, kills := rig.Size(200, 2000), rig.Size(10, 50)
		slow := time.Duration(rig.Size(300, 3000)) * time.Millisecond
		sink := rig.Sink(t, rig.SinkSetup{Delay: func() time.Duration { return mrand.N(slow) }})
		p := rig.ProgramWith(t, rig.Setup{Database: database})
		d := open(t, p, "", sink.Addr)
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute)
		defer cancel()

		stop, done := make(chan struct{}), make(chan struct{})
		var killed int
		go func() {
			defer close(done)
			killed, _ = killing(p, kills, 1500*time.Millisecond, stop)
		}()
		wanted := map[string]string{} // nonce → conversation
		for i := range replies {
			n := nonce()
			a, err := post(ctx, p, "/conversations", map[string]any{"inbox": d.inbox, "subject": n, "text": "Where is my lamp?",
				"from": map[string]any{"name": "Ann", "email": fmt.Sprintf("ann%d@customer.example", i)}})
			if err != nil || a.Status != 201 {
				t.Fatalf("%v %d %s", err, a.Status, a.Body)
			}
			var c conversation
			a.Into(&c)
			if a, err = post(ctx, p, "/conversations/"+c.ID+"/messages", map[string]any{"kind": "reply", "text": "It is on its way: " + n}); err != nil || a.Status != 201 {
				t.Fatalf("%v %d %s", err, a.Status, a.Body)
			}
			wanted[n] = c.ID
		}
		<-done
		close(stop)
		p.WaitReady()
		p.WaitDrained(10 * time.Minute)

		lost, doubled, unconfirmed, shown := left(t, p, sink, wanted)
		fmt.Printf("T02 %s: %d answers, %d kills, %d lost, %d doubled, %d not arrived but shown so, %d shown as unconfirmed\n",
			t.Name(), replies, killed, lost, doubled, unconfirmed, shown)
		if lost+doubled > 0 || unconfirmed > killed {
			t.Error("see above")
		}
		p.Term()
		inOrder(t, p)
	})
}

// left counts what became of answers (nonce → conversation): how many are lost, came
// twice, did not arrive and say so, and how many say that nobody knows.
func left(t *testing.T, p *rig.Running, sink *rig.MailSink, wanted map[string]string) (lost, doubled, unconfirmed, shown int) {
	t.Helper()
	arrived := map[string]int{}
	find := regexp.MustCompile(`It is on its way: (n[a-z0-9]{16})`)
	for _, m := range sink.Mails() {
		raw, err := os.ReadFile(m.File)
		if err != nil {
			t.Fatal(err)
		}
		if f := find.FindSubmatch(raw); f != nil {
			arrived[string(f[1])]++
		}
	}
	for n, id := range wanted {
		state := ""
		for _, m := range pages[message](t, p, "/conversations/"+id+"/messages") {
			if m.Kind == "agent" && m.Delivery != nil {
				state = m.Delivery.State
			}
		}
		if state == "unconfirmed" {
			shown++
		}
		switch {
		case arrived[n] > 1:
			doubled++
		case arrived[n] == 0 && (state == "unconfirmed" || state == "failed"):
			unconfirmed++
		case arrived[n] == 0:
			lost++
		}
	}
	return lost, doubled, unconfirmed, shown
}
