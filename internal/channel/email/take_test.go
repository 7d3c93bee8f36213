package email

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/blob"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
)

// TestMessageIDsAreNoReasonToLoseMail is T06.
func TestMessageIDsAreNoReasonToLoseMail(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := newHouse(t, desk)
		k := h.solved(t, "ours")
		long := strings.Repeat("x", 10<<10) + "@long.example"
		middling := strings.Repeat("y", 1500) + "@long.example"
		odd := map[string][]string{
			"missing": nil, "empty": {"Message-ID", ""}, "doubled": {"Message-ID", "<d1@x.example>", "Message-ID", "<d2@x.example>"},
			"10 kB": {"Message-ID", "<" + long + ">"}, "1.5 kB": {"Message-ID", "<" + middling + ">"}, "no brackets": {"Message-ID", "n@x.example"},
			"broken": {"Message-ID", "<<>@@\x00\xff>"}, "ours, from a stranger": {"Message-ID", "<" + k.claim.id + ">"},
		}
		kept := 0
		for name, header := range odd {
			for i := range 2 { // the same id, other bytes
				got := h.take(h.in, "", letterOf(customer, "lamp", fmt.Sprintf("%s, %d", name, i), header...))
				if got.State != InConversation {
					t.Errorf("%s: %s %s %s", name, got.State, got.Reason, got.Error)
					continue
				}
				kept++
				h.reply(h.of(got).ID, conversation.Answer{}) // it can be answered
			}
		}
		same := letterOf(customer, "lamp", "twice", "Message-ID", "<twice@x.example>")
		first, second := h.take(h.in, "", same), h.take(h.in, "", same)
		if first.State != InConversation || second.State != Suppressed || second.Reason != ReasonDuplicate {
			t.Errorf("the same bytes twice: %s, then %s %s", first.State, second.State, second.Reason)
		}
		other := h.take(h.inbox("sales@shop.example"), "", same)
		if other.State != InConversation || !slices.Contains(ids(h.relatedTo(h.of(other).ID)), h.of(first).ID.String()) {
			t.Errorf("in another mailbox: %s, related to %v", other.State, h.relatedTo(h.of(other).ID))
		}
		t.Logf("T06 %s: %d of %d mails with odd or equal Message-IDs kept; the same bytes: 1 item + 1 suppressed, and 1 linked item in another mailbox",
			desk.Engine(), kept, 2*len(odd))
	})
}

// What we sent and what comes back to a mailbox of ours is not a message; the
// same id from somebody else is.
func TestOwnMailIsLeftOut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := newHouse(t, desk)
		sales := h.inbox("sales@shop.example")
		k := h.solved(t, "a")
		if got := h.take(sales, "", letterOf("달빛 <"+shop+">", "Re: lamp", "On its way", "Message-ID", "<"+k.claim.id+">")); got.Reason != ReasonOwn {
			t.Errorf("our own mail: %s %s", got.State, got.Reason)
		}
	})
}

// TestWhatWasDeletedStaysAway is T08: deleted or erased mail that still lies in
// the mailbox is read again three times, and so are its copies.
func TestWhatWasDeletedStaysAway(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := newHouse(t, desk)
		var mails []string
		var talks []conversation.ID
		for i := range 10 {
			raw := letterOf(fmt.Sprintf("p%d@solip.example", i), "lamp", strings.Repeat("It flickers. ", 1+i*4000))
			talks = append(talks, h.of(h.take(h.in, "", raw)).ID)
			h.take(h.in, "", raw) // a copy, suppressed
			mails = append(mails, raw)
		}
		poison := "From: p9@solip.example\r\nSubject: x\r\n" + strings.Repeat("X-A: b\r\n", 3000) + "\r\nheld\r\n"
		if got := h.take(h.in, "", poison); got.State != Quarantined {
			t.Fatalf("%s", got.State)
		}
		late := letterOf("p9@solip.example", "never read before", "but older than the erasure")
		h.Clock.Advance(time.Minute)
		before := h.Now().Add(-time.Second)
		who := h.contactOf(talks[9])
		h.write(func(tx *db.Tx) error { // into another one's conversation: it goes with its messages
			_, err := conversation.Merge(h.ctx, tx, talks[3], talks[4])
			return err
		})
		for _, id := range []conversation.ID{talks[0], talks[1], talks[2], talks[3]} {
			h.delete(id)
		}
		for _, id := range talks[5:9] {
			c := h.contactOf(id)
			h.write(func(tx *db.Tx) error { return contact.Erase(h.ctx, tx, c) })
		}
		h.write(func(tx *db.Tx) error { return contact.Erase(h.ctx, tx, who) })
		back := 0
		for range 3 {
			for i, raw := range append(mails, poison) {
				if got := h.take(h.in, "", raw); got.State != Suppressed || got.Reason != ReasonErased {
					back++
					t.Errorf("mail %d came back: %s %s", i, got.State, got.Reason)
				}
			}
		}
		old := []arrival{{raw: []byte(late), Item: Item{Inbox: h.in.ID, Source: "late", ReceivedAt: before}}}
		if err := h.mail.store(h.ctx, old, nil); err != nil {
			t.Fatal(err)
		}
		h.drain()
		if n := h.count(`SELECT COUNT(*) FROM email_item WHERE source = 'late' AND reason = 'erased'`); n != 1 {
			back++
			t.Error("an old mail of somebody who was erased came in")
		}
		raws, items := h.count(`SELECT COUNT(*) FROM email_raw`), h.count(`SELECT COUNT(*) FROM email_item WHERE state <> 'suppressed' OR envelope_from <> ''`)
		if raws != 0 || items != 0 {
			t.Errorf("%d originals and %d items are left", raws, items)
		}
		if got := h.take(h.in, "", letterOf("p9@solip.example", "hello again", "new")); got.State != InConversation {
			t.Errorf("a new mail of somebody who was erased: %s %s", got.State, got.Reason)
		}
		t.Logf("T08 %s: 5 conversations deleted, 5 people erased, each mail read again 3 times: %d came back, %d originals left", desk.Engine(), back, raws)
	})
}

// poisons are mails that crash or exhaust parsers.
func poisons() (list []string) {
	bomb := func(kind string, n int) string {
		var b strings.Builder
		b.WriteString("From: bomb@evil.example\r\nTo: " + shop + "\r\nSubject: " + kind + "\r\n")
		switch kind {
		case "depth":
			for i := range n {
				fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
			}
		case "parts":
			b.WriteString("Content-Type: multipart/mixed; boundary=b\r\n\r\n" + strings.Repeat("--b\r\n\r\nx\r\n", n))
		case "headers":
			b.WriteString(strings.Repeat("X-H: v\r\n", n) + "\r\nx\r\n")
		case "header":
			b.WriteString("X-H: " + strings.Repeat("v", n) + "\r\n\r\nx\r\n")
		case "recipients":
			b.WriteString("Cc: " + strings.Repeat("a@b.example, ", n) + "z@b.example\r\n\r\nx\r\n")
		}
		return b.String()
	}
	for i := range 3 {
		list = append(list, bomb("depth", 40+i), bomb("parts", 1100+i), bomb("headers", 2500+i), bomb("header", 600<<10+i), bomb("recipients", 2500+i))
	}
	return append(list, "", "\r\n\r\n", "Subject: nobody\r\n\r\nhello\r\n")
}

// TestPoisonHoldsUpNothing is T09 at this level: 20 bad mails among 400 good ones.
func TestPoisonHoldsUpNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := newHouse(t, desk)
		h.blobs.fail = func(content string) error {
			switch {
			case strings.HasPrefix(content, "unlucky"):
				return errors.New("the store fails for this one")
			case strings.HasPrefix(content, "crash"):
				panic("the store crashes for this one")
			}
			return nil
		}
		withFile := func(content string) string {
			return "From: bomb@evil.example\r\nSubject: file\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhi\r\n--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\n" +
				strings.Repeat("a", 50<<10) + "\r\n--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=b.txt\r\n\r\n" + content + "\r\n--b--\r\n"
		}
		bad := append(poisons(), withFile("unlucky"), withFile("crash"))
		var poison []ItemID
		var size, good int
		var goods []ItemID
		for i := range 400 {
			goods = append(goods, h.store(h.in, "", letterOf(fmt.Sprintf("g%d@solip.example", i%50), "lamp", fmt.Sprint("It flickers ", i))))
			if i%20 == 7 {
				raw := bad[len(poison)]
				size += len(raw)
				poison = append(poison, h.store(h.in, "", raw))
			}
		}
		for range 5 {
			h.drain()
			h.Clock.Advance(time.Minute)
		}
		for _, id := range goods {
			if h.item(id).State == InConversation {
				good++
			}
		}
		most := 0
		for i, id := range poison {
			got := h.item(id)
			most = max(most, got.Tries)
			if got.State != Quarantined || got.Tries < 1 || got.Tries > 3 {
				t.Errorf("poison %d: %s after %d tries (%s %s)", i, got.State, got.Tries, got.Reason, got.Error)
			}
		}
		files := 0
		for _, err := range h.blobs.Each(h.ctx) {
			if err != nil {
				t.Fatal(err)
			}
			files++
		}
		if raws := h.count(`SELECT COUNT(*) FROM email_raw WHERE blob <> ''`); files != raws {
			t.Errorf("%d files lie in the store, %d originals need one", files, raws)
		}
		if good != 400 {
			t.Errorf("%d of 400 good ones", good)
		}
		h.retryByHand(t, poison[19])
		t.Logf("T09 %s: %d of 400 good ones delivered, %d of %d poison mails held after at most %d tries, %d files left beside the originals",
			desk.Engine(), good, h.count(`SELECT COUNT(*) FROM email_item WHERE state = 'quarantine'`), len(poison), most, files-h.count(`SELECT COUNT(*) FROM email_raw WHERE blob <> ''`))
	})
}

// retryByHand tries a mail again that fails always, and then no more.
func (h *house) retryByHand(t *testing.T, id ItemID) {
	n := 0
	for n < 100 {
		if err := h.Write(h.ctx, func(tx *db.Tx) error { return Retry(h.ctx, tx, id) }); err != nil {
			break
		}
		h.drain()
		n++
		if got := h.item(id); got.State != Quarantined {
			t.Fatalf("try %d by hand: %s", n, got.State)
		}
	}
	if n == 0 || n > maxRetries {
		t.Errorf("it could be tried %d times by hand", n)
	}
	h.blobs.fail = nil
	h.write(func(tx *db.Tx) error {
		_, err := tx.Exec(h.ctx, `UPDATE email_item SET tries = 3 WHERE id = $1`, id)
		return err
	})
	h.write(func(tx *db.Tx) error { return Retry(h.ctx, tx, id) })
	h.drain()
	if got := h.item(id); got.State != InConversation {
		t.Errorf("with the store well again: %s %s", got.State, got.Error)
	}
	h.write(func(tx *db.Tx) error {
		_, err := tx.Exec(h.ctx, `UPDATE email_item SET state = 'quarantine', message_id = 0 WHERE id = $1`, id)
		return err
	})
}

// A full disk is not a mail's fault: it waits, and comes in when there is room.
func TestAFullDiskCostsNoTries(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := newHouse(t, desk)
		h.blobs.fail = func(string) error { return fmt.Errorf("write: %w", blob.ErrFull) }
		id := h.store(h.in, "", "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Disposition: attachment; filename=a\r\n\r\nx\r\n--b--\r\n")
		for range 20 {
			h.drain()
			h.Clock.Advance(time.Hour)
		}
		if got := h.item(id); got.State != Arrived || got.Tries != 0 {
			t.Fatalf("%s after %d tries", got.State, got.Tries)
		}
		h.blobs.fail = nil
		h.Clock.Advance(2 * time.Hour)
		h.drain()
		if got := h.item(id); got.State != InConversation {
			t.Errorf("%s %s", got.State, got.Error)
		}
	})
}

// A held mail whose copy came in later is not taken twice when it is tried again.
func TestAHeldMailAndItsCopy(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := newHouse(t, desk)
		raw := "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Disposition: attachment; filename=a\r\n\r\nx\r\n--b--\r\n"
		h.blobs.fail = func(string) error { return errors.New("broken") }
		first := h.store(h.in, "", raw)
		for range 5 {
			h.drain()
			h.Clock.Advance(time.Minute)
		}
		h.blobs.fail = nil
		second := h.take(h.in, "", raw)
		h.write(func(tx *db.Tx) error { return Retry(h.ctx, tx, first) })
		h.drain()
		if got := h.item(first); second.State != InConversation || got.Reason != ReasonDuplicate {
			t.Errorf("the copy: %s; the held one: %s %s", second.State, got.State, got.Reason)
		}
	})
}

// A subject longer than a conversation's is cut there and whole in its message;
// what PostgreSQL cannot store is not in the way.
func TestOverlongAndBrokenFields(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := newHouse(t, desk)
		subject := strings.Repeat("램프", 5000)
		for i, raw := range []string{
			letterOf(customer, subject, "x", "Content-Type", "text/plain; charset=utf-8"),
			letterOf("\"a\x00\xff\r\n b\" <"+customer+">", "nul \x00 \xff", "\x00\xff", "Message-ID", "<\xff\x00@x>"),
			"From: " + strings.Repeat("n", 3000) + " <" + strings.Repeat("l", 400) + "@x.example>\r\nSubject:\r\n\r\n",
			"From: a@b.example\r\nDate: " + strings.Repeat("9", 5000) + "\r\n\r\nx",
		} {
			got := h.take(h.in, "a\xff\x00@x", raw)
			if got.State != InConversation {
				t.Errorf("%d: %s %s %s", i, got.State, got.Reason, got.Error)
				continue
			}
			if c := h.of(got); i == 0 && (len(c.Subject) > 1000 || h.message(got.Message).Subject != subject) {
				t.Errorf("subject %d bytes, in the message %d", len(c.Subject), len(h.message(got.Message).Subject))
			}
		}
	})
}

// A server that counts its UIDs anew without saying so loses no mail.
func TestAnotherMailInTheSamePlace(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := newHouse(t, desk)
		put := func(raw string) {
			a := []arrival{{raw: []byte(raw), Item: Item{Inbox: h.in.ID, Source: "imap:INBOX:1:1", ReceivedAt: h.Now()}}}
			if err := h.mail.store(h.ctx, a, nil); err != nil {
				t.Fatal(err)
			}
			h.drain()
		}
		for range 2 {
			put(letterOf(customer, "one", "one"))
			put(letterOf(customer, "two", "two"))
		}
		if n := h.count(`SELECT COUNT(*) FROM conversation`); n != 2 {
			t.Errorf("%d conversations", n)
		}
	})
}
