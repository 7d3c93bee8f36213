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
// subject and no mark, from one address or from many: a machine that writes its own
// text is stopped soon, and does not fill the list; people who all write something
// else are stopped by the ceilings alone.
func TestADumbResponder(t *testing.T) {
	said := func(i int) string { return fmt.Sprint("Thank you for writing. Your number is ", i) }
	different := func(i int) string { return strings.Repeat(string(rune('a'+i%26))+"x ", 5+i) }
	one := func(int) string { return "robot@loop.example" }
	many := func(i int) string { return fmt.Sprintf("robot%d@loop.example", i) }
	for _, c := range []struct {
		name    string
		from    func(i int) string
		text    func(i int) string
		answers int    // of ours, at the most and in fact
		talks   int    // that come of it
		ceiling string // that somebody is told of
	}{
		{"one address", one, said, 3, 3, "loop"},
		{"many addresses", many, said, 4, 4, "loop"},
		{"one person", one, different, 3, 40, "sender"},
		{"many people", many, different, 10, 40, "domain"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
				h := newHouse(t, desk)
				sink := rig.Sink(t, rig.SinkSetup{})
				h.sendTo(h.in, sink.Addr)
				h.autoReply(h.in)
				var marked int
				for i := range 40 {
					got := h.take(h.in, c.from(i), letterOf(c.from(i), fmt.Sprintf("Your request %d was received", i), c.text(i)))
					f := h.message(got.Message).Flags
					if slices.Contains(f, FlagStopped) || slices.Contains(f, FlagGathered) {
						marked++
					}
					if h.of(got).Status != conversation.Open {
						t.Error("a mail that nobody sees")
					}
				}
				n, told := len(sink.Mails()), h.count(`SELECT COUNT(*) FROM event WHERE kind = 'email.auto_stopped'`)
				talks := h.count(`SELECT COUNT(*) FROM conversation`)
				if n != c.answers || talks != c.talks || told != 1 || marked != 40-n || h.count(`SELECT COUNT(*) FROM event WHERE body LIKE '%"`+c.ceiling+`"%' AND kind = 'email.auto_stopped'`) != 1 {
					t.Errorf("%d automatic mails (want %d), %d conversations (want %d), told %d times, %d mails marked", n, c.answers, talks, c.talks, told, marked)
				}
				h.Clock.Advance(25 * time.Hour)
				h.take(h.in, "", letterOf(c.from(99), "the next day", c.text(99)))
				if len(sink.Mails()) != n+1 || h.count(`SELECT COUNT(*) FROM conversation`) != talks+1 {
					t.Errorf("%d mails on the next day", len(sink.Mails())-n)
				}
				t.Logf("T21 %s, %s: 40 mails at once: %d automatic answers, %d conversations, an agent told once, %d mails marked", desk.Engine(), c.name, n, talks, marked)
			})
		})
	}
}

// A responder that really answers each of our mails comes to an end by itself.
func TestALoopEnds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := newHouse(t, desk)
		sink := rig.Sink(t, rig.SinkSetup{})
		h.sendTo(h.in, sink.Addr)
		h.autoReply(h.in)
		for answered := -1; answered < len(sink.Mails()) && answered < 50; answered++ {
			from := fmt.Sprintf("r%d.%d@loop.example", answered, answered*answered)
			h.take(h.in, "", letterOf(from, fmt.Sprint("안내 ", answered), "문의가 접수되었습니다. 접수 번호는 "+fmt.Sprint(answered)+" 입니다."))
			h.Clock.Advance(20 * time.Second)
		}
		if n, talks := len(sink.Mails()), h.count(`SELECT COUNT(*) FROM conversation`); n > 4 || talks > 5 {
			t.Errorf("%d automatic mails, %d conversations", n, talks)
		}
	})
}

// What is gathered, and what looks like it and is not: each case begins with as many
// mails at a machine's pace as there may be.
func TestWhatIsGathered(t *testing.T) {
	mail := func(from, text string, header ...string) string { return letterOf(from, "again", text, header...) }
	const said = "Thank you for writing to the town hall. Your number is"
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := newHouse(t, desk)
		sink := rig.Sink(t, rig.SinkSetup{})
		h.sendTo(h.in, sink.Addr)
		h.autoReply(h.in)
		for i, c := range []struct {
			name  string
			do    func(last conversation.ID) // in the meantime
			raw   func(domain string) string
			joins bool
		}{
			{"more of it", nil, func(d string) string { return mail("new@"+d, said+" 7") }, true},
			{"with a word of its own", nil, func(d string) string { return mail("new@"+d, said+" 7. Regards, Bora") }, true},
			{"something else", nil, func(d string) string {
				return mail("new@"+d, "My lamp has fallen off the wall. Who pays for the carpet?")
			}, false},
			{"the same from elsewhere", nil, func(d string) string { return mail("new@not-"+d, said+" 7") }, false},
			{"what a form hands on", nil, func(d string) string { return mail("new@"+d, said+" 7", "Reply-To", "bora@home.example") }, false},
			{"a machine that says so", nil, func(d string) string { return mail("new@"+d, said+" 7", "Auto-Submitted", "auto-generated") }, false},
			{"when somebody has answered", func(last conversation.ID) { h.reply(last, conversation.Answer{}) }, func(d string) string { return mail("new@"+d, said+" 7") }, false},
			{"when it is solved", func(last conversation.ID) { h.setStatus(last, conversation.Solved) }, func(d string) string { return mail("new@"+d, said+" 7") }, false},
			{"when it is gone", func(last conversation.ID) { h.delete(last) }, func(d string) string { return mail("new@"+d, said+" 7") }, false},
			{"an hour later", func(conversation.ID) { h.Clock.Advance(time.Hour) }, func(d string) string { return mail("new@"+d, said+" 7") }, false},
		} {
			host := fmt.Sprintf("loop%d.example", i)
			var last conversation.Conversation
			for n := range 4 {
				last = h.of(h.take(h.in, "", mail(fmt.Sprintf("r%d@%s", n, host), fmt.Sprint(said, " ", n))))
			}
			if c.do != nil {
				c.do(last.ID)
			}
			got := h.take(h.in, "", c.raw(host))
			if joins := h.of(got).ID == last.ID; joins != c.joins {
				t.Errorf("%s: gathered %v", c.name, joins)
			}
			if flagged := slices.Contains(h.message(got.Message).Flags, FlagGathered); flagged != c.joins {
				t.Errorf("%s: marked %v", c.name, flagged)
			}
			if c.joins {
				part := h.count(`SELECT COUNT(*) FROM conversation_participant WHERE conversation_id = $1`, last.ID)
				if part != 1 || h.status(last.ID) != conversation.Open {
					t.Errorf("%s: %d take part, it is %s", c.name, part, h.status(last.ID))
				}
			}
		}
		for n := range 4 { // the same, but at a person's pace
			h.Clock.Advance(5 * time.Minute)
			h.take(h.in, "", mail(fmt.Sprintf("s%d@slow.example", n), said))
		}
		if got := h.take(h.in, "", mail("s9@slow.example", said)); slices.Contains(h.message(got.Message).Flags, FlagGathered) {
			t.Error("what comes slowly is gathered")
		}
	})
}

func TestAlike(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"", "", true},
		{"Thank you. Your number is 17.", "Thank you! Your number is a7f3c0.", true},
		{"문의가 접수되었습니다. 접수 번호 2026-17", "문의가 접수되었습니다. 접수 번호 2026-18", true},
		{"Dear Bora, thank you for writing to us.", "Dear Haram, thank you for writing to us.", true},
		{"Thank you.", "", false},
		{"The page does not open since nine.", "I cannot sign in, please help.", false},
		{"페이지가 안 열려요", "로그인이 안 돼요", false},
		{"hello", "hello this is a much longer letter about a lamp that fell", false},
	} {
		if alike(c.a, c.b) != c.want || alike(c.b, c.a) != c.want {
			t.Errorf("%q, %q: want %v", c.a, c.b, c.want)
		}
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
