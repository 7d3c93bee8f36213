package campaign_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"baraji/internal/campaign"
	"baraji/internal/consent"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
)

func TestAdvertisingGoesToThoseWhoAgreedAndSaysWhatTheLawWants(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		haram := h.customer("haram", "ko", "Asia/Seoul")
		h.customer("jane", "en", "America/New_York")
		h.stranger("never", "ko", "")
		gone := h.customer("gone", "ko", "")
		h.do(func(tx *db.Tx) error {
			return consent.Withdraw(h.ctx, tx, gone, "", consent.Advertising, consent.OnDesk, "")
		})
		id := h.starts(nil)
		if got, want := h.fates(id), "sent 2, skipped no_consent 1, skipped withdrawn 1"; got != want {
			t.Fatalf("%s, want %s", got, want)
		}
		if c := h.get(id); c.State != campaign.Done {
			t.Errorf("it is %s, want done", c.State)
		}
		korean, english := h.mails("haram@x.example")[0], h.mails("jane@x.example")[0]
		if got, want := korean.Subject, "(광고) haram님, 가을 램프"; got != want {
			t.Errorf("%q, want %q", got, want)
		}
		if got, want := english.Subject, "jane, autumn lamps"; got != want {
			t.Errorf("%q, want %q", got, want)
		}
		for _, want := range []string{"haram님, 새 램프가 왔어요.", "달빛상점 · Seoul, 1 Dalbit-ro · 02-000-0000", "수신거부", "https://desk.example/off/"} {
			if !strings.Contains(korean.Text, want) || !strings.Contains(korean.HTML, want) {
				t.Errorf("the mail does not say %q:\n%s\n%s", want, korean.Text, korean.HTML)
			}
		}
		if !strings.Contains(english.HTML, "<strong>new</strong>") || !strings.Contains(english.Text, "Unsubscribe") {
			t.Errorf("the English mail:\n%s\n%s", english.Text, english.HTML)
		}
		if off := korean.Header.Get("List-Unsubscribe"); off != "<"+h.many.LeavePath(h.of(id, haram).ID, true)+">" || korean.Header.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" {
			t.Errorf("List-Unsubscribe: %q", off)
		}
		if h.logged("campaign.sent") != 2 || h.logged("campaign.ended") != 1 {
			t.Errorf("%d sent, %d ended in the log", h.logged("campaign.sent"), h.logged("campaign.ended"))
		}
	})
}

func TestNobodyIsWokenAtNight(t *testing.T) {
	each(t, func(t *testing.T, h *house) { // it is nine in the morning in Seoul, one at night in Berlin, seven in the evening in New York
		h.customer("seoul", "ko", "Asia/Seoul")
		h.customer("berlin", "en", "Europe/Berlin")
		h.customer("york", "en", "America/New_York")
		h.customer("nowhere", "ko", "") // where the firm is
		id := h.starts(nil)
		if got, want := h.fates(id), "sent 3, waiting 1"; got != want {
			t.Fatalf("at nine in Seoul: %s, want %s", got, want)
		}
		h.waits(6*time.Hour + 59*time.Minute)
		if len(h.mails("berlin@x.example")) != 0 {
			t.Fatal("Berlin was woken before eight")
		}
		h.waits(2 * time.Minute)
		if len(h.mails("berlin@x.example")) != 1 || h.get(id).State != campaign.Done {
			t.Errorf("Berlin has %d mails after eight; it is %s", len(h.mails("berlin@x.example")), h.get(id).State)
		}
		h.Clock.Advance(8*24*time.Hour + 6*time.Hour) // nine in the evening or later in Seoul
		late := h.starts(nil)
		if got, want := h.fates(late), "waiting 2, sent 2"; got != want {
			t.Errorf("at night in Seoul: %s, want %s", got, want)
		}
		any := h.starts(func(c *campaign.Campaign) { c.Purpose, c.Manners.Quiet = consent.Notice, false })
		if got := h.fates(any); got != "sent 4" {
			t.Errorf("a notice at any hour: %s", got)
		}
	})
}

func TestNobodyGetsTooMuch(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.customer("haram", "ko", "")
		h.starts(nil)
		again := h.starts(nil)
		if got := h.fates(again); got != "skipped enough 1" {
			t.Errorf("the same day: %s", got)
		}
		notice := h.starts(func(c *campaign.Campaign) { c.Purpose = consent.Notice })
		if got := h.fates(notice); got != "sent 1" {
			t.Errorf("a notice: %s", got)
		}
		h.Clock.Advance(8 * 24 * time.Hour)
		if got := h.fates(h.starts(nil)); got != "sent 1" {
			t.Errorf("a week later: %s", got)
		}
	})
}

func TestWhoHasAProblemIsSpared(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		talk := func(who contact.ID, kind string, status conversation.Status) {
			h.do(func(tx *db.Tx) error {
				c, err := contact.Get(h.ctx, tx, who)
				if err != nil {
					return err
				}
				got, _, err := conversation.Start(h.ctx, tx, conversation.Beginning{Inbox: h.in, Contact: c, Subject: "lamp", Answer: conversation.Answer{Text: "Hello"}})
				if err != nil {
					return err
				}
				if err := conversation.Update(h.ctx, tx, got.ID, conversation.Change{Type: &kind}); err != nil {
					return err
				}
				return conversation.SetStatus(h.ctx, tx, got.ID, status)
			})
		}
		talk(h.customer("broken", "ko", ""), "repair", conversation.Pending)
		talk(h.customer("mended", "ko", ""), "repair", conversation.Solved)
		talk(h.customer("asks", "ko", ""), "question", conversation.Pending)
		h.customer("waits", "ko", "")
		h.arrives("waits@x.example", "From: waits@x.example\r\nTo: "+shop+"\r\nSubject: Hello\r\n\r\nWhere is my lamp?\r\n")
		id := h.starts(nil)
		for name, want := range map[string]string{"broken": campaign.HasProblem, "mended": "", "asks": "", "waits": campaign.HasProblem} {
			if n := len(h.mails(name + "@x.example")); (n == 0) != (want == campaign.HasProblem) && name != "asks" {
				t.Errorf("%s: %d mails", name, n)
			}
		}
		if got, want := h.fates(id), "skipped problem 2, sent 2"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
		all := h.starts(func(c *campaign.Campaign) { c.Manners.Problems, c.Manners.Days = false, 0 })
		if got := h.fates(all); got != "sent 4" {
			t.Errorf("to all: %s", got)
		}
	})
}

func TestWhoWithdrawsWhileItGoesOutGetsNothing(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		var last contact.ID
		for i := range 10 {
			last = h.customer(fmt.Sprint("c", i), "ko", "")
		}
		id := h.starts(func(c *campaign.Campaign) { c.Manners.Rate = 60 })
		if got := h.fates(id); got != "sent 5, waiting 5" {
			t.Fatalf("after the first handful: %s", got)
		}
		ninth := h.recipients(id)[8].Contact
		h.do(func(tx *db.Tx) error {
			if err := contact.Tag(h.ctx, tx, ninth, nil, []string{"news"}); err != nil {
				return err
			}
			return consent.Withdraw(h.ctx, tx, last, "", consent.Advertising, consent.ByPortal, "")
		})
		h.waits(20 * time.Second)
		if got := h.fates(id); got != "sent 8, skipped segment 1, skipped withdrawn 1" {
			t.Errorf("in the end: %s", got)
		}
	})
}
