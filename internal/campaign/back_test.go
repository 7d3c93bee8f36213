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
	"baraji/test/rig"
)

func TestWhatComesBack(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		haram, jane, spam := h.customer("haram", "ko", ""), h.customer("jane", "en", ""), h.customer("spam", "en", "")
		id := h.starts(nil)
		name := func(who contact.ID, to string) string { return h.mails(to + "@x.example")[0].MessageID }
		report := func(kind, part, id string) string {
			return "From: mailer-daemon@x.example\r\nTo: " + shop + "\r\nSubject: Report\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=" + kind +
				"; boundary=b\r\n\r\n--b\r\n\r\nSorry\r\n--b\r\n" + part + "\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <" + id + ">\r\nTo: x@x.example\r\nSubject: x\r\n\r\nHello\r\n--b--\r\n"
		}
		h.arrives("", report("delivery-status", "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x.example\r\n\r\nFinal-Recipient: rfc822; haram@x.example\r\nAction: failed\r\nStatus: 5.1.1\r\n", name(haram, "haram")))
		h.arrives("", report("feedback-report", "Content-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: x\r\nVersion: 1\r\n", name(spam, "spam")))
		h.arrives("jane@x.example", "From: jane@x.example\r\nTo: "+shop+"\r\nSubject: Re: lamps\r\nIn-Reply-To: <"+name(jane, "jane")+">\r\n\r\nOne, please\r\n")
		if r := h.of(id, haram); r.Fate != campaign.CameBack || h.may(haram) != "suppressed_bounce" {
			t.Errorf("came back: %s, %s", r.Fate, h.may(haram))
		}
		if r := h.of(id, spam); r.LeftAt.IsZero() || h.may(spam) == "" {
			t.Errorf("spam: left at %v, %s", r.LeftAt, h.may(spam))
		}
		r := h.of(id, jane)
		if r.RepliedAt.IsZero() || r.Conversation == 0 {
			t.Fatalf("answered: %+v", r)
		}
		if n := h.count(`SELECT COUNT(*) FROM conversation_message WHERE conversation_id = $1 AND kind = 'note' AND text LIKE '%Autumn%/mails/cmr_%'`, r.Conversation); n != 1 {
			t.Errorf("%d notes say what is answered", n)
		}
		h.do(func(tx *db.Tx) error {
			got, c, ok, err := campaign.Behind(h.as(), tx, r.Conversation)
			if err == nil && (!ok || got.ID != r.ID || c.ID != id) {
				t.Errorf("behind the conversation: %v %s", ok, got.ID)
			}
			return err
		})
		h.do(func(tx *db.Tx) error {
			all, each, err := campaign.Results(h.as(), tx, id)
			want := campaign.Result{All: 3, Sent: 3, Bounced: 1, Replied: 1, Left: 1}
			if err == nil && (all != want || len(each) != 1) {
				t.Errorf("results %+v, want %+v", all, want)
			}
			return err
		})
		if next := h.starts(func(c *campaign.Campaign) { c.Manners.Days = 0 }); !strings.Contains(h.fates(next), "skipped suppressed_bounce 1") {
			t.Errorf("the next one: %s", h.fates(next))
		}
		for _, kind := range []string{"campaign.bounced", "campaign.replied", "campaign.unsubscribed"} {
			if n := h.logged(kind); n != 1 {
				t.Errorf("%s stands in the log %d times", kind, n)
			}
		}
	})
}

func TestOneClickLeavesAndNoOtherLinkDoes(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		haram, other := h.customer("haram", "ko", ""), h.customer("other", "ko", "")
		id := h.starts(nil)
		r := h.of(id, haram)
		token := func(r campaign.RecipientID) string {
			p := h.many.LeavePath(r, false)
			return p[strings.LastIndex(p, "/")+1:]
		}
		opens := func(who, token string) error {
			return h.try(func(tx *db.Tx) error { _, _, err := h.many.Open(h.ctx, tx, who, token); return err })
		}
		good := token(r.ID)
		accepted := 0
		tried := 0
		for i := range good {
			for _, c := range "AZaz09-_" {
				if bad := good[:i] + string(c) + good[i+1:]; bad != good {
					tried++
					if opens(r.ID.String(), bad) == nil {
						accepted++
					}
				}
			}
		}
		for _, c := range [][2]string{{r.ID.String(), token(h.of(id, other).ID)}, {h.of(id, other).ID.String(), good}, {r.ID.String(), ""}, {r.ID.String(), good + "="}, {id.String(), good}, {"", good}} {
			tried++
			if opens(c[0], c[1]) == nil {
				accepted++
			}
		}
		if accepted != 0 {
			t.Errorf("%d of %d links that we did not make were taken", accepted, tried)
		}
		if why := h.may(haram); why != "" {
			t.Fatalf("looking alone took them off: %s", why)
		}
		for range 2 { // mail programs press twice
			h.do(func(tx *db.Tx) error {
				r, c, err := h.many.Open(h.ctx, tx, r.ID.String(), good)
				if err != nil {
					return err
				}
				return campaign.Leave(h.ctx, tx, r, c)
			})
		}
		if why := h.may(haram); why != consent.IsTakenBack || h.may(other) != "" || h.logged("campaign.unsubscribed") != 1 {
			t.Errorf("left: %s; the other: %s; %d facts", why, h.may(other), h.logged("campaign.unsubscribed"))
		}
		h.Clock.Advance(9 * 365 * 24 * time.Hour)
		if err := opens(r.ID.String(), good); err != nil {
			t.Errorf("years later: %v", err)
		}
	})
}

func TestNoticesCanBeLeftToo(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		haram := h.stranger("haram", "ko", "")
		notice := func(c *campaign.Campaign) { c.Purpose = consent.Notice }
		id := h.starts(notice)
		if m := h.mails("haram@x.example"); len(m) != 1 || strings.HasPrefix(m[0].Subject, "(광고)") {
			t.Fatalf("%d mails", len(m))
		}
		h.do(func(tx *db.Tx) error { return campaign.Leave(h.ctx, tx, h.of2(tx, id, haram), h.get2(tx, id)) })
		if got := h.fates(h.starts(notice)); got != "skipped left 1" {
			t.Errorf("the next notice: %s", got)
		}
		h.agrees(haram)
		if got := h.fates(h.starts(nil)); got != "sent 1" {
			t.Errorf("advertising that they agreed to: %s", got)
		}
	})
}

func TestAListThatComesBackIsNotWrittenToOn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for i := range 80 {
			h.customer(fmt.Sprint("c", i), "ko", "")
			if i%5 == 0 {
				h.sink.Always(fmt.Sprintf("c%d@x.example", i), rig.RefuseRecipient(550))
			}
		}
		id := h.starts(func(c *campaign.Campaign) { c.Manners.Rate = 6000 })
		h.waits(time.Minute)
		c := h.get(id)
		if c.State != campaign.Paused || c.Why != "returned" {
			t.Fatalf("it is %s, %q", c.State, c.Why)
		}
		if n := len(h.sink.Mails()); n < 40 || n > 50 {
			t.Errorf("%d had left by then", n)
		}
		if n := h.count(`SELECT COUNT(*) FROM notice WHERE person_id = $1`, h.kim); n == 0 {
			t.Error("whoever made it was not told")
		}
		h.do(func(tx *db.Tx) error { return campaign.Resume(h.as(), tx, id) })
		h.waits(time.Minute)
		if got := h.fates(id); got != "failed 16, sent 64" {
			t.Errorf("let go on: %s", got)
		}
	})
}
