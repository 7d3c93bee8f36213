package faults

import (
	"fmt"
	"testing"
	"time"

	"baraji/test/rig"
)

// T01: mail is put into a real mailbox while the program, which fetches it, is
// killed again and again.
func TestT01InboundKills(t *testing.T) {
	rig.Need(t, "dovecot")
	rig.EngineBeside(t, func(t *testing.T, database string) {
		mails, kills := rig.Size(500, 10_000), rig.Size(10, 50)
		dovecot := rig.Dovecot(t, shop)
		p := rig.ProgramWith(t, rig.Setup{Database: database})
		open(t, p, dovecot.IMAP, "")

		stop, done := make(chan struct{}), make(chan struct{})
		var killed int
		var slowest time.Duration
		go func() {
			defer close(done)
			killed, slowest = killing(p, kills, 800*time.Millisecond, stop)
		}()
		sent := map[string]bool{}
		for range mails {
			n := nonce()
			sent[n] = true
			if err := dovecot.TryDeliver("kim@customer.example", shop, letter(n)); err != nil {
				t.Fatal(err)
			}
		}
		<-done
		close(stop)
		p.WaitReady()
		count := func() int { return len(pages[conversation](t, p, "/conversations")) }
		for end := time.Now().Add(120 * time.Second); count() < mails && time.Now().Before(end); time.Sleep(500 * time.Millisecond) {
		}
		p.WaitDrained(time.Duration(rig.Size(2, 15)) * time.Minute)
		verify(t, p, dovecot, sent, killed, slowest)
	})
}

// verify looks where each mail is, and whether its bytes are those of the server.
func verify(t *testing.T, p *rig.Running, dovecot *rig.MailServer, sent map[string]bool, killed int, slowest time.Duration) {
	t.Helper()
	lost, doubled, changed := arrived(t, p, dovecot, sent)
	misfiled := len(pages[struct{ ID string }](t, p, "/quarantine"))
	fmt.Printf("T01 %s: %d mails, %d kills, %d lost, %d doubled, %d misfiled, %d with other bytes, slowest start %v, %d left on the server\n",
		t.Name(), len(sent), killed, lost, doubled, misfiled, changed, slowest.Round(time.Millisecond), dovecot.Messages(shop))
	if lost+doubled+misfiled+changed > 0 || slowest > 5*time.Second || dovecot.Messages(shop) != len(sent) {
		t.Errorf("see above")
	}
	p.Term()
	inOrder(t, p)
}

// arrived counts what became of mails with these nonces, by looking at every
// message of the conversations that they opened.
func arrived(t *testing.T, p *rig.Running, dovecot *rig.MailServer, sent map[string]bool) (lost, doubled, changed int) {
	t.Helper()
	originals := map[string]bool{}
	for _, raw := range dovecot.Fetch(shop, "INBOX") {
		originals[sum(raw)] = true
	}
	seen := map[string]int{}
	for _, c := range pages[conversation](t, p, "/conversations") {
		if !sent[c.Subject] {
			continue
		}
		for _, m := range pages[message](t, p, "/conversations/"+c.ID+"/messages") {
			seen[c.Subject]++
			a := p.API("GET", "/messages/"+m.ID+"/source", nil)
			if a.Status != 200 || !originals[sum(a.Body)] {
				changed++
			}
		}
	}
	for n := range sent {
		switch seen[n] {
		case 0:
			lost++
		case 1:
		default:
			doubled++
		}
	}
	return lost, doubled, changed
}
