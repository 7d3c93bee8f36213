package email

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/mail"
	"baraji/test/rig"
)

// states writes how far a mail came with each recipient: "a:sent b:failed 550".
func (h *house) states(id conversation.MessageID) string {
	h.t.Helper()
	var out []string
	err := h.Read(h.ctx, func(tx *db.Tx) error {
		all, err := RecipientStates(h.ctx, tx, []conversation.MessageID{id})
		for _, s := range all[id] {
			local, _, _ := strings.Cut(s.Address, "@")
			w := local + ":" + s.State
			if s.Code != 0 && s.Code != 250 {
				w += fmt.Sprint(" ", s.Code)
			}
			out = append(out, w)
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

func (h *house) resend(id conversation.MessageID) {
	h.t.Helper()
	h.write(func(tx *db.Tx) error { return h.mail.Resend(h.ctx, tx, id) })
	h.drain()
}

// TestWhatServersAnswer is T14: each script is an answer to three people, and what
// is to come of it at once, and after the next tries.
func TestWhatServersAnswer(t *testing.T) {
	a, b := "a@x.example", "b@x.example"
	cases := []struct {
		name   string
		to     string
		script []rig.Answer
		first  string // states after the first try
		state  conversation.Delivery
		last   string // after all tries
		end    conversation.Delivery
		took   map[string]int // copies that the server took
	}{
		{"greylisted", a, []rig.Answer{rig.RefuseRecipient(451)}, "a:waiting 451, b:sent, c:sent", conversation.Queued, "a:sent, b:sent, c:sent", conversation.Sent, nil},
		{"450 twice", a, []rig.Answer{rig.RefuseRecipient(450), rig.RefuseRecipient(450)}, "a:waiting 450, b:sent, c:sent", conversation.Queued, "a:sent, b:sent, c:sent", conversation.Sent, nil},
		{"452 for one", b, []rig.Answer{rig.RefuseRecipient(452)}, "a:sent, b:waiting 452, c:sent", conversation.Queued, "a:sent, b:sent, c:sent", conversation.Sent, nil},
		{"550 for one", b, []rig.Answer{rig.RefuseRecipient(550)}, "a:sent, b:failed 550, c:sent", conversation.Failed, "a:sent, b:failed 550, c:sent", conversation.Failed, map[string]int{b: 0}},
		{"421 at a recipient", b, []rig.Answer{rig.RefuseRecipient(421)}, "a:waiting, b:waiting, c:waiting", conversation.Queued, "a:sent, b:sent, c:sent", conversation.Sent, nil},
		{"451 after the data", a, []rig.Answer{rig.RefuseData(451)}, "a:waiting 451, b:waiting 451, c:waiting 451", conversation.Queued, "a:sent, b:sent, c:sent", conversation.Sent, nil},
		{"554 after the data", a, []rig.Answer{rig.RefuseData(554)}, "a:failed 554, b:failed 554, c:failed 554", conversation.Failed, "a:failed 554, b:failed 554, c:failed 554", conversation.Failed, map[string]int{a: 0, b: 0, "c@x.example": 0}},
		{"cut at the data", a, []rig.Answer{rig.CutAtData()}, "a:waiting, b:waiting, c:waiting", conversation.Queued, "a:sent, b:sent, c:sent", conversation.Sent, nil},
		{"cut after the data", a, []rig.Answer{rig.CutAfterData()}, "a:unconfirmed, b:unconfirmed, c:unconfirmed", conversation.Unconfirmed, "a:unconfirmed, b:unconfirmed, c:unconfirmed", conversation.Unconfirmed, map[string]int{a: 0, b: 0, "c@x.example": 0}},
		{"cut before 250", a, []rig.Answer{rig.CutBefore250()}, "a:unconfirmed, b:unconfirmed, c:unconfirmed", conversation.Unconfirmed, "a:unconfirmed, b:unconfirmed, c:unconfirmed", conversation.Unconfirmed, nil},
	}
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		repeats := 0
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				h := newHouse(t, dbtest.New(t, desk.Engine()))
				sink := rig.Sink(t, rig.SinkSetup{})
				h.sendTo(h.in, sink.Addr)
				k := h.of(h.take(h.in, "", letterOf(customer, "lamp", "It flickers")))
				sink.Script(c.to, c.script...)
				m, id := h.reply(k.ID, conversation.Answer{To: []conversation.Address{{Address: a}}, Cc: []conversation.Address{{Address: b}}, Bcc: []conversation.Address{{Address: "c@x.example"}}})
				if got := h.states(m.ID); got != c.first || h.message(m.ID).Delivery != c.state {
					t.Errorf("first: %s (%s), want %s (%s)", got, h.message(m.ID).Delivery, c.first, c.state)
				}
				for range 6 {
					h.Clock.Advance(5 * time.Minute)
					h.drain()
				}
				if got := h.states(m.ID); got != c.last || h.message(m.ID).Delivery != c.end {
					t.Errorf("in the end: %s (%s), want %s (%s)", got, h.message(m.ID).Delivery, c.last, c.end)
				}
				repeats += checkCopies(t, sink, c.took, id)
				if c.end == conversation.Failed && h.message(m.ID).Trouble == "" {
					t.Error("nobody is told why")
				}
			})
		}
		t.Logf("T14 %s: %d scripts, %d repeats to those who had accepted", desk.Engine(), len(cases), repeats)
	})
}

// checkCopies counts copies by recipient: one each, or what want says. All copies
// have one Message-ID and name everybody.
func checkCopies(t *testing.T, sink *rig.MailSink, want map[string]int, id string) (repeats int) {
	t.Helper()
	copies := map[string]int{}
	for _, m := range sink.Mails() {
		raw, err := m.Raw()
		if err != nil {
			t.Fatal(err)
		}
		msg, err := mail.Parse(raw)
		if err != nil || msg.MessageID != id || len(msg.To) != 1 || len(msg.Cc) != 1 || strings.Contains(string(raw), "c@x.example") {
			t.Errorf("mail %d: %v %q to %v cc %v", m.Number, err, msg.MessageID, msg.To, msg.Cc)
		}
		for _, to := range m.To {
			copies[to]++
		}
	}
	for _, to := range []string{"a@x.example", "b@x.example", "c@x.example"} {
		n, given := want[to]
		if !given {
			n = 1
		}
		if copies[to] != n {
			t.Errorf("%s got %d copies, want %d", to, copies[to], n)
		}
		repeats += max(0, copies[to]-n)
	}
	return repeats
}

// What was partly delivered is sent again only to the others, with the same Message-ID.
func TestResendGoesOnlyToTheOthers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := newHouse(t, desk)
		sink := rig.Sink(t, rig.SinkSetup{})
		h.sendTo(h.in, sink.Addr)
		k := h.of(h.take(h.in, "", letterOf(customer, "lamp", "It flickers")))
		sink.Script("b@x.example", rig.RefuseRecipient(550), rig.CutBefore250())
		m, id := h.reply(k.ID, conversation.Answer{To: []conversation.Address{{Address: "a@x.example"}}, Cc: []conversation.Address{{Address: "b@x.example"}}, Bcc: []conversation.Address{{Address: "c@x.example"}}})
		h.Clock.Advance(100 * time.Hour) // an old mail gets its full time again
		h.resend(m.ID)
		if got := h.states(m.ID); got != "a:sent, b:unconfirmed, c:sent" {
			t.Fatalf("after the first resend: %s", got)
		}
		h.resend(m.ID)
		if got := h.states(m.ID); got != "a:sent, b:sent, c:sent" || h.message(m.ID).Delivery != conversation.Sent {
			t.Errorf("after the second resend: %s %s", got, h.message(m.ID).Delivery)
		}
		checkCopies(t, sink, map[string]int{"b@x.example": 2}, id)
		if err := desk.Write(h.ctx, func(tx *db.Tx) error { return h.mail.Resend(h.ctx, tx, m.ID) }); err == nil {
			t.Error("a mail that was sent can be sent again")
		}
	})
}

// A server that does not know us any more fails no mail: it waits, and leaves
// when the password is right again.
func TestAServerThatRefusesUs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := newHouse(t, desk)
		sink := rig.Sink(t, rig.SinkSetup{User: "support"})
		account := func(s Server) {
			h.write(func(tx *db.Tx) error { return h.mail.SetAccount(h.ctx, tx, Account{Inbox: h.in.ID, SMTP: s}) })
		}
		k := h.of(h.take(h.in, "", letterOf(customer, "lamp", "It flickers")))
		for name, s := range map[string]Server{
			"a wrong password": plainServer(sink.Addr, "support", "wrong"),
			"no password":      plainServer(sink.Addr, "", ""),
			"no STARTTLS":      {Host: "127.0.0.1", Port: plainServer(sink.Addr, "", "").Port, Security: StartTLS, Username: "support", Password: rig.Password},
			"no TLS":           {Host: "127.0.0.1", Port: plainServer(sink.Addr, "", "").Port, Security: TLS, Username: "support", Password: rig.Password},
		} {
			account(s)
			before := len(sink.Mails())
			m, _ := h.reply(k.ID, conversation.Answer{})
			if got := h.message(m.ID); got.Delivery != conversation.Queued || got.Trouble == "" || h.states(m.ID) != "haram:waiting" {
				t.Errorf("%s: %s %q, %s", name, got.Delivery, got.Trouble, h.states(m.ID))
			}
			account(plainServer(sink.Addr, "support", rig.Password))
			h.Clock.Advance(time.Hour)
			h.drain()
			if got := h.message(m.ID).Delivery; got != conversation.Sent || len(sink.Mails()) != before+1 {
				t.Errorf("%s, then right: %s, %d mails", name, got, len(sink.Mails())-before)
			}
		}
	})
}

// A server that is away for days: the mail is given up, told, and can be sent again.
func TestAServerThatStaysAway(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := newHouse(t, desk)
		sink := rig.Sink(t, rig.SinkSetup{})
		h.sendTo(h.in, sink.Addr)
		k := h.of(h.take(h.in, "", letterOf(customer, "lamp", "It flickers")))
		h.reply(k.ID, conversation.Answer{}) // while it is there
		sink.Stop()
		m, _ := h.reply(k.ID, conversation.Answer{})
		for range 60 {
			h.Clock.Advance(time.Hour)
			h.drain()
		}
		if got := h.message(m.ID); got.Delivery != conversation.Failed || got.Trouble == "" || h.states(m.ID) != "haram:failed" {
			t.Errorf("%s %q, %s", got.Delivery, got.Trouble, h.states(m.ID))
		}
		sink.Start()
		h.resend(m.ID)
		if got := h.message(m.ID).Delivery; got != conversation.Sent || len(sink.Mails()) != 2 {
			t.Errorf("sent again: %s, %d mails", got, len(sink.Mails()))
		}
	})
}

// A mail follows its message: merged away and the empty shell deleted, it still leaves.
func TestAMailLeavesAfterItsConversationMoved(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := newHouse(t, desk)
		sink := rig.Sink(t, rig.SinkSetup{})
		h.sendTo(h.in, sink.Addr)
		k := h.of(h.take(h.in, "", letterOf(customer, "lamp", "It flickers", "Message-ID", "<k@x.example>")))
		other := h.of(h.take(h.in, "", letterOf(customer, "chair", "It wobbles", "Message-ID", "<o@x.example>")))
		m, _ := h.reply(k.ID, conversation.Answer{SendAt: h.Now().Add(time.Hour)})
		h.write(func(tx *db.Tx) error { _, err := conversation.Merge(h.ctx, tx, other.ID, k.ID); return err })
		h.delete(k.ID)
		h.Clock.Advance(2 * time.Hour)
		h.drain()
		if got := h.message(m.ID).Delivery; got != conversation.Sent || len(sink.Mails()) != 1 {
			t.Fatalf("%s, %d mails", got, len(sink.Mails()))
		}
	})
}

// A bounce marks whom it names, and lets the mail be sent again to him alone.
func TestABounceMarksItsRecipient(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := newHouse(t, desk)
		sink := rig.Sink(t, rig.SinkSetup{})
		h.sendTo(h.in, sink.Addr)
		k := h.of(h.take(h.in, "", letterOf(customer, "lamp", "It flickers")))
		m, id := h.reply(k.ID, conversation.Answer{To: []conversation.Address{{Address: "A@x.example"}}, Cc: []conversation.Address{{Address: "b@x.example"}}})
		raw, err := sink.Mails()[0].Raw()
		if err != nil {
			t.Fatal(err)
		}
		head, _, _ := strings.Cut(string(raw), "\r\n\r\n")
		report := "From: MAILER-DAEMON@x.example\r\nTo: " + shop + "\r\nSubject: Undelivered Mail\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n" +
			"--b\r\n\r\nfailed\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x.example\r\n\r\nFinal-Recipient: rfc822; a@X.example\r\nAction: failed\r\nStatus: 5.1.1\r\n" +
			"Diagnostic-Code: smtp; 550 caf\xe9 unknown\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n" + head + "\r\n--b--\r\n"
		got := h.take(h.in, "<>", report)
		if h.of(got).ID != k.ID || h.states(m.ID) != "A:failed, b:sent" && h.states(m.ID) != "A:failed 250, b:sent" || h.message(m.ID).Delivery != conversation.Failed {
			t.Errorf("%s in %s: %s, %s (%s)", got.State, h.of(got).ID, h.states(m.ID), h.message(m.ID).Delivery, id)
		}
		h.resend(m.ID)
		mails := sink.Mails()
		if last := mails[len(mails)-1]; len(mails) != 2 || len(last.To) != 1 || last.To[0] != "A@x.example" {
			t.Errorf("%d mails, the last to %v", len(mails), last.To)
		}
	})
}
