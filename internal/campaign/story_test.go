package campaign_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"baraji/internal/campaign"
	"baraji/internal/consent"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/segment"
	"baraji/internal/team"
	"baraji/test/rig"
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

func (h *house) may(who contact.ID) (why consent.Why) {
	h.t.Helper()
	h.do(func(tx *db.Tx) error {
		c, err := contact.Get(h.ctx, tx, who)
		if err == nil {
			why, err = consent.May(h.ctx, tx, who, c.Email, consent.Advertising)
		}
		return err
	})
	return why
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

func (h *house) of2(tx *db.Tx, id campaign.ID, who contact.ID) campaign.Recipient {
	list, err := campaign.Of(h.ctx, tx, who, 10)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, r := range list {
		if r.Campaign == id {
			return r
		}
	}
	return campaign.Recipient{}
}

func (h *house) get2(tx *db.Tx, id campaign.ID) campaign.Campaign {
	c, err := campaign.Get(h.ctx, tx, id)
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

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

func (h *house) count(query string, args ...any) (n int) {
	h.t.Helper()
	h.do(func(tx *db.Tx) (err error) { n, err = db.Value[int](h.ctx, tx, query, args...); return err })
	return n
}

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
