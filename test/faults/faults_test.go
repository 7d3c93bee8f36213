package faults

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	mrand "math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"baraji/test/rig"
)

const shop = "support@shop.example"

// desk is the program with one e-mail inbox.
type desk struct {
	*rig.Running
	inbox string
}

// open makes the inbox. Either server may be "".
func open(t *testing.T, p *rig.Running, imap, smtp string) *desk {
	t.Helper()
	body := map[string]any{"name": "Shop", "channel": "email", "address": shop}
	if imap != "" {
		body["imap"] = server(imap, shop)
	}
	if smtp != "" {
		body["smtp"] = server(smtp, "")
	}
	a := p.API("POST", "/inboxes", body)
	var in struct{ ID string }
	if a.Status != 201 || a.Into(&in) != nil {
		t.Fatalf("POST /inboxes: %d %s", a.Status, a.Body)
	}
	return &desk{p, in.ID}
}

func server(addr, user string) map[string]any {
	host, port, _ := strings.Cut(addr, ":")
	n, _ := strconv.Atoi(port)
	m := map[string]any{"host": host, "port": n, "security": "none"}
	if user != "" {
		m["username"], m["password"] = user, rig.Password
	}
	return m
}

// pages walks a list to its end.
func pages[T any](t *testing.T, p *rig.Running, path string) (all []T) {
	t.Helper()
	next := ""
	for {
		sep := "?"
		if strings.Contains(path, "?") {
			sep = "&"
		}
		var page struct {
			Items []T
			Next  *string
		}
		a := p.API("GET", path+sep+"limit=100"+next, nil)
		if a.Status != 200 || a.Into(&page) != nil {
			t.Fatalf("GET %s: %d %s", path, a.Status, a.Body)
		}
		all = append(all, page.Items...)
		if page.Next == nil {
			return all
		}
		next = "&cursor=" + url.QueryEscape(*page.Next)
	}
}

type conversation struct {
	ID       string
	Subject  string
	Messages int
}

type message struct {
	ID       string
	Kind     string
	Text     string
	Delivery *struct{ State string }
}

// nonce names one thing that is sent in.
func nonce() string { return "n" + strings.ToLower(rand.Text()[:16]) }

// letter is a mail with a nonce in its header and its text; one in twenty brings
// a file, sizes are mixed.
func letter(n string) []byte {
	var b bytes.Buffer
	text := n + "\r\n" + strings.Repeat("주문한 램프가 아직 오지 않았어요. Where is my lamp?\r\n", 1+mrand.IntN(60))
	fmt.Fprintf(&b, "From: Kim <kim%d@customer.example>\r\nTo: %s\r\nSubject: %s\r\nX-Nonce: %s\r\nMessage-ID: <%s@customer.example>\r\nDate: %s\r\nMIME-Version: 1.0\r\n",
		mrand.IntN(200), shop, n, n, n, time.Now().Format(time.RFC1123Z))
	if mrand.IntN(20) > 0 {
		fmt.Fprintf(&b, "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n%s", text)
		return b.Bytes()
	}
	file := make([]byte, 1+mrand.IntN(300_000))
	rand.Read(file)
	code := base64.StdEncoding.EncodeToString(file)
	fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=%s\r\n\r\n--%s\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n--%s\r\n"+
		"Content-Type: application/octet-stream; name=file.bin\r\nContent-Disposition: attachment; filename=file.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n", n, n, text, n)
	for len(code) > 76 {
		b.WriteString(code[:76] + "\r\n")
		code = code[76:]
	}
	fmt.Fprintf(&b, "%s\r\n--%s--\r\n", code, n)
	return b.Bytes()
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// killing kills and starts the program until stop is closed, n times at most,
// and says how long the slowest start took.
func killing(p *rig.Running, n int, every time.Duration, stop <-chan struct{}) (killed int, slowest time.Duration) {
	for range n {
		select {
		case <-stop:
			return killed, slowest
		case <-time.After(every/2 + mrand.N(every)):
		}
		p.Kill()
		began := time.Now()
		p.Start()
		slowest = max(slowest, time.Since(began))
		killed++
	}
	return killed, slowest
}

// post repeats a POST with an idempotency key until it is answered: the program
// may be dead at the moment.
func post(ctx context.Context, p *rig.Running, path string, body any) (rig.APIAnswer, error) {
	h := http.Header{"Idempotency-Key": {rand.Text()}}
	for {
		a, err := p.TryAPI(ctx, "POST", path, body, h)
		if err == nil && a.Status < 500 && a.Status != http.StatusTooManyRequests {
			return a, nil
		}
		select {
		case <-ctx.Done():
			return a, fmt.Errorf("POST %s: %d %s %w", path, a.Status, a.Body, err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// inOrder runs the program's own check.
func inOrder(t *testing.T, p *rig.Running) {
	t.Helper()
	if out, err := p.Command("", "check"); err != nil {
		t.Errorf("baraji check: %v\n%s", err, out)
	}
}
