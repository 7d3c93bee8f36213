package faults

import (
	"bytes"
	"fmt"
	"net/url"
	"testing"
	"time"

	"baraji/test/rig"
)

// A mail that kills the process each time it is dealt with: the kill is a real
// one, from outside, each time the program has just this mail in hand. After
// three tries it is held, unread, and all the others have arrived.
func TestAMailThatKillsTheProcessIsHeld(t *testing.T) {
	rig.Need(t, "dovecot")
	rig.EngineBeside(t, func(t *testing.T, database string) {
		if database != "" && !rig.Full() {
			t.Skip("SKIPPED, NOT TESTED: a dead node's lease is 30 s on PostgreSQL; `make full` does it")
		}
		dovecot := rig.Dovecot(t, shop)
		p := rig.ProgramWith(t, rig.Setup{Database: database})
		good := map[string]bool{}
		deliver := func(raw []byte) {
			if err := dovecot.TryDeliver("kim@customer.example", shop, raw); err != nil {
				t.Fatal(err)
			}
		}
		some := func() {
			for range 10 {
				n := nonce()
				good[n] = true
				deliver(letter(n))
			}
		}
		some()
		bad := nonce()
		poison := slowLetter(bad)
		deliver(poison)
		some()
		open(t, p, dovecot.IMAP, "")

		deaths := 0
		held := func() []heldMail { return pages[heldMail](t, p, "/quarantine") }
		for end := time.Now().Add(4 * time.Minute); len(held()) == 0; {
			if time.Now().After(end) || deaths > 3 {
				t.Fatalf("after %d deaths the mail is not held", deaths)
			}
			if inHand(t, p, 400*time.Millisecond) {
				p.Restart()
				deaths++
			}
		}
		p.WaitDrained(time.Minute)
		h := held()
		if len(h) != 1 || h[0].Subject != bad || h[0].Reason != "failed" || h[0].Tries != 3 {
			t.Errorf("held: %+v", h)
		}
		if a := p.API("GET", "/quarantine/"+h[0].ID+"/source", nil); !bytes.Contains(a.Body, []byte(bad)) || len(a.Body) < len(poison) {
			t.Errorf("its original: %d, %d bytes of %d", a.Status, len(a.Body), len(poison))
		}
		seen := map[string]int{}
		for _, c := range pages[conversation](t, p, "/conversations") {
			seen[c.Subject]++
		}
		lost := 0
		for n := range good {
			if seen[n] != 1 {
				lost++
			}
		}
		fmt.Printf("poison %s: %d deaths, held after %d tries, %d of %d others arrived once\n", t.Name(), deaths, h[0].Tries, len(good)-lost, len(good))
		if deaths != 3 || lost > 0 || seen[bad] > 0 {
			t.Error("see above")
		}
		p.Term()
		inOrder(t, p)
	})
}

type heldMail struct {
	ID, Subject, Reason string
	Tries               int
}

// inHand says whether the program has one and the same mail in hand for so long:
// only slowLetter takes that.
func inHand(t *testing.T, p *rig.Running, long time.Duration) bool {
	t.Helper()
	running := func() (ids []string) {
		for _, kind := range []string{"email.take", "email.take_old"} {
			for _, j := range pages[struct {
				ID      string
				Running bool
			}](t, p, "/jobs?kind="+url.QueryEscape(kind)) {
				if j.Running {
					ids = append(ids, j.ID)
				}
			}
		}
		return ids
	}
	had := running()
	if len(had) == 0 {
		return false
	}
	time.Sleep(long)
	for _, id := range running() {
		for _, before := range had {
			if id == before {
				return true
			}
		}
	}
	return false
}

// slowLetter is a mail with so many files that dealing with it takes a while.
func slowLetter(n string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "From: Kim <kim@customer.example>\r\nTo: %s\r\nSubject: %s\r\nMessage-ID: <%s@customer.example>\r\nDate: %s\r\nMIME-Version: 1.0\r\n"+
		"Content-Type: multipart/mixed; boundary=%s\r\n\r\n--%s\r\nContent-Type: text/plain\r\n\r\n%s\r\n", shop, n, n, time.Now().Format(time.RFC1123Z), n, n, n)
	for i := range 900 {
		fmt.Fprintf(&b, "--%s\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=%d.bin\r\n\r\n%d %s\r\n", n, i, i, n)
	}
	fmt.Fprintf(&b, "--%s--\r\n", n)
	return b.Bytes()
}
