package email

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"baraji/internal/kit/db/dbtest"
)

// serve lets the house take mail by SMTP or LMTP.
func (h *house) serve(lmtp bool) string {
	h.t.Helper()
	l, err := Listener("127.0.0.1:0")
	if err != nil {
		h.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(h.ctx)
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := h.mail.Serve(ctx, l, lmtp); err != nil {
			h.t.Error(err)
		}
	})
	h.t.Cleanup(func() { cancel(); wg.Wait() })
	return l.Addr().String()
}

// talkTo says lines, at once, and returns the codes of n answers; "250-" lines count with their last.
func talkTo(t *testing.T, addr, said string, n int) string {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(60 * time.Second))
	go conn.Write([]byte(said))
	r := bufio.NewReader(conn)
	var codes []string
	for len(codes) < n {
		line, err := r.ReadString('\n')
		if err != nil {
			codes = append(codes, "end")
			break
		}
		if len(line) > 3 && line[3] == ' ' {
			codes = append(codes, line[:3])
		}
	}
	return strings.Join(codes, " ")
}

// What servers say to us, all pipelined, and what is stored then.
func TestMailThatIsBroughtToUs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := newHouse(t, desk)
		h.inbox("sales@shop.example")
		addr, local := h.serve(false), h.serve(true)
		begin := "EHLO x.example\r\nMAIL FROM:<a@x.example>\r\n"
		for _, c := range []struct {
			name, addr, said string
			codes            string
			items            int
			has              string // in the original of the last one
		}{
			{"one mail", addr, begin + "RCPT TO:<SUPPORT@shop.example>\r\nDATA\r\nSubject: one\r\n\r\nhi\r\n.\r\nQUIT\r\n", "220 250 250 250 354 250 221", 1, "hi\r\n"},
			{"unknown recipient", addr, begin + "RCPT TO:<nobody@shop.example>\r\nDATA\r\nRSET\r\nQUIT\r\n", "220 250 250 550 502 250 221", 0, ""},
			{"relaying", addr, begin + "RCPT TO:<victim@elsewhere.example>\r\nQUIT\r\n", "220 250 250 550 221", 0, ""},
			{"not UTF-8", addr, begin + "RCPT TO:<\xff\xfe@shop.example>\r\nQUIT\r\n", "220 250 250 550 221", 0, ""},
			{"two inboxes and one unknown", addr, begin + "RCPT TO:<support@shop.example>\r\nRCPT TO:<x@shop.example>\r\nRCPT TO:<sales@shop.example>\r\nRCPT TO:<support@shop.example>\r\nDATA\r\nFrom: a@x.example\r\n\r\ntwo\r\n.\r\nQUIT\r\n",
				"220 250 250 250 550 250 250 354 250 221", 2, "two"},
			{"null sender", addr, "EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<support@shop.example>\r\nDATA\r\nSubject: null\r\n\r\nx\r\n.\r\nQUIT\r\n", "220 250 250 250 354 250 221", 1, "null"},
			{"dots", addr, begin + "RCPT TO:<support@shop.example>\r\nDATA\r\nSubject: d\r\n\r\n..one\r\n...two\r\n.\r\nQUIT\r\n", "220 250 250 250 354 250 221", 1, "\r\n.one\r\n..two\r\n"},
			{"8 bit", addr, begin + "RCPT TO:<support@shop.example>\r\nDATA\r\nSubject: 8\r\n\r\n\xec\x95\x88\xff\xfe\r\n.\r\nQUIT\r\n", "220 250 250 250 354 250 221", 1, "\xec\x95\x88\xff\xfe"},
			{"bare LF ends nothing", addr, begin + "RCPT TO:<support@shop.example>\r\nDATA\r\nSubject: lf\r\n\r\none\n.\nMAIL FROM:<evil@x.example>\n.\r\ntwo\r\n.\r\nQUIT\r\n", "220 250 250 250 354 250 221", 1, "evil@x.example"},
			{"cut off", addr, begin + "RCPT TO:<support@shop.example>\r\nDATA\r\nSubject: cut\r\n\r\nhalf", "220 250 250 250 354", 0, ""},
			{"too large by its own words", addr, "EHLO x\r\nMAIL FROM:<a@x.example> SIZE=999999999\r\nQUIT\r\n", "220 250 552 221", 0, ""},
			{"LMTP, two inboxes", local, "LHLO x\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<support@shop.example>\r\nRCPT TO:<sales@shop.example>\r\nRCPT TO:<no@shop.example>\r\nDATA\r\nSubject: l\r\n\r\nlmtp\r\n.\r\nQUIT\r\n",
				"220 250 250 250 250 550 354 250 250 221", 2, "lmtp"},
		} {
			before := h.count(`SELECT COUNT(*) FROM email_item`)
			if got := talkTo(t, c.addr, c.said, strings.Count(c.codes, " ")+1); got != c.codes {
				t.Errorf("%s: %s, want %s", c.name, got, c.codes)
			}
			h.drain()
			if n := h.count(`SELECT COUNT(*) FROM email_item`) - before; n != c.items {
				t.Errorf("%s: %d items, want %d", c.name, n, c.items)
			}
			if c.items == 0 {
				continue
			}
			last := h.item(readOne[ItemID](h, `SELECT id FROM email_item ORDER BY id DESC LIMIT 1`))
			raw, err := h.mail.Raw(h.ctx, last.ID)
			if err != nil || !strings.Contains(string(raw), c.has) {
				t.Errorf("%s: %v %q has no %q", c.name, err, raw, c.has)
			}
			if last.State == Arrived || last.State == InConversation && c.name == "null sender" && !h.message(last.Message).Auto {
				t.Errorf("%s: %s", c.name, last.State)
			}
		}
	})
}

// Large mail is refused where it is too large and taken where it is not.
func TestTheSizeLimit(t *testing.T) {
	h := newHouse(t, dbtest.New(t, dbtest.Engines()[0]))
	addr := h.serve(false)
	for mb, want := range map[int]string{30: "220 250 250 250 354 250", 65: "220 250 250 250 354 552"} {
		body := strings.Repeat(strings.Repeat("x", 1022)+"\r\n", mb<<10)
		said := "EHLO x\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<support@shop.example>\r\nDATA\r\nSubject: big\r\n\r\n" + body + ".\r\n"
		if got := talkTo(t, addr, said, 6); got != want {
			t.Errorf("%d MB: %s, want %s", mb, got, want)
		}
	}
}

// 250 means committed: without a database it is 451, and nothing is claimed.
func TestWithoutADatabaseMailIsPutOff(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := newHouse(t, desk)
		addr := h.serve(false)
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		conn.SetDeadline(time.Now().Add(60 * time.Second))
		r := bufio.NewReader(conn)
		say := func(line string) (code string) {
			fmt.Fprint(conn, line)
			for {
				s, err := r.ReadString('\n')
				if err != nil {
					t.Fatal(err)
				}
				if s[3] == ' ' {
					return s[:3]
				}
			}
		}
		say("EHLO x\r\n")
		if got := say("") + say("MAIL FROM:<a@x.example>\r\n") + say("RCPT TO:<support@shop.example>\r\n") + say("DATA\r\n"); got != "250250250354" {
			t.Fatal(got)
		}
		desk.Close()
		if got := say("Subject: x\r\n\r\nhi\r\n.\r\n"); got != "451" {
			t.Errorf("%s after the data without a database", got)
		}
		if got := say("MAIL FROM:<a@x.example>\r\n") + say("RCPT TO:<support@shop.example>\r\n"); got != "250451" {
			t.Errorf("%s at the recipient without a database", got)
		}
	})
}
