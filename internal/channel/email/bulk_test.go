package email

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/event"
	"baraji/internal/kit/mail"
	"baraji/test/rig"
)

func aBulk(ref, to string, h *house) Bulk {
	return Bulk{Ref: ref, To: mail.Address{Name: "윤하람", Addr: to}, Subject: "(광고) 가을 램프", Text: "Hello", HTML: "<p>Hello</p>",
		Off: "https://desk.example/off/" + ref, List: "news", Date: h.Now()}
}

// carry sends one mail to many and says what came of it, and whether the end of the data was announced.
func (h *house) carry(b Bulk) (announced bool, err error) {
	h.t.Helper()
	var c *Carrier
	h.write(func(tx *db.Tx) (err error) { c, err = h.mail.Carrier(h.ctx, tx, h.in.ID); return err })
	defer c.Close()
	err = c.Send(h.ctx, b, func(context.Context) error { announced = true; return nil })
	return announced, err
}

// hears collects what came back.
func hears(h *house) *[]BulkAnswered {
	var list []BulkAnswered
	event.Within(h.events, "test", func(_ context.Context, _ *db.Tx, f BulkAnswered) error { list = append(list, f); return nil })
	return &list
}

func TestAMailToManyCanBeLeftByOneClick(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := newHouse(t, desk)
		sink := rig.Sink(t, rig.SinkSetup{})
		h.sendTo(h.in, sink.Addr)
		key, err := NewDKIM("shop.example", "one", Ed25519)
		if err != nil {
			t.Fatal(err)
		}
		h.write(func(tx *db.Tx) error {
			a, err := h.mail.Account(h.ctx, tx, h.in.ID)
			if err != nil {
				return err
			}
			a.DKIM = key
			return h.mail.SetAccount(h.ctx, tx, a)
		})
		if announced, err := h.carry(aBulk("cmr_1", customer, h)); err != nil || !announced {
			t.Fatal(announced, err)
		}
		raw, err := sink.Mails()[0].Raw()
		if err != nil {
			t.Fatal(err)
		}
		got, err := mail.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]string{"List-Unsubscribe": "<https://desk.example/off/cmr_1>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
			"List-Id": "<news.shop.example>", "Precedence": "bulk", "Auto-Submitted": ""} {
			if v := got.Header.Get(name); v != want {
				t.Errorf("%s: %q, want %q", name, v, want)
			}
		}
		signature := strings.ToLower(got.Header.Get("DKIM-Signature"))
		for _, field := range []string{"list-unsubscribe", "list-unsubscribe-post", "list-id"} {
			if !strings.Contains(signature, ":"+field) {
				t.Errorf("the signature does not cover %s: %s", field, signature)
			}
		}
		if sink.Mails()[0].From != shop {
			t.Errorf("reports go to %q", sink.Mails()[0].From)
		}
	})
}

func TestWhatServersAnswerToAMailToMany(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := newHouse(t, desk)
		sink := rig.Sink(t, rig.SinkSetup{})
		h.sendTo(h.in, sink.Addr)
		kind := func(err error) string {
			var r Refused
			var a Away
			switch {
			case err == nil:
				return "sent"
			case errors.As(err, &r):
				return fmt.Sprint("refused ", r.Code, " ", r.ForEver())
			case errors.As(err, &a):
				return "away"
			case errors.Is(err, ErrUnconfirmed):
				return "unconfirmed"
			}
			return err.Error()
		}
		for i, c := range []struct {
			name      string
			answer    rig.Answer
			want      string
			announced bool
		}{
			{"taken", rig.Accept(), "sent", true},
			{"later", rig.RefuseRecipient(451), "refused 451 false", false},
			{"unknown", rig.RefuseRecipient(550), "refused 550 true", false},
			{"has enough of us", rig.RefuseRecipient(421), "away", false},
			{"not now, after the data", rig.RefuseData(451), "refused 451 false", true},
			{"no, after the data", rig.RefuseData(554), "refused 554 true", true},
			{"cut at the data", rig.CutAtData(), "away", true},
			{"cut after the data", rig.CutAfterData(), "unconfirmed", true},
			{"cut before 250", rig.CutBefore250(), "unconfirmed", true},
		} {
			to := fmt.Sprintf("a%d@x.example", i)
			sink.Script(to, c.answer)
			announced, err := h.carry(aBulk("cmr_1", to, h))
			if got := kind(err); got != c.want || announced != c.announced {
				t.Errorf("%s: %s, announced %v; want %s, %v", c.name, got, announced, c.want, c.announced)
			}
		}
		if _, err := h.carry(aBulk("cmr_1", "no address", h)); kind(err) != "refused 553 true" {
			t.Errorf("no address: %v", err)
		}
		before := len(sink.Mails())
		var carrier *Carrier
		h.write(func(tx *db.Tx) (err error) { carrier, err = h.mail.Carrier(h.ctx, tx, h.in.ID); return err })
		defer carrier.Close()
		lost := errors.New("lost")
		if err := carrier.Send(h.ctx, aBulk("cmr_1", "z@x.example", h), func(context.Context) error { return lost }); !errors.Is(err, lost) || len(sink.Mails()) != before {
			t.Errorf("what may not be ended was sent: %v, %d mails", err, len(sink.Mails())-before)
		}
		for range 3 { // a refusal in between does not cost the connection
			sink.Script("n@x.example", rig.RefuseRecipient(550))
			if err := carrier.Send(h.ctx, aBulk("cmr_1", "y@x.example", h), func(context.Context) error { return nil }); err != nil {
				t.Error(err)
			}
			if err := carrier.Send(h.ctx, aBulk("cmr_1", "n@x.example", h), func(context.Context) error { return nil }); kind(err) != "refused 550 true" {
				t.Error(err)
			}
		}
		if got := len(sink.Mails()) - before; got != 3 {
			t.Errorf("%d mails by one connection, want 3", got)
		}
	})
}

func TestWhatComesBackToAMailToMany(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := newHouse(t, desk)
		list := hears(h)
		ours := bulkID(h.mail.keys, "cmr_1", "shop.example")
		last := func() BulkAnswered { return (*list)[len(*list)-1] }
		report := func(kind, part string) string {
			return "From: mailer-daemon@x.example\r\nTo: " + shop + "\r\nSubject: Report\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=" + kind +
				"; boundary=b\r\n\r\n--b\r\n\r\nSorry\r\n--b\r\n" + part + "\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <" + ours + ">\r\nTo: " + customer + "\r\nSubject: x\r\n\r\nHello\r\n--b--\r\n"
		}
		status := func(action, code string) string {
			return report("delivery-status", "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x.example\r\n\r\nFinal-Recipient: rfc822; "+customer+"\r\nAction: "+action+"\r\nStatus: "+code+"\r\n")
		}
		for _, c := range []struct {
			name, raw string
			want      BulkAnswered
		}{
			{"came back", status("failed", "5.1.1"), BulkAnswered{Ref: "cmr_1", Back: Returned, Dead: true, Status: "5.1.1"}},
			{"is late", status("delayed", "4.4.1"), BulkAnswered{Ref: "cmr_1", Back: Delayed}},
			{"spam", report("feedback-report", "Content-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: x\r\nVersion: 1\r\n"), BulkAnswered{Ref: "cmr_1", Back: Complained}},
			{"away", letterOf(customer, "Away", "Back on Monday", "Auto-Submitted", "auto-replied", "In-Reply-To", "<"+ours+">"), BulkAnswered{Ref: "cmr_1", Back: AnsweredBy}},
		} {
			got := h.take(h.in, "<>", c.raw)
			if got.State != Suppressed || got.Reason != ReasonCounted || last() != c.want {
				t.Errorf("%s: %s %s %+v, want %+v", c.name, got.State, got.Reason, last(), c.want)
			}
		}
		n := len(*list)
		forged := "<cmr_2." + strings.Repeat("a", 26) + "@shop.example>"
		if got := h.take(h.in, "", letterOf(customer, "Re: lamp", "One, please", "In-Reply-To", forged)); got.State != InConversation || len(*list) != n {
			t.Errorf("a name that we did not sign: %s, %d facts", got.State, len(*list)-n)
		}
		first := h.take(h.in, "", letterOf(customer, "Re: lamp", "One, please", "In-Reply-To", "<"+ours+">"))
		talk := h.of(first)
		if f := last(); f.Back != Answered || f.Conversation != talk.ID || f.Message != first.Message || talk.Status != conversation.Open {
			t.Errorf("answered: %+v", f)
		}
		n = len(*list)
		again := h.take(h.in, "", letterOf(customer, "Re: lamp", "No, two", "In-Reply-To", "<"+ours+">"))
		if h.of(again).ID != talk.ID || len(*list) != n {
			t.Errorf("what is answered again goes elsewhere: %s, %s", h.of(again).ID, talk.ID)
		}
		other := h.take(h.in, "", letterOf("other@x.example", "Fwd: lamp", "And I?", "In-Reply-To", "<"+ours+">"))
		if h.of(other).ID == talk.ID {
			t.Error("whoever was handed the mail speaks in another's conversation")
		}
		copied := h.take(h.in, "", letterOf(shop, "lamp", "Hello", "Message-ID", "<"+ours+">"))
		if copied.Reason != ReasonOwn {
			t.Errorf("our own mail in our own mailbox: %s %s", copied.State, copied.Reason)
		}
	})
}
