package faults

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"baraji/test/rig"
)

// T12, the other disk: the folder of the files is full, the database is elsewhere.
func TestT12FilesFull(t *testing.T) {
	rig.Need(t, "dovecot")
	rig.EachEngine(t, func(t *testing.T, database string) {
		disk := rig.Disk(t, 24)
		dovecot := rig.Dovecot(t, shop)
		listen := fmt.Sprintf("127.0.0.1:%d", rig.FreePort(t))
		p := rig.ProgramWith(t, rig.Setup{Database: database, Env: []string{"BARAJI_SMTP=" + listen, "BARAJI_BLOB=" + disk.Dir}})
		d := open(t, p, dovecot.IMAP, "")
		in := &intake{p: p, smtp: listen, dovecot: dovecot, inbox: d.inbox, taken: map[string]bool{}}
		if err := in.post(in.sure(), large); err != nil {
			t.Fatalf("while there is room: %v", err)
		}

		// All is taken but a little more than the least: the program goes on, and runs into it.
		disk.FillTo(9 << 20)
		var said error
		for range 40 {
			n := nonce()
			if said = in.post(n, large); said != nil {
				break
			}
			in.taken[n] = true
		}
		if said == nil || !strings.Contains(said.Error(), "452") {
			t.Errorf("SMTP says %v", said)
		}
		disk.Fill()
		if err := dovecot.TryDeliver("kim@customer.example", shop, large(in.sure())); err != nil { // and that one has to wait where it is
			t.Fatal(err)
		}
		alarm := wait(t, 60*time.Second, "an alarm", alarmed(p))
		if err := in.post(nonce(), large); err == nil || !strings.Contains(err.Error(), "452") {
			t.Errorf("SMTP says %v", err)
		}
		a, err := upload(p, bytes.Repeat([]byte("x"), 1<<20))
		if err != nil || a.StatusCode != 507 {
			t.Errorf("an upload: %v %v", a, err)
		}
		if a := p.API("GET", "/conversations", nil); a.Status != 200 {
			t.Errorf("a list: %d", a.Status)
		}
		if n := len(pages[heldMail](t, p, "/quarantine")); n > 0 {
			t.Errorf("%d mails are held, and it is not their fault", n)
		}

		disk.Empty()
		began := time.Now()
		wait(t, 60*time.Second, "SMTP takes mail again", func() error {
			n := nonce()
			err := in.post(n, large)
			if err == nil {
				in.taken[n] = true
			}
			return err
		})
		again := time.Since(began)
		p.WaitDrained(90 * time.Second)
		lost, doubled := in.count(t)
		fmt.Printf("T12 %s: %d taken in, %d lost, %d more than once; alarm after %v, mail %v after there was room, all done after %v\n",
			t.Name(), len(in.taken), lost, doubled, alarm.Round(time.Millisecond), again.Round(time.Millisecond), time.Since(began).Round(time.Millisecond))
		if lost+doubled > 0 || len(pages[heldMail](t, p, "/quarantine")) > 0 {
			t.Error("see above")
		}
		p.Term()
		inOrder(t, p)
	})
}

// sure is a nonce of something that must arrive.
func (in *intake) sure() string {
	n := nonce()
	in.taken[n] = true
	return n
}

// post sends a mail by SMTP.
func (in *intake) post(n string, letter func(string) []byte) error {
	c, err := smtp.Dial(in.smtp)
	if err != nil {
		return err
	}
	defer c.Close()
	return c.SendMail("kim@customer.example", []string{shop}, bytes.NewReader(letter(n)))
}

// large is a mail that is kept as a file.
func large(n string) []byte {
	file := make([]byte, 700_000)
	rand.Read(file)
	var b bytes.Buffer
	fmt.Fprintf(&b, "From: Kim <kim@customer.example>\r\nTo: %s\r\nSubject: %s\r\nMessage-ID: <%s@customer.example>\r\nMIME-Version: 1.0\r\n"+
		"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n", shop, n, n)
	for code := base64.StdEncoding.EncodeToString(file); code != ""; {
		line := code[:min(76, len(code))]
		b.WriteString(line + "\r\n")
		code = code[len(line):]
	}
	return b.Bytes()
}

// upload sends a file through the API.
func upload(p *rig.Running, file []byte) (*http.Response, error) {
	req, err := http.NewRequest("POST", p.URL+"/api/v1/attachments?name=a.bin", bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	req.Header = http.Header{"Authorization": {"Bearer " + p.Token()}, "Content-Type": {"application/octet-stream"}}
	resp, err := http.DefaultClient.Do(req)
	if err == nil {
		resp.Body.Close()
	}
	return resp, err
}
