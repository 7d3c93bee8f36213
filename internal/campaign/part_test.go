package campaign_test

import (
	"testing"
	"time"

	"baraji/internal/campaign"
	"baraji/internal/contact"
	"baraji/internal/kit/db"
)

func TestMailsMoveWithACustomerAndGoWithThem(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		keep, lose := h.customer("keep", "ko", ""), h.customer("lose", "ko", "")
		id := h.starts(func(c *campaign.Campaign) { c.Manners.Rate = 12 }) // one has it, the other waits
		if got := h.fates(id); got != "sent 1, waiting 1" {
			t.Fatal(got)
		}
		h.do(func(tx *db.Tx) error { _, err := contact.Merge(h.ctx, tx, keep, lose); return err })
		h.waits(time.Minute)
		if got := h.fates(id); got != "sent 1, skipped same 1" || len(h.sink.Mails()) != 1 {
			t.Errorf("merged: %s, %d mails", got, len(h.sink.Mails()))
		}
		h.do(func(tx *db.Tx) error {
			line, err := contact.Timeline(h.ctx, tx, keep, time.Time{}, 50)
			found := false
			for _, e := range line {
				found = found || e.Kind == "campaign.mail" && e.Title == "Autumn"
			}
			if !found {
				t.Error("the mail is not on their line")
			}
			return err
		})
		h.do(func(tx *db.Tx) error { return contact.Erase(h.ctx, tx, keep) })
		if n := h.count(`SELECT COUNT(*) FROM campaign_recipient`); n != 0 {
			t.Errorf("%d rows of somebody who was erased", n)
		}
	})
}
