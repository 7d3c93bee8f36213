package campaign_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"baraji/internal/campaign"
	"baraji/internal/consent"
	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/segment"
	"baraji/test/rig"
)

func TestItGoesOutAsFastAsItShould(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for i := range 25 {
			h.customer(fmt.Sprint("c", i), "ko", "")
		}
		id := h.starts(func(c *campaign.Campaign) { c.Manners.Rate = 60 })
		sent := func() int { return len(h.sink.Mails()) }
		for i, want := range []int{5, 5, 10, 15} {
			if got := sent(); got != want {
				t.Errorf("step %d: %d sent, want %d", i, got, want)
			}
			h.Clock.Advance([]time.Duration{4 * time.Second, time.Second, 5 * time.Second, 0}[i])
			h.drain()
		}
		h.do(func(tx *db.Tx) error { return campaign.Pause(h.as(), tx, id) })
		h.waits(time.Minute)
		if got := sent(); got != 15 {
			t.Errorf("paused: %d sent, want 15", got)
		}
		h.do(func(tx *db.Tx) error { return campaign.Resume(h.as(), tx, id) })
		h.drain()
		h.do(func(tx *db.Tx) error { // pausing and going on makes it no faster
			if err := campaign.Pause(h.as(), tx, id); err != nil {
				return err
			}
			return campaign.Resume(h.as(), tx, id)
		})
		h.drain()
		if got := sent(); got != 20 {
			t.Errorf("resumed twice at once: %d sent, want 20", got)
		}
		h.do(func(tx *db.Tx) error { return campaign.Stop(h.as(), tx, id) })
		h.waits(time.Minute)
		if got := h.fates(id); got != "sent 20, skipped stopped 5" || sent() != 20 {
			t.Errorf("stopped: %s, %d sent", got, sent())
		}
		slow := h.starts(func(c *campaign.Campaign) { c.Manners.Rate, c.Purpose = 2, consent.Notice })
		if got := h.fates(slow); got != "sent 1, waiting 24" {
			t.Errorf("two in a minute: %s", got)
		}
		h.Clock.Advance(30 * time.Second)
		h.drain()
		if got := h.fates(slow); got != "sent 2, waiting 23" {
			t.Errorf("half a minute later: %s", got)
		}
	})
}

// TestKilledInBetween leaves rows as a process does that dies at each moment of a mail, and shows that nobody is mailed twice and nobody is left out.
func TestKilledInBetween(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for i := range 30 {
			h.customer(fmt.Sprint("c", i), "ko", "")
		}
		id := h.starts(func(c *campaign.Campaign) { c.Manners.Rate = 60 })
		list := h.recipients(id)
		h.do(func(tx *db.Tx) error { // one was claimed, one had its data nearly ended, one was sent and not noted
			if err := h.dies(tx, list[5].ID, "", list[5]); err != nil {
				return err
			}
			return h.dies(tx, list[6].ID, "data", list[6])
		})
		h.waits(time.Minute)
		if got := h.fates(id); got != "sent 29, unconfirmed 1" {
			t.Errorf("%s", got)
		}
		twice := 0
		for i := range 30 {
			if n := len(h.mails(fmt.Sprintf("c%d@x.example", i))); n > 1 {
				twice++
			}
		}
		if got := len(h.sink.Mails()); twice != 0 || got != 29 {
			t.Errorf("%d got it twice, %d mails", twice, got)
		}
		for i, c := range []struct {
			answer rig.Answer
			want   string
			copies int
		}{{rig.CutAtData(), "sent 1", 1}, {rig.CutAfterData(), "unconfirmed 1", 0}, {rig.CutBefore250(), "unconfirmed 1", 0}, {rig.RefuseRecipient(451), "sent 1", 1},
			{rig.RefuseRecipient(421), "sent 1", 1}, {rig.RefuseData(554), "failed 1", 0}, {rig.RefuseRecipient(550), "failed 1", 0}} {
			name := fmt.Sprint("s", i)
			var group segment.ID
			who := h.customer(name, "ko", "")
			h.do(func(tx *db.Tx) (err error) {
				if err := contact.Tag(h.ctx, tx, who, []string{name}, []string{"news"}); err != nil {
					return err
				}
				group, err = segment.Make(h.ctx, tx, segment.Segment{Name: name, If: segment.If{Field: "customer.tags", Op: "has", Values: []string{name}}})
				return err
			})
			h.sink.Script(name+"@x.example", c.answer)
			one := h.starts(func(k *campaign.Campaign) { k.Segment = group })
			h.waits(20 * time.Minute)
			if got := h.fates(one); got != c.want || len(h.mails(name+"@x.example")) != c.copies {
				t.Errorf("%+v: %s with %d copies, want %s with %d", c.answer, got, len(h.mails(name+"@x.example")), c.want, c.copies)
			}
		}
	})
}

// dies leaves a row as it is while its mail is under way.
func (h *house) dies(tx *db.Tx, id campaign.RecipientID, phase string, r campaign.Recipient) error {
	_, err := tx.Exec(h.ctx, `UPDATE campaign_recipient SET state = 'sending', phase = $2, address = $3, language = 'ko', attempts = 1, sent_at = $4, since = $4 WHERE id = $1 AND state = 'waiting'`,
		id, phase, "x@x.example", tx.Now())
	return err
}

func TestWhatACustomerCallsThemselvesIsNoLink(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.do(func(tx *db.Tx) error {
			c, err := contact.Create(h.ctx, tx, contact.Sender{Email: "evil@x.example", Name: "[win](https://evil.example) <b>x</b> {firm.name} ![i](https://evil.example/i)", Language: "en"})
			if err != nil {
				return err
			}
			return contact.Tag(h.ctx, tx, c.ID, []string{"news"}, nil)
		})
		h.starts(func(c *campaign.Campaign) { c.Purpose = consent.Notice })
		m := h.mails("evil@x.example")[0]
		for _, bad := range []string{`href="https://evil`, "<b>x", "<img", "달빛상점 !"} {
			if strings.Contains(m.HTML, bad) {
				t.Errorf("the mail has %s: %s", bad, m.HTML)
			}
		}
		if strings.ContainsAny(m.Subject, "\r\n") {
			t.Errorf("subject %q", m.Subject)
		}
	})
}
