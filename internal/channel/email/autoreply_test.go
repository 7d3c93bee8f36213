package email

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/mail"
	"baraji/test/rig"
)

// machineMails are what machines wrote: real bounces and notices, and made ones.
func machineMails(t *testing.T) (list []string) {
	t.Helper()
	root := "../../../../shared/data/mail"
	for _, pattern := range []string{"bounces/*.eml", "korean/bounces/*.eml", "korean/out-of-office/*.eml"} {
		files, _ := filepath.Glob(filepath.Join(root, pattern))
		if len(files) == 0 && os.Getenv("CI") == "true" {
			t.Fatalf("no mail in %s", pattern)
		}
		if len(files) == 0 {
			t.Logf("SKIPPED: no mail in %s", pattern)
		}
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, string(b))
		}
	}
	for i, header := range [][]string{
		{"Auto-Submitted", "auto-generated"}, {"Auto-Submitted", "auto-replied (vacation)"}, {"Precedence", "bulk"}, {"Precedence", "list"}, {"Precedence", "junk"},
		{"List-Id", "<news.example>"}, {"List-Unsubscribe", "<mailto:u@x.example>"}, {"X-Autoreply", "yes"}, {"X-Auto-Response-Suppress", "All"}, {"Return-Path", "<>"},
		{"X-Autorespond", "ooo"}, {"Feedback-ID", "a:b:c"},
	} {
		list = append(list, letterOf(fmt.Sprintf("list%d@x.example", i), "news", "Hello", header...))
	}
	mdn := "From: %s\r\nTo: " + shop + "\r\nSubject: Read: lamp\r\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b\r\n\r\n--b\r\n\r\nread\r\n--b\r\n" +
		"Content-Type: message/disposition-notification\r\n\r\nFinal-Recipient: rfc822; %[1]s\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n--b--\r\n"
	arf := "From: %s\r\nTo: " + shop + "\r\nSubject: complaint\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n--b\r\n\r\nspam\r\n--b\r\n" +
		"Content-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: x/1\r\nVersion: 1\r\n\r\n--b--\r\n"
	return append(list, fmt.Sprintf(mdn, "reader@x.example"), fmt.Sprintf(arf, "fbl@x.example"))
}

// TestMachinesGetNoAnswer is T20: all is stored, nothing is answered or reopened;
// a person's mail is answered the way RFC 3834 wants it.
func TestMachinesGetNoAnswer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := newHouse(t, desk)
		sink := rig.Sink(t, rig.SinkSetup{})
		h.sendTo(h.in, sink.Addr)
		k := h.solved(t, "a")
		h.setStatus(k.id, conversation.Solved)
		h.autoReply(h.in)
		before := len(sink.Mails())
		stored, auto := 0, 0
		list := machineMails(t)
		list = append(list, letterOf("a"+customer, "Out of office: lamp", "I am away.", "Auto-Submitted", "auto-replied", "In-Reply-To", "<"+k.claim.id+">"))
		for i, raw := range list {
			got := h.item(h.store(h.in, "", raw))
			h.drain()
			if got = h.item(got.ID); got.State != InConversation {
				t.Errorf("%d: %s %s %s", i, got.State, got.Reason, got.Error)
				continue
			}
			stored++
			if h.message(got.Message).Auto {
				auto++
			}
		}
		out := len(sink.Mails()) - before
		if out != 0 || h.status(k.id) != conversation.Solved {
			for _, m := range sink.Mails()[before:] {
				t.Errorf("an answer to %v", m.To)
			}
			t.Errorf("%d answers to machines; the conversation is %s", out, h.status(k.id))
		}
		h.take(h.in, "<>", letterOf("null@x.example", "automatic", "no mark but the null sender"))
		if n := len(sink.Mails()) - before; n != 0 {
			t.Errorf("%d answers to a null sender", n)
		}
		h.take(h.in, "bcc@x.example", strings.Replace(letterOf("bcc@x.example", "hi", "to many"), shop, "undisclosed@x.example", 1))
		if n := len(sink.Mails()) - before; n != 0 {
			t.Errorf("%d answers to what was not written to us", n)
		}
		h.take(h.in, "p@x.example", letterOf("Bora <p@x.example>", "lamp", "It flickers", "Message-ID", "<p1@x.example>"))
		if n := len(sink.Mails()) - before; n != 1 {
			t.Fatalf("%d answers to a person", n)
		}
		ours := sink.Mails()[before]
		raw, _ := ours.Raw()
		msg, err := mail.Parse(raw)
		if err != nil || ours.From != "" || msg.Header.Get("Auto-Submitted") != "auto-replied" || strings.Join(msg.InReplyTo, "") != "p1@x.example" ||
			strings.Join(msg.References, "") != "p1@x.example" || !strings.Contains(msg.Text, "Hello Bora,") {
			t.Errorf("our answer: %v, from %q\n%s", err, ours.From, raw)
		}
		t.Logf("T20 %s: %d machine mails: %d stored, %d marked as automatic, %d answered, 0 reopened", desk.Engine(), len(list), stored, auto, out)
	})
}

// TestADumbResponder is T21: somebody answers everything at once, with a new
// subject and no mark, from one address or from many.
func TestADumbResponder(t *testing.T) {
	for _, c := range []struct {
		name    string
		from    func(i int) string
		most    int
		ceiling string
	}{
		{"one address", func(int) string { return "robot@loop.example" }, 3, "sender"},
		{"many addresses", func(i int) string { return fmt.Sprintf("robot%d@loop.example", i) }, 10, "domain"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
				h := newHouse(t, desk)
				sink := rig.Sink(t, rig.SinkSetup{})
				h.sendTo(h.in, sink.Addr)
				h.autoReply(h.in)
				var flagged int
				for i := range 40 {
					got := h.take(h.in, c.from(i), letterOf(c.from(i), fmt.Sprintf("Your request %d was received", i), fmt.Sprint("Thank you for writing. ", i)))
					if slices.Contains(h.message(got.Message).Flags, FlagStopped) {
						flagged++
					}
				}
				n, told := len(sink.Mails()), h.count(`SELECT COUNT(*) FROM event WHERE kind = 'email.auto_stopped'`)
				if n != c.most || told != 1 || flagged != 40-c.most || h.count(`SELECT COUNT(*) FROM event WHERE body LIKE '%"`+c.ceiling+`"%' AND kind = 'email.auto_stopped'`) != 1 {
					t.Errorf("%d automatic mails (at most %d), told %d times, %d mails flagged", n, c.most, told, flagged)
				}
				h.Clock.Advance(25 * time.Hour)
				h.take(h.in, "", letterOf(c.from(99), "the next day", "Thank you for writing."))
				if len(sink.Mails()) != n+1 {
					t.Errorf("%d mails on the next day", len(sink.Mails())-n)
				}
				t.Logf("T21 %s, %s: 40 mails at once: %d automatic answers, an agent told once, %d mails flagged", desk.Engine(), c.name, n, flagged)
			})
		})
	}
}

// TestDesksThatMailEachOther is T22: what we send comes back to us.
func TestDesksThatMailEachOther(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := newHouse(t, desk)
		sink := rig.Sink(t, rig.SinkSetup{})
		sales := h.inbox("sales@shop.example")
		for _, in := range []struct {
			name string
			from string
			back func(raw string) string // what the alias, forward or list makes of our mail
		}{
			{"itself", shop, func(raw string) string { return raw }},
			{"another desk of ours", "sales@shop.example", func(raw string) string { return raw }},
			{"an alias", "alias@shop.example", func(raw string) string { return raw }},
			{"a forward that changes the id", "fwd@shop.example", func(raw string) string {
				return strings.Replace(strings.Replace(raw, "Message-ID: <", "Message-ID: <x", 1), "Auto-Submitted: auto-replied\r\n", "", 1)
			}},
			{"a list", "list@lists.example", func(raw string) string { return "List-Id: <l.lists.example>\r\n" + raw }},
		} {
			h.sendTo(h.in, sink.Addr)
			h.sendTo(sales, sink.Addr)
			h.autoReply(h.in)
			h.autoReply(sales)
			before := len(sink.Mails())
			h.take(h.in, in.from, letterOf(in.from, "hello "+in.name, "is anybody there"))
			for seen := before; seen < len(sink.Mails()) && seen < before+20; seen++ {
				raw, err := sink.Mails()[seen].Raw()
				if err != nil {
					t.Fatal(err)
				}
				h.take(h.in, "", in.back(string(raw)))
				h.take(sales, "", in.back(string(raw)))
			}
			n := len(sink.Mails()) - before
			if n > 2 {
				t.Errorf("%s: %d automatic mails", in.name, n)
			}
			t.Logf("T22 %s, %s: stopped after %d automatic mails", desk.Engine(), in.name, n)
		}
	})
}
