package email

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/job"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// watch is the standing job of reading one mailbox. Its lease makes sure that of
// several nodes one does it.
type watch struct {
	Inbox inbox.ID `json:"inbox"`
}

func (watch) JobKind() string { return "email.watch" }

// How often a mailbox is looked at although nothing was said: with IDLE as a
// safety net, without it as the only way.
const (
	netEvery  = 2 * time.Minute
	pollEvery = 10 * time.Second
)

// watch reads a mailbox until the program stops, the inbox is closed, or the
// line breaks: then it fails, and the queue begins it again after a while.
func (m *Mail) watch(ctx context.Context, run *job.Run, j watch) error {
	w := &watcher{mail: m, rests: run.Rest, inbox: j.Inbox, news: make(chan struct{}, 1), kicked: m.kicked(j.Inbox)}
	var open bool
	err := m.db.Read(ctx, func(tx *db.Tx) error {
		in, err := inbox.Get(ctx, tx, j.Inbox)
		if err != nil {
			return err
		}
		w.account, err = m.Account(ctx, tx, j.Inbox)
		open = in.Enabled && w.account.IMAP.Set()
		return err
	})
	if err != nil || !open {
		return err // closed: the job ends; opening the inbox adds it again
	}
	err = w.read(ctx)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, errChanged):
		return job.Later(m.db.Now())
	}
	if noted := m.trouble(ctx, j.Inbox, false, err); noted != nil {
		m.log.Error("note trouble with mailbox", "error", noted)
	}
	return err
}

// errChanged says that the account was changed: begin again with the new one.
var errChanged = errors.New("the settings of the inbox were changed")

type watcher struct {
	mail    *Mail
	rests   func(ctx context.Context, tx *db.Tx, resting bool) error // writes down whether everything has been read; see job.Run.Rest
	inbox   inbox.ID
	account Account
	news    chan struct{} // the server said that there is something new
	kicked  chan struct{} // somebody changed the settings

	client  *imapclient.Client
	folder  folder
	resting bool // it is written that everything has been read
	asks    chan chan struct{}
	asking  []chan struct{} // wait for the mailbox to be read once more
}

// folder is how far a mailbox has been read: everything up to high, but for what
// lies between backlogFrom and backlogTo.
type folder struct {
	name                    string
	validity                uint32
	high                    imap.UID
	backlogFrom, backlogTo  imap.UID
	history, moved, unknown bool
}

func (f folder) backlog() bool { return f.backlogFrom <= f.backlogTo && f.backlogTo > 0 }

func (w *watcher) read(ctx context.Context) error {
	if err := w.connect(ctx); err != nil {
		return err
	}
	defer w.client.Close()
	stop := context.AfterFunc(ctx, func() { w.client.Close() }) // ends a command that waits
	defer stop()
	if err := w.begin(ctx); err != nil {
		return err
	}
	if err := w.mail.trouble(ctx, w.inbox, false, nil); err != nil {
		return err
	}
	defer w.listens()()
	for {
		if err := w.roomy(ctx); err != nil {
			return err
		}
		if len(w.asking) > 0 { // so that the server looks as well
			if err := w.client.Noop().Wait(); err != nil {
				return fmt.Errorf("look for mail: %w", err)
			}
		}
		if err := w.sync(ctx); err != nil {
			return err
		}
		if err := w.rest(ctx); err != nil {
			return err
		}
		w.answer()
		if err := w.wait(ctx); err != nil {
			return err
		}
	}
}

// roomy waits until there is room to take mail in: it is safe where it is.
func (w *watcher) roomy(ctx context.Context) error {
	for w.mail.room.Short() != nil {
		if w.resting { // there may be something to read by then
			w.resting = w.mail.db.Write(ctx, func(tx *db.Tx) error { return w.rests(ctx, tx, false) }) != nil
		}
		if err := w.sleep(ctx, roomEvery); err != nil {
			return err
		}
	}
	return nil
}

// roomEvery is how often is looked whether there is room again.
const roomEvery = 2 * time.Second

// rest writes down that the mailbox has been read to its end.
func (w *watcher) rest(ctx context.Context) error {
	if w.resting {
		return nil
	}
	err := w.mail.db.Write(ctx, func(tx *db.Tx) error { return w.rests(ctx, tx, true) })
	w.resting = err == nil
	return err
}

// connect signs in and opens the mailbox.
func (w *watcher) connect(ctx context.Context) error {
	c, err := w.mail.imap(ctx, w.account.IMAP, &imapclient.UnilateralDataHandler{
		Mailbox: func(d *imapclient.UnilateralDataMailbox) {
			if d.NumMessages != nil {
				w.hear()
			}
		},
	})
	if err != nil {
		return err
	}
	w.client = c
	return nil
}

func (w *watcher) hear() {
	select {
	case w.news <- struct{}{}:
	default:
	}
}

// imap connects to a server and signs in.
func (m *Mail) imap(ctx context.Context, s Server, on *imapclient.UnilateralDataHandler) (*imapclient.Client, error) {
	conn, config, err := m.connect(ctx, s, imapSilence)
	if err != nil {
		return nil, err
	}
	o := &imapclient.Options{UnilateralDataHandler: on, TLSConfig: config}
	var c *imapclient.Client
	if s.Security == StartTLS {
		if c, err = imapclient.NewStartTLS(conn, o); err != nil {
			conn.Close()
			return nil, unprotected(s, err)
		}
	} else {
		c = imapclient.New(conn, o)
	}
	stop := context.AfterFunc(ctx, func() { c.Close() })
	defer stop()
	if err := c.Login(s.Username, s.Password).Wait(); err != nil {
		c.Close()
		return nil, fmt.Errorf("sign in at %s as %s: %w", s.Addr(), s.Username, err)
	}
	return c, nil
}

// imapSilence is how long the server may say nothing: IDLE is begun anew every
// 28 minutes, and we look ourselves every netEvery.
const imapSilence = 5 * time.Minute

// begin opens the mailbox and finds out where we were.
func (w *watcher) begin(ctx context.Context) error {
	name := w.account.IMAP.Mailbox()
	box, err := w.client.Select(name, nil).Wait()
	if err != nil {
		return fmt.Errorf("open mailbox %s: %w", name, err)
	}
	last, err := w.last()
	if err != nil {
		return err
	}
	given := last
	if box.UIDNext > 0 {
		given = box.UIDNext - 1
	}
	return w.mail.db.Write(ctx, func(tx *db.Tx) error {
		f, err := getFolder(ctx, tx, w.inbox, name)
		if err != nil {
			return err
		}
		w.folder = f.resume(name, box.UIDValidity, given, last)
		return putFolder(ctx, tx, w.inbox, w.folder)
	})
}

// last is the UID of the newest mail that the server shows us; 0: there is none. What it says it will give next may be ahead of that,
// while mails come in.
func (w *watcher) last() (imap.UID, error) {
	var newest imap.UIDSet
	newest.AddRange(0, 0) // "*"
	list, err := w.there(newest, 0)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	return list[len(list)-1], nil
}

// there lists, in order, which mails of a range above a UID the server shows us.
func (w *watcher) there(uids imap.UIDSet, above imap.UID) ([]imap.UID, error) {
	d, err := w.client.UIDSearch(&imap.SearchCriteria{UID: []imap.UIDSet{uids}}, nil).Wait()
	if err != nil {
		return nil, fmt.Errorf("look through the mailbox: %w", err)
	}
	list := slices.DeleteFunc(d.AllUIDs(), func(uid imap.UID) bool { return uid <= above }) // "to the end" gives the last one even when it is older
	slices.Sort(list)
	return list, nil
}

// many is from how many unread mails on they are a backlog, which is worked off
// beside what arrives now.
const many = 100

// resume says what is to be read of a mailbox whose newest mail has the UID last, and whose server has given the UIDs up to given: everything
// at first; after a change of UIDVALIDITY everything again, to find what is known
// by its bytes; else what has come since.
func (f folder) resume(name string, validity uint32, given, last imap.UID) folder {
	switch {
	case f.unknown:
		return folder{name: name, validity: validity, high: last, backlogFrom: 1, backlogTo: last, history: true}
	case f.validity != validity, given < f.high:
		// What was not read yet of the first time stays history.
		return folder{name: name, validity: validity, high: last, backlogFrom: 1, backlogTo: last, history: f.history && f.backlog(), moved: true}
	case !f.backlog() && last > f.high+many:
		f.backlogFrom, f.backlogTo, f.high, f.history, f.moved = f.high+1, last, last, false, false
	}
	return f
}

func getFolder(ctx context.Context, tx *db.Tx, id inbox.ID, name string) (folder, error) {
	f, err := db.One(ctx, tx, func(r db.Row) (f folder, err error) {
		f.name = name
		return f, r.Scan(&f.validity, &f.high, &f.backlogFrom, &f.backlogTo, &f.history, &f.moved)
	}, `SELECT validity, high, backlog_from, backlog_to, history, moved FROM email_folder WHERE inbox_id = $1 AND name = $2`, id, name)
	if errors.Is(err, db.ErrNoRow) {
		return folder{unknown: true}, nil
	}
	return f, err
}

func putFolder(ctx context.Context, tx *db.Tx, id inbox.ID, f folder) error {
	_, err := tx.Exec(ctx, `INSERT INTO email_folder (inbox_id, name, validity, high, backlog_from, backlog_to, history, moved) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (inbox_id, name) DO UPDATE SET validity = excluded.validity, high = excluded.high, backlog_from = excluded.backlog_from,
		backlog_to = excluded.backlog_to, history = excluded.history, moved = excluded.moved`, id, f.name, f.validity, f.high, f.backlogFrom, f.backlogTo, f.history, f.moved)
	return err
}

// sync reads what is new, then a piece of the backlog, and so on until neither
// is left.
func (w *watcher) sync(ctx context.Context) error {
	for {
		if err := w.readNew(ctx); err != nil {
			return err
		}
		if !w.folder.backlog() {
			return nil
		}
		if err := w.readBacklog(ctx); err != nil {
			return err
		}
	}
}

// piece is how many UIDs of a backlog are asked for at once.
const piece = 100

func (w *watcher) readNew(ctx context.Context) error {
	var all imap.UIDSet
	all.AddRange(w.folder.high+1, 0) // to the end
	return w.fetch(ctx, all, false, w.folder.high, func(f *folder, read imap.UID) { f.high = max(f.high, read) }, nil)
}

func (w *watcher) readBacklog(ctx context.Context) error {
	from, to := w.folder.backlogFrom, min(w.folder.backlogFrom+piece-1, w.folder.backlogTo)
	var some imap.UIDSet
	some.AddRange(from, to)
	advance := func(f *folder, read imap.UID) { f.backlogFrom = max(f.backlogFrom, read+1) }
	return w.fetch(ctx, some, true, from-1, advance, func(f *folder) { f.backlogFrom = to + 1 })
}

// Of one commit: at most so many mails and bytes.
const (
	chunkMails = 50
	chunkBytes = 8 << 20
)

// reading is what a fetch is about. The place up to which we have read never passes a mail that was not handed over.
type reading struct {
	want []imap.UID // not handed over yet, in order
	got  map[imap.UID]bool
	last imap.UID // everything up to it was handed over
}

func (r *reading) take(uid imap.UID) {
	r.got[uid] = true
	for len(r.want) > 0 && r.got[r.want[0]] {
		r.last, r.want = r.want[0], r.want[1:]
	}
}

// leftOut says which mail the server showed and kept to itself: it is asked again, on another connection.
func (r *reading) leftOut() error {
	if len(r.want) == 0 {
		return nil
	}
	return fmt.Errorf("fetch mail: the server shows %d and does not hand it over", r.want[0])
}

// fetch reads mails and stores them in chunks, oldest first. With each chunk the
// place up to which we have read is stored.
func (w *watcher) fetch(ctx context.Context, uids imap.UIDSet, backlog bool, above imap.UID, advance func(*folder, imap.UID), done func(*folder)) error {
	want, err := w.there(uids, above)
	if err != nil {
		return err
	}
	r := reading{want: want, got: map[imap.UID]bool{}, last: above}
	var chunk []arrival
	var size int
	var fresh, ours imap.UIDSet // read, and committed
	flush := func(final bool) error {
		ends := final && done != nil && len(r.want) == 0
		if len(chunk) == 0 && !ends {
			return nil
		}
		f := w.folder
		advance(&f, r.last)
		if ends {
			done(&f)
		}
		err := w.mail.store(ctx, chunk, func(tx *db.Tx) error {
			if err := w.rests(ctx, tx, false); err != nil { // there may be more, and who lost the mailbox stores nothing
				return err
			}
			return putFolder(ctx, tx, w.inbox, f)
		})
		if err != nil {
			return err
		}
		w.resting = false
		w.folder, chunk, size = f, nil, 0
		ours, fresh = append(ours, fresh...), nil
		return nil
	}
	err = w.each(want, func(a arrival, uid imap.UID) error {
		if uid <= above || a.raw == nil || r.got[uid] {
			return nil
		}
		a.backlog, a.History, a.moved = backlog, backlog && w.folder.history, backlog && w.folder.moved
		chunk, size = append(chunk, a), size+len(a.raw)
		r.take(uid)
		fresh.AddNum(uid)
		if len(chunk) < chunkMails && size < chunkBytes {
			return nil
		}
		return flush(false)
	})
	if err != nil {
		return err
	}
	if err := flush(true); err != nil {
		return err
	}
	return errors.Join(w.takeAway(ours), r.leftOut())
}

// each fetches mails from the first to the last of a list that is in order, and hands over each as it comes.
func (w *watcher) each(list []imap.UID, take func(arrival, imap.UID) error) error {
	if len(list) == 0 {
		return nil
	}
	var uids imap.UIDSet
	uids.AddRange(list[0], list[len(list)-1])
	cmd := w.client.Fetch(uids, &imap.FetchOptions{UID: true, InternalDate: true, Flags: true,
		BodySection: []*imap.FetchItemBodySection{{Peek: true}}})
	defer cmd.Close()
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		a, uid, err := w.readOne(msg)
		if err != nil {
			return err
		}
		if err := take(a, uid); err != nil {
			return err
		}
	}
	if err := cmd.Close(); err != nil {
		return fmt.Errorf("fetch mail: %w", err)
	}
	return nil
}

// maxMail is the largest mail that is taken. Of a larger one a byte more is read:
// that makes the parser refuse it, and a person sees it in the quarantine.
const maxMail = 64 << 20

func (w *watcher) readOne(msg *imapclient.FetchMessageData) (a arrival, uid imap.UID, err error) {
	a.Inbox = w.inbox
	for item := msg.Next(); item != nil; item = msg.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			uid = item.UID
		case imapclient.FetchItemDataInternalDate:
			a.ReceivedAt = item.Time
		case imapclient.FetchItemDataFlags:
			for _, f := range item.Flags {
				a.Seen = a.Seen || f == imap.FlagSeen
			}
		case imapclient.FetchItemDataBodySection:
			if item.Literal == nil {
				continue
			}
			if a.raw, err = io.ReadAll(io.LimitReader(item.Literal, maxMail+1)); err != nil {
				return a, uid, fmt.Errorf("fetch mail: %w", err)
			}
			if int64(len(a.raw)) < min(item.Literal.Size(), maxMail+1) {
				return a, uid, fmt.Errorf("fetch mail %d: %w", uid, io.ErrUnexpectedEOF)
			}
		}
	}
	if a.ReceivedAt.IsZero() {
		a.ReceivedAt = w.mail.db.Now()
	}
	a.Source = source(w.folder.name, w.folder.validity, uid)
	return a, uid, nil
}

func source(folder string, validity uint32, uid imap.UID) string {
	return "imap:" + folder + ":" + strconv.FormatUint(uint64(validity), 10) + ":" + strconv.FormatUint(uint64(uid), 10)
}

// prefixOf is the part of a source that names the mailbox and its UIDVALIDITY.
func prefixOf(source string) string {
	return source[:strings.LastIndexByte(source, ':')+1]
}

// wait returns when there is something to read.
func (w *watcher) wait(ctx context.Context) error {
	if w.client.Caps().Has(imap.CapIdle) {
		return w.idle(ctx)
	}
	if err := w.sleep(ctx, pollEvery); err != nil {
		return err
	}
	return w.client.Noop().Wait()
}

func (w *watcher) idle(ctx context.Context) error {
	cmd, err := w.client.Idle()
	if err != nil {
		return fmt.Errorf("idle: %w", err)
	}
	slept := w.sleep(ctx, netEvery)
	if err := cmd.Close(); err != nil {
		return errors.Join(slept, fmt.Errorf("end idle: %w", err))
	}
	if err := cmd.Wait(); err != nil {
		return errors.Join(slept, fmt.Errorf("end idle: %w", err))
	}
	return slept
}

func (w *watcher) sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-w.news:
	case <-t.C:
	case done := <-w.asks:
		w.asking = append(w.asking, done)
	case <-w.client.Closed():
		return errors.New("the server closed the connection")
	case <-ctx.Done():
		return ctx.Err()
	case <-w.kicked:
		return w.unlessChanged(ctx)
	}
	return nil
}

// unlessChanged tells a change of the settings from a kick that means nothing.
func (w *watcher) unlessChanged(ctx context.Context) error {
	var now Account
	var open bool
	err := w.mail.db.Read(ctx, func(tx *db.Tx) (err error) {
		in, err := inbox.Get(ctx, tx, w.inbox)
		if err != nil {
			return err
		}
		now, err = w.mail.Account(ctx, tx, w.inbox)
		open = in.Enabled
		return err
	})
	if err == nil && (!open || !now.ChangedAt.Equal(w.account.ChangedAt)) {
		return errChanged
	}
	return err
}
