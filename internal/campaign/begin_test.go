package campaign_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"baraji/internal/campaign"
	"baraji/internal/consent"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

func TestItIsCountedBeforeWhoGetsIt(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.customer("a", "ko", "")
		h.customer("b", "en", "Europe/Berlin")
		h.stranger("c", "ko", "")
		h.stranger("d", "ko", "")
		id := h.plan(nil)
		h.do(func(tx *db.Tx) error { return campaign.Ask(h.as(), tx, id) })
		h.drain()
		h.do(func(tx *db.Tx) error {
			o, err := campaign.Foreseen(h.as(), tx, id)
			if err == nil && (o.All != 4 || o.Get != 2 || o.Later != 1 || o.Going || len(o.Not) != 1 || o.Not[0] != (campaign.Tally{Why: "no_consent", N: 2})) {
				t.Errorf("foreseen: %+v", o)
			}
			people, err2 := campaign.ForeseenPeople(h.as(), tx, id, "no_consent", 0, 10)
			if len(people) != 2 {
				t.Errorf("%d people without consent", len(people))
			}
			return errors.Join(err, err2)
		})
		if len(h.sink.Mails()) != 0 {
			t.Error("to count sent something")
		}
	})
}

func TestWhatIsMissingIsSaidBeforeItBegins(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		fields := func(change func(*campaign.Campaign)) string {
			id := h.plan(change)
			err := h.try(func(tx *db.Tx) error { return h.many.Plan(h.as(), tx, id, time.Time{}) })
			var names []string
			for _, f := range problem.Fields(err) {
				names = append(names, f.Name)
			}
			return strings.Join(names, " ")
		}
		for _, c := range []struct {
			name   string
			change func(*campaign.Campaign)
			want   string
		}{
			{"nothing", nil, ""},
			{"no segment", func(c *campaign.Campaign) { c.Segment = 0 }, "segment"},
			{"no inbox", func(c *campaign.Campaign) { c.Inbox = 0 }, "inbox"},
			{"no text", func(c *campaign.Campaign) { c.Letter = campaign.Letter{} }, "text_en"},
			{"half a language", func(c *campaign.Campaign) { delete(c.Letter.Subject, i18n.English) }, "subject_en"},
			{"no second text", func(c *campaign.Campaign) { c.Share = 50 }, "other.text_en"},
		} {
			if got := fields(c.change); got != c.want {
				t.Errorf("%s: %q, want %q", c.name, got, c.want)
			}
		}
		h.settings(func(d *campaign.Defaults) { d.Foot = campaign.Foot{} })
		if got := fields(nil); got != "foot" {
			t.Errorf("advertising without a sender: %q", got)
		}
		if got := fields(func(c *campaign.Campaign) { c.Purpose = consent.Notice }); got != "" {
			t.Errorf("a notice without a sender: %q", got)
		}
		nobody := team.With(h.ctx, team.Actor{Person: h.kim, Rights: []team.Right{team.ReadContacts}})
		id := h.plan(nil)
		for name, do := range map[string]func(tx *db.Tx) error{
			"start":  func(tx *db.Tx) error { return h.many.Plan(nobody, tx, id, time.Time{}) },
			"change": func(tx *db.Tx) error { return campaign.Change(nobody, tx, campaign.Campaign{ID: id}) },
			"list":   func(tx *db.Tx) error { _, err := campaign.List(nobody, tx, 0, 10); return err },
			"people": func(tx *db.Tx) error { _, err := campaign.Recipients(nobody, tx, id, campaign.Filter{}); return err },
		} {
			if err := h.try(do); problem.KindOf(err) != problem.Forbidden {
				t.Errorf("%s without the right: %v", name, err)
			}
		}
	})
}

func TestItBeginsWhenItWasPlanned(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.customer("haram", "ko", "")
		id := h.plan(nil)
		at := h.Now().Add(3 * time.Hour)
		h.do(func(tx *db.Tx) error { return h.many.Plan(h.as(), tx, id, at) })
		h.do(func(tx *db.Tx) error { return campaign.Unplan(h.as(), tx, id) })
		h.waits(4 * time.Hour)
		if len(h.sink.Mails()) != 0 {
			t.Fatal("what was taken back went out")
		}
		at = h.Now().Add(time.Hour)
		h.do(func(tx *db.Tx) error { return h.many.Plan(h.as(), tx, id, at) })
		h.waits(59 * time.Minute)
		if len(h.sink.Mails()) != 0 {
			t.Fatal("it went out before its time")
		}
		h.waits(2 * time.Minute)
		if got := h.fates(id); got != "sent 1" {
			t.Errorf("after its time: %s", got)
		}
		c := h.get(id)
		c.Name = "Else"
		if err := h.try(func(tx *db.Tx) error { return campaign.Change(h.as(), tx, c) }); problem.KindOf(err) != problem.Conflict {
			t.Errorf("what went out was changed: %v", err)
		}
		if err := h.try(func(tx *db.Tx) error { return campaign.Delete(h.as(), tx, id) }); problem.KindOf(err) != problem.Conflict {
			t.Errorf("what went out was deleted: %v", err)
		}
		h.do(func(tx *db.Tx) error {
			copied, err := campaign.Copy(h.as(), tx, id)
			if err != nil {
				return err
			}
			return campaign.Delete(h.as(), tx, copied)
		})
	})
}
