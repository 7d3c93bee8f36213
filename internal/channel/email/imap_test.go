package email

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/test/rig"

	"github.com/emersion/go-imap/v2"
)

// fetchFrom makes the inbox read a mailbox.
func (h *house) fetchFrom(box *rig.MailServer, folder string) {
	h.t.Helper()
	h.write(func(tx *db.Tx) error {
		a, err := h.mail.Account(h.ctx, tx, h.in.ID)
		if err != nil {
			return err
		}
		a.IMAP = plainServer(box.IMAP, shop, rig.Password)
		a.IMAP.Folder = folder
		return h.mail.SetAccount(h.ctx, tx, a)
	})
}

// nobodyAsks stands for the queue where a test reads a mailbox without a job.
func nobodyAsks(context.Context, *db.Tx, bool) error { return nil }

// poll reads the mailbox once, to its end, and deals with what came.
func (h *house) poll() {
	h.t.Helper()
	h.reads((*watcher).sync)
	h.drain()
}

// pollHalf reads one piece of the backlog and stops, as a process that dies does.
func (h *house) pollHalf() {
	h.t.Helper()
	h.reads((*watcher).readBacklog)
}

func (h *house) reads(how func(*watcher, context.Context) error) {
	h.t.Helper()
	w := &watcher{mail: h.mail, rests: nobodyAsks, inbox: h.in.ID, news: make(chan struct{}, 1), kicked: make(chan struct{}, 1)}
	err := h.Read(h.ctx, func(tx *db.Tx) (err error) { w.account, err = h.mail.Account(h.ctx, tx, h.in.ID); return err })
	if err == nil {
		err = w.connect(h.ctx)
	}
	if err == nil {
		defer w.client.Close()
		err = errors.Join(w.begin(h.ctx), how(w, h.ctx))
	}
	if err != nil {
		h.t.Fatal(err)
	}
}

type lying struct {
	raw   string
	flags []imap.Flag
	date  time.Time
}

// fill puts mails into a folder over one connection.
func fill(t testing.TB, box *rig.MailServer, folder string, mails []lying) {
	t.Helper()
	c := box.Client(shop)
	defer c.Close()
	if folder != "INBOX" {
		c.Create(folder, nil).Wait()
	}
	for _, m := range mails {
		cmd := c.Append(folder, int64(len(m.raw)), &imap.AppendOptions{Flags: m.flags, Time: m.date})
		_, err := cmd.Write([]byte(m.raw))
		if err = errors.Join(err, cmd.Close()); err == nil {
			_, err = cmd.Wait()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func (h *house) lying(n int, what string, date time.Time, flags ...imap.Flag) (list []lying) {
	for i := range n {
		list = append(list, lying{letterOf(fmt.Sprintf("c%d@solip.example", i%97), what, fmt.Sprintf("%s %d", what, i)), flags, date})
	}
	return list
}

// TestUIDValidityChanges is T05: the server forgets its UIDs, in the middle of
// reading too; a folder is made anew with the same UIDs and other mail.
func TestUIDValidityChanges(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := newHouse(t, desk)
		box := rig.Dovecot(t, shop)
		h.fetchFrom(box, "")
		h.poll()
		fill(t, box, "INBOX", h.lying(300, "before", h.Now()))
		h.poll()
		first := h.count(`SELECT COUNT(*) FROM conversation_message`)
		box.ResetUIDValidity(shop)
		fill(t, box, "INBOX", h.lying(10, "while it changed", h.Now()))
		h.poll()
		box.ResetUIDValidity(shop)
		h.pollHalf()
		h.poll()
		fill(t, box, "INBOX", h.lying(5, "after", h.Now()))
		h.poll()
		all := h.count(`SELECT COUNT(*) FROM conversation_message`)
		if first != 300 || all != 315 {
			t.Errorf("%d messages, then %d; want 300 and 315", first, all)
		}

		h.fetchFrom(box, "Desk")
		fill(t, box, "Desk", h.lying(5, "old folder", h.Now()))
		h.poll()
		c := box.Client(shop)
		if err := c.Delete("Desk").Wait(); err != nil {
			t.Fatal(err)
		}
		fill(t, box, "Desk", h.lying(5, "new folder", h.Now()))
		h.poll()
		h.poll()
		folder := h.count(`SELECT COUNT(*) FROM conversation_message`) - all
		if folder != 10 {
			t.Errorf("%d messages of the folder that was made anew, want 10", folder)
		}
		t.Logf("T05 %s: %d mails, 2 changes of UIDVALIDITY (1 with a stop half-way): %d imported again, %d of 15 new ones taken; a folder made anew: %d of 10",
			desk.Engine(), first, all-315, all-first, folder)
	})
}

// size is how many mails a test puts into a mailbox: all on the first engine, fewer
// on the second, whose differences show in less.
func size(desk *dbtest.Desk, n int) int {
	if desk.Engine() != dbtest.Engines()[0] {
		return n / 5
	}
	return n
}

// run does jobs beside the test, the watching of mailboxes too.
func (h *house) run() (stop func()) {
	ctx, cancel := context.WithCancel(h.ctx)
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := h.jobs.Run(ctx); err != nil && ctx.Err() == nil {
			h.t.Error(err)
		}
	})
	stop = sync.OnceFunc(func() { cancel(); wg.Wait() })
	h.t.Cleanup(stop)
	return stop
}

// TestABacklogHoldsUpNothing is T07 in short: 2,000 mails came while we were
// away, some read by somebody else, with odd dates; a new one comes meanwhile.
func TestABacklogHoldsUpNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := newHouse(t, desk)
		box := rig.Dovecot(t, shop)
		h.fetchFrom(box, "")
		h.poll()
		n := size(desk, 2000)
		mails := h.lying(n, "backlog", h.Now().Add(-72*time.Hour))
		mails[10].date, mails[11].date = time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC), time.Date(2037, 12, 31, 0, 0, 0, 0, time.UTC)
		mails[12].flags = []imap.Flag{imap.FlagSeen}
		fill(t, box, "INBOX", mails)
		stop := h.run()
		eventually(t, "the backlog is being read", func() bool { return h.count(`SELECT COUNT(*) FROM email_item`) >= 100 })
		fill(t, box, "INBOX", h.lying(1, "new", h.Now()))
		began := time.Now()
		eventually(t, "the new one is taken", func() bool { return h.count(`SELECT COUNT(*) FROM conversation WHERE subject = 'new'`) == 1 })
		took, before := time.Since(began), h.count(`SELECT COUNT(*) FROM conversation WHERE subject = 'backlog'`)
		eventually(t, "all are taken", func() bool {
			return h.count(`SELECT COUNT(*) FROM email_item WHERE state = 'conversation'`) == n+1
		})
		stop()
		if before >= n {
			t.Errorf("the new one came after all %d others", before)
		}
		odd := h.count(`SELECT COUNT(*) FROM email_item a JOIN email_item b ON b.id > a.id AND b.message_id < a.message_id
			JOIN conversation_message m ON m.id = a.message_id WHERE a.id >= b.id - 100 AND m.subject = 'backlog'
			AND b.message_id NOT IN (SELECT id FROM conversation_message WHERE subject = 'new')`)
		open := h.count(`SELECT COUNT(*) FROM conversation WHERE status = 'open'`)
		if odd != 0 || open != n+1 {
			t.Errorf("%d out of order, %d open", odd, open)
		}
		t.Logf("T07 %s: %d behind and 1 new: the new one after %v, when %d of the others were taken; 0 skipped, %d out of order", desk.Engine(), n, took.Round(time.Millisecond), before, odd)
	})
}

// TestConnectingAnOldMailbox is T24.
func TestConnectingAnOldMailbox(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := newHouse(t, desk)
		box, sink := rig.Dovecot(t, shop), rig.Sink(t, rig.SinkSetup{})
		h.autoReply(h.in)
		h.sendTo(h.in, sink.Addr)
		n := size(desk, 900)
		fill(t, box, "INBOX", h.lying(n, "old", h.Now().AddDate(-1, 0, 0)))
		fill(t, box, "INBOX", h.lying(60, "read", h.Now().Add(-time.Hour), imap.FlagSeen))
		fill(t, box, "INBOX", h.lying(40, "waiting", h.Now().Add(-48*time.Hour)))
		h.fetchFrom(box, "")
		h.poll()
		h.Clock.Advance(time.Hour)
		h.drain()
		open := h.count(`SELECT COUNT(*) FROM conversation WHERE status = 'open' AND subject = 'waiting' AND waiting_since IS NOT NULL`)
		solved := h.count(`SELECT COUNT(*) FROM conversation WHERE status = 'solved' AND subject <> 'waiting' AND waiting_since IS NULL`)
		if open != 40 || solved != n+60 || len(sink.Mails()) != 0 {
			t.Errorf("%d open, %d solved, %d mails out", open, solved, len(sink.Mails()))
		}
		fill(t, box, "INBOX", h.lying(1, "live", h.Now()))
		h.poll()
		if len(sink.Mails()) != 1 {
			t.Errorf("%d mails out after a live one", len(sink.Mails()))
		}
		t.Logf("T24 %s: %d old mails: %d open, %d solved, 0 mails out; 1 after the first new one", desk.Engine(), n+100, open, solved)
	})
}

// The rest of the first reading stays history when the UIDs change before its end.
func TestHistoryStaysHistory(t *testing.T) {
	for _, c := range []struct {
		name string
		had  folder
		uids uint32
		last imap.UID
		want folder
	}{
		{"never seen", folder{unknown: true}, 7, 50, folder{name: "I", validity: 7, high: 50, backlogFrom: 1, backlogTo: 50, history: true}},
		{"nothing new", folder{name: "I", validity: 7, high: 50}, 7, 50, folder{name: "I", validity: 7, high: 50}},
		{"a few new", folder{name: "I", validity: 7, high: 50}, 7, 60, folder{name: "I", validity: 7, high: 50}},
		{"many new", folder{name: "I", validity: 7, high: 50, history: true, moved: true}, 7, 1050, folder{name: "I", validity: 7, high: 1050, backlogFrom: 51, backlogTo: 1050}},
		{"changed", folder{name: "I", validity: 7, high: 50, history: true}, 8, 60, folder{name: "I", validity: 8, high: 60, backlogFrom: 1, backlogTo: 60, moved: true}},
		{"changed in the first reading", folder{name: "I", validity: 7, high: 50, backlogFrom: 20, backlogTo: 50, history: true}, 8, 60,
			folder{name: "I", validity: 8, high: 60, backlogFrom: 1, backlogTo: 60, history: true, moved: true}},
		{"counts from the start again", folder{name: "I", validity: 7, high: 50}, 7, 3, folder{name: "I", validity: 7, high: 3, backlogFrom: 1, backlogTo: 3, moved: true}},
		{"stopped in the middle", folder{name: "I", validity: 7, high: 50, backlogFrom: 20, backlogTo: 50, moved: true}, 7, 55,
			folder{name: "I", validity: 7, high: 50, backlogFrom: 20, backlogTo: 50, moved: true}},
	} {
		if got := c.had.resume("I", c.uids, c.last, c.last); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}
