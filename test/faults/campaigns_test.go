package faults

import (
	"fmt"
	mrand "math/rand/v2"
	"os"
	"regexp"
	"testing"
	"time"

	"baraji/test/rig"
)

// A campaign goes out while the program is killed again and again, and the mail server takes its time: everybody gets it once, or it says that
// nobody knows whether they got it, at most one for each kill. Nobody gets it twice.
func TestCampaignsThroughKills(t *testing.T) {
	rig.EngineBeside(t, func(t *testing.T, database string) {
		customers, kills := rig.Size(120, 2000), rig.Size(6, 50)
		sink := rig.Sink(t, rig.SinkSetup{Delay: func() time.Duration { return mrand.N(60 * time.Millisecond) }})
		p := rig.ProgramWith(t, rig.Setup{Database: database})
		d := open(t, p, "", sink.Addr)
		id := d.mailing(t, customers)
		killed, _ := killing(p, kills, 800*time.Millisecond, nil)
		p.WaitReady()
		d.sent(t, id)

		arrived := arrivals(t, sink)
		lost, doubled, unknown, all := 0, 0, 0, 0
		for _, r := range pages[struct{ Address, State string }](t, p, "/campaigns/"+id+"/recipients") {
			all++
			switch n := arrived[r.Address]; {
			case n > 1:
				doubled++
			case r.State == "unconfirmed":
				unknown++
			case r.State != "sent" || n == 0:
				lost++
				t.Errorf("%s: %s, arrived %d times", r.Address, r.State, n)
			}
		}
		fmt.Printf("campaigns %s: %d customers, %d kills: %d lost, %d doubled, %d of whom nobody knows, and it says so\n", t.Name(), all, killed, lost, doubled, unknown)
		if all != customers || lost+doubled > 0 || unknown > killed {
			t.Errorf("see above; %d were written down", all)
		}
		p.Term()
		inOrder(t, p)
	})
}

// mailing begins a campaign to so many customers.
func (d *desk) mailing(t *testing.T, customers int) string {
	t.Helper()
	made := func(path string, body any) string {
		t.Helper()
		var m struct{ ID string }
		if a, err := post(t.Context(), d.Running, path, body); err != nil || a.Status >= 300 || a.Into(&m) != nil {
			t.Fatalf("POST %s: %d %s %v", path, a.Status, a.Body, err)
		}
		return m.ID
	}
	for range customers {
		n := nonce()
		made("/contacts", map[string]any{"name": n, "email": n + "@customer.example", "tags": []string{"news"}})
	}
	group := made("/segments", map[string]any{"name": "News", "if": map[string]any{"field": "customer.tags", "op": "has", "values": []string{"news"}}})
	id := made("/campaigns", map[string]any{"name": "Lamps", "purpose": "notice", "segment_id": group, "inbox_id": d.inbox, "manners": map[string]any{"quiet": false, "rate": 6000},
		"letter": map[string]any{"subject": map[string]any{"en": "Lamps"}, "text": map[string]any{"en": "Dear {customer.name|customer}, we move."}}})
	made("/campaigns/"+id+"/start", nil)
	return id
}

// sent waits until a campaign is done.
func (d *desk) sent(t *testing.T, id string) {
	t.Helper()
	var c struct{ State, Trouble string }
	for end := time.Now().Add(10 * time.Minute); c.State != "done"; time.Sleep(200 * time.Millisecond) {
		if a := d.API("GET", "/campaigns/"+id, nil); a.Into(&c) != nil || time.Now().After(end) {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
}

// arrivals counts the mails by the address of whom they greet.
func arrivals(t *testing.T, sink *rig.MailSink) map[string]int {
	t.Helper()
	arrived, find := map[string]int{}, regexp.MustCompile(`Dear (n[a-z0-9]{16}),`)
	for _, m := range sink.Mails() {
		raw, err := os.ReadFile(m.File)
		if err != nil {
			t.Fatal(err)
		}
		if f := find.FindSubmatch(raw); f != nil {
			arrived[string(f[1])+"@customer.example"]++
		}
	}
	return arrived
}
