package load

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"baraji/test/rig"
)

// mail measures how fast mail comes in: a mailbox that filled while the program was
// off, and then, mail by mail, how long after the mail server had one an open page is told.
func (l *loader) mail(mails int) {
	rig.Need(l.b, "dovecot")
	shop := "load-" + strings.ToLower(rand.Text()[:8]) + "@lamps.example"
	dovecot := rig.Dovecot(l.b, shop)
	host, port, _ := strings.Cut(dovecot.IMAP, ":")
	var n int
	fmt.Sscan(port, &n)
	a := l.p.API("POST", "/inboxes", map[string]any{"name": "Load " + rand.Text()[:6], "channel": "email", "address": shop,
		"imap": map[string]any{"host": host, "port": n, "security": "none", "username": shop, "password": rig.Password}})
	var in struct{ ID string }
	if a.Status != 201 || a.Into(&in) != nil {
		l.b.Fatalf("POST /inboxes: %d %s", a.Status, a.Body)
	}
	defer l.p.API("PATCH", "/inboxes/"+in.ID, map[string]any{"enabled": false}) // its server goes, the desk may be kept
	l.p.WaitDrained(time.Minute)
	l.p.Term()
	for _, raw := range letters(mails, shop) {
		if err := dovecot.TryDeliver("kim@customer.example", shop, raw); err != nil {
			l.b.Fatal(err)
		}
	}
	l.p.Start()
	began, cpu := time.Now(), spent(l.p.PID())
	l.p.WaitDrained(10 * time.Minute)
	took := time.Since(began)
	fmt.Printf("mail from a full mailbox: %d mails in %v, %.0f a second, %.1f ms of CPU each\n", mails, took.Round(time.Millisecond), float64(mails)/took.Seconds(),
		1000*(spent(l.p.PID())-cpu).Seconds()/float64(mails))
	l.arrivals(dovecot, shop)
}

// arrivals sends one mail after the other, while a page shows the list.
func (l *loader) arrivals(dovecot *rig.MailServer, shop string) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	told := l.listen(ctx, "inbox")
	var took []time.Duration
	for range 100 {
		time.Sleep(100 * time.Millisecond) // what else comes of a mail is told as well
		for len(told) > 0 {
			<-told
		}
		began := time.Now()
		if err := dovecot.TryDeliver("ann@customer.example", shop, letter(rand.Text(), "", shop, "Where is it?", "")); err != nil {
			l.b.Fatal(err)
		}
		select {
		case <-told:
			took = append(took, time.Since(began))
		case <-ctx.Done():
			l.b.Fatalf("after %d mails the page is told nothing", len(took))
		}
	}
	slices.Sort(took)
	ms := func(q float64) time.Duration {
		return took[min(int(q*float64(len(took))), len(took)-1)].Round(time.Millisecond)
	}
	fmt.Printf("mail server to the open page: p50 %v, p95 %v, most %v\n", ms(0.5), ms(0.95), ms(1))
}

// listen is a page that shows one thing: it says each time that this has changed.
func (l *loader) listen(ctx context.Context, topic string) <-chan struct{} {
	req, _ := http.NewRequestWithContext(ctx, "GET", l.p.URL+"/live?topic="+url.QueryEscape(topic), nil)
	resp, err := (&http.Client{Jar: l.page.Jar}).Do(req)
	if err != nil || resp.StatusCode != 200 {
		l.b.Fatalf("GET /live: %v %v", resp, err)
	}
	told := make(chan struct{}, 1000)
	go func() {
		defer resp.Body.Close()
		for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
			if strings.HasPrefix(lines.Text(), "data: ") && strings.Contains(lines.Text(), topic) {
				told <- struct{}{}
			}
		}
	}()
	return told
}

// letters are mails as they come: 11 KB of text and HTML, every tenth with a file of
// 50 KB, three of ten answers to an earlier one.
func letters(n int, shop string) (list [][]byte) {
	var ids []string
	bill := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("%PDF-1.7 a bill of our shop. ", 1700)))
	for i := range n {
		id, parent := rand.Text(), ""
		if i%10 < 3 && len(ids) > 0 {
			parent = ids[i*7919%len(ids)]
		} else {
			ids = append(ids, id)
		}
		text := ""
		for k := range 90 {
			text += words[(i*31+k*17)%len(words)] + " "
		}
		file := ""
		if i%10 == 0 {
			file = bill
		}
		list = append(list, letter(id, parent, shop, strings.Repeat(text+"\r\n\r\n", 8), file))
	}
	return list
}

// letter is a mail, with a file if there is one; its subject is its id, or that of what it answers.
func letter(id, parent, shop, text, file string) []byte {
	var b bytes.Buffer
	subject := id
	if parent != "" {
		subject = "Re: " + parent
	}
	fmt.Fprintf(&b, "From: Kim <kim-%s@customer.example>\r\nTo: %s\r\nSubject: %s\r\nMessage-ID: <%s@customer.example>\r\nDate: %s\r\n",
		cmp.Or(parent, id), shop, subject, id, time.Now().Format(time.RFC1123Z)) // who answers is who wrote first
	if parent != "" {
		fmt.Fprintf(&b, "In-Reply-To: <%s@customer.example>\r\nReferences: <%[1]s@customer.example>\r\n", parent)
	}
	fmt.Fprintf(&b, "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=%s\r\n\r\n--%[1]s\r\nContent-Type: multipart/alternative; boundary=alt%[1]s\r\n\r\n"+
		"--alt%[1]s\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%[2]s\r\n--alt%[1]s\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<div><p>%[2]s</p></div>\r\n--alt%[1]s--\r\n", id, text)
	if file != "" {
		fmt.Fprintf(&b, "--%s\r\nContent-Type: application/pdf; name=bill.pdf\r\nContent-Disposition: attachment; filename=bill.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n", id)
		for line := range slices.Chunk([]byte(file), 76) {
			fmt.Fprintf(&b, "%s\r\n", line)
		}
	}
	fmt.Fprintf(&b, "--%s--\r\n", id)
	return b.Bytes()
}
