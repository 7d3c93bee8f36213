package faults

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"sync"
	"testing"
	"time"

	"baraji/test/rig"
)

// intake is everything that comes in at once: mail by SMTP, mail in a mailbox,
// conversations and notes through the API. What was acknowledged is written down.
type intake struct {
	p       *rig.Running
	smtp    string
	dovecot *rig.MailServer
	inbox   string
	letter  func(n string) []byte

	mu      sync.Mutex
	taken   map[string]bool // subjects that must be there
	refused map[string]int  // answers that were no, by door
	last    map[string]string
}

// run sends until stop is closed.
func (in *intake) run(t *testing.T, ctx context.Context, stop <-chan struct{}) {
	in.taken, in.refused, in.last = map[string]bool{}, map[string]int{}, map[string]string{}
	var all sync.WaitGroup
	door := func(name string, send func(n string) error) {
		all.Go(func() {
			for ctx.Err() == nil {
				select {
				case <-stop:
					return
				case <-time.After(20 * time.Millisecond):
				}
				n := nonce()
				err := send(n)
				in.mu.Lock()
				if err == nil {
					in.taken[n] = true
				} else {
					in.refused[name]++
					in.last[name] = err.Error()
				}
				in.mu.Unlock()
			}
		})
	}
	door("smtp", func(n string) error {
		return in.post(n, in.letter)
	})
	door("imap", func(n string) error {
		time.Sleep(80 * time.Millisecond)
		return in.dovecot.TryDeliver("kim@customer.example", shop, in.letter(n))
	})
	door("api", func(n string) error {
		a, err := in.p.TryAPI(ctx, "POST", "/conversations", map[string]any{"inbox": in.inbox, "subject": n, "text": strings.Repeat("Where is my lamp? ", 200),
			"from": map[string]any{"name": "Ann", "email": n + "@customer.example"}}, nil)
		if err == nil && a.Status != 201 {
			err = fmt.Errorf("%d %s", a.Status, a.Body)
		}
		return err
	})
	all.Wait()
}

func (in *intake) said(door string) (times int, last string) {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.refused[door], in.last[door]
}

// wait waits until something is so, and says how long that took.
func wait(t *testing.T, within time.Duration, what string, so func() error) time.Duration {
	t.Helper()
	began := time.Now()
	for {
		err := so()
		took := time.Since(began)
		if err == nil {
			return took
		}
		if took > within {
			t.Fatalf("%s: not within %v: %v", what, within, err)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// ready is what GET /readyz says.
func ready(p *rig.Running) (ok bool, reasons []string, err error) {
	resp, err := http.Get(p.URL + "/readyz")
	if err != nil {
		return false, nil, err
	}
	defer resp.Body.Close()
	var v struct {
		Ready   bool
		Reasons []string
	}
	err = json.NewDecoder(resp.Body).Decode(&v)
	return resp.StatusCode == 200, v.Reasons, err
}

func alarmed(p *rig.Running) func() error {
	return func() error {
		ok, reasons, err := ready(p)
		if err == nil && (ok || !strings.Contains(strings.Join(reasons, "; "), "room")) {
			err = fmt.Errorf("ready: %v, %v", ok, reasons)
		}
		return err
	}
}

// T12: the disk of a SQLite desk runs full while everything comes in.
func TestT12DiskFull(t *testing.T) {
	rig.Need(t, "dovecot")
	disk := rig.Disk(t, 64)
	dovecot := rig.Dovecot(t, shop)
	listen := fmt.Sprintf("127.0.0.1:%d", rig.FreePort(t))
	p := rig.ProgramWith(t, rig.Setup{Data: disk.Dir, Env: []string{"BARAJI_SMTP=" + listen}})
	d := open(t, p, dovecot.IMAP, "")
	jar, _ := cookiejar.New(nil)
	person := &live{client: &http.Client{Jar: jar}}
	person.signIn(t, p)

	in := &intake{p: p, smtp: listen, dovecot: dovecot, inbox: d.inbox, letter: letter}
	stop, done := make(chan struct{}), make(chan struct{})
	go func() { in.run(t, t.Context(), stop); close(done) }()
	wait(t, 30*time.Second, "mail comes in", func() error {
		if n := len(pages[conversation](t, p, "/conversations")); n < 20 {
			return fmt.Errorf("%d conversations", n)
		}
		return nil
	})

	// It runs full.
	disk.Fill()
	alarm := wait(t, 60*time.Second, "an alarm", alarmed(p))
	in.mu.Lock()
	in.refused, in.last = map[string]int{}, map[string]string{}
	in.mu.Unlock()
	wait(t, 10*time.Second, "SMTP says no", func() error {
		if n, last := in.said("smtp"); n < 5 || !strings.Contains(last, "452") {
			return fmt.Errorf("%d times: %s", n, last)
		}
		return nil
	})
	wait(t, 10*time.Second, "the API says no", func() error {
		if n, last := in.said("api"); n < 5 || !strings.Contains(last, "507") || !strings.Contains(last, "no room left") {
			return fmt.Errorf("%d times: %s", n, last)
		}
		return nil
	})
	reads(t, p, person)
	if !p.Lives() || !alive(p) {
		t.Fatal("the program died")
	}

	// It is killed on the full disk, and starts there.
	p.Kill()
	p.Begin()
	wait(t, 10*time.Second, "an alarm after the start", alarmed(p))
	reads(t, p, person)

	// There is room again.
	disk.Empty()
	began := time.Now()
	wait(t, 60*time.Second, "ready again", func() error {
		ok, reasons, err := ready(p)
		if err == nil && !ok {
			err = fmt.Errorf("%v", reasons)
		}
		return err
	})
	again := time.Since(began)
	before, _ := in.said("smtp")
	time.Sleep(2 * time.Second)
	if after, last := in.said("smtp"); after > before+1 {
		t.Errorf("there is room, and SMTP says %s", last)
	}
	close(stop)
	<-done
	p.WaitDrained(90 * time.Second)
	drained := time.Since(began)
	signIn := &live{client: &http.Client{Jar: func() *cookiejar.Jar { j, _ := cookiejar.New(nil); return j }()}}
	signIn.enter(t, p)

	lost, doubled := in.count(t)
	fmt.Printf("T12 %s: %d taken in, %d lost, %d more than once; alarm after %v, ready %v after there was room, all done after %v; refused %v\n",
		t.Name(), len(in.taken), lost, doubled, alarm.Round(time.Millisecond), again.Round(time.Millisecond), drained.Round(time.Millisecond), in.refused)
	if lost > 0 || doubled > 0 {
		t.Error("see above")
	}
	p.Term()
	inOrder(t, p)
}

// reads does what must go on: sign in, look, search.
func reads(t *testing.T, p *rig.Running, person *live) {
	t.Helper()
	for _, path := range []string{"/inbox", "/inbox?q=lamp"} {
		resp, err := person.client.Get(p.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		if resp.StatusCode != 200 {
			t.Errorf("GET %s on a full disk: %s", path, resp.Status)
		}
	}
	for _, path := range []string{"/conversations", "/queues", "/me"} {
		if a := p.API("GET", path, nil); a.Status != 200 {
			t.Errorf("GET %s on a full disk: %d %s", path, a.Status, a.Body)
		}
	}
	jar, _ := cookiejar.New(nil)
	another := &live{client: &http.Client{Jar: jar}}
	wait(t, 5*time.Second, "somebody signs in", func() error { return another.try(p) }) // once the program gave its reserve up
}

func alive(p *rig.Running) bool {
	resp, err := http.Get(p.URL + "/healthz")
	if err != nil {
		return false
	}
	resp.Body.Close()
	return resp.StatusCode == 200
}

// count looks for everything that was taken in.
func (in *intake) count(t *testing.T) (lost, doubled int) {
	t.Helper()
	seen := map[string]int{}
	for _, c := range pages[conversation](t, in.p, "/conversations") {
		seen[c.Subject]++
	}
	for n := range in.taken {
		switch k := seen[n]; {
		case k == 0:
			lost++
		case k > 1:
			doubled++
		}
	}
	return lost, doubled
}
