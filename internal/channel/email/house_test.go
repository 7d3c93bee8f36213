package email

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/blob"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/kit/secret"
	"baraji/internal/team"
)

const shop, customer = "support@shop.example", "haram@solip.example"

// house is a desk with mail, on a clock that the test sets. Its jobs are done
// when the test says so.
type house struct {
	*dbtest.Desk
	t      testing.TB
	ctx    context.Context
	mail   *Mail
	jobs   *job.Runner
	events *event.Log
	blobs  *fragile
	in     inbox.Inbox
	n      int
}

// fragile is a file store that fails when told to.
type fragile struct {
	*blob.Folder
	fail func(content string) error
}

func newHouse(t testing.TB, desk *dbtest.Desk) *house {
	t.Helper()
	folder, err := blob.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	keys, err := secret.New([]byte("a key for tests, 32 bytes of it."))
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	h := &house{Desk: desk, t: t, ctx: team.AsSystem(t.Context()), blobs: &fragile{Folder: folder}}
	db.Attach(desk.DB, keys)
	h.jobs = job.NewRunner(desk.DB, log)
	events := event.NewLog(desk.DB, h.jobs)
	h.events = events
	h.mail = New(Parts{DB: desk.DB, Log: log, Keys: keys, Blobs: h.blobs, Dial: home(), Jobs: h.jobs})
	contact.Use(desk.DB, h.mail.Part(), conversation.Part())
	job.Handle(h.jobs, job.Kind{}, func(ctx context.Context, _ *job.Run, w conversation.Wake) error {
		return desk.Write(ctx, func(tx *db.Tx) error { return conversation.WakeUp(ctx, tx, w.Conversation) })
	})
	event.On(events, "deliver", func(ctx context.Context, tx *db.Tx, f conversation.Replied) error {
		return h.mail.OnReplied(team.AsSystem(ctx), tx, f)
	})
	event.On(events, "auto-reply", func(ctx context.Context, tx *db.Tx, f conversation.Received) error {
		return h.mail.OnReceived(team.AsSystem(ctx), tx, f)
	})
	h.in = h.inbox(shop)
	return h
}

func (h *house) write(fn func(tx *db.Tx) error) {
	h.t.Helper()
	if err := h.Write(h.ctx, fn); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) inbox(address string) (in inbox.Inbox) {
	h.t.Helper()
	h.write(func(tx *db.Tx) (err error) {
		in, err = inbox.Create(h.ctx, tx, inbox.Inbox{Name: "달빛상점", Channel: "email", Address: address, Language: "en"})
		return err
	})
	return in
}

// autoReply gives an inbox a text to answer with by itself.
func (h *house) autoReply(in inbox.Inbox) {
	h.t.Helper()
	h.write(func(tx *db.Tx) error {
		for _, language := range []string{"en", "ko"} {
			if err := inbox.SetText(h.ctx, tx, in.ID, inbox.AutoReply, language, "Hello {name}, we have your mail."); err != nil {
				return err
			}
		}
		return nil
	})
}

// sendTo makes an inbox send through a server.
func (h *house) sendTo(in inbox.Inbox, addr string) {
	h.t.Helper()
	h.write(func(tx *db.Tx) error {
		a, err := h.mail.Account(h.ctx, tx, in.ID)
		if err != nil {
			return err
		}
		a.SMTP = plainServer(addr, "", "")
		return h.mail.SetAccount(h.ctx, tx, a)
	})
}

func plainServer(addr, user, password string) Server {
	host, port, _ := net.SplitHostPort(addr)
	n, _ := strconv.Atoi(port)
	return Server{Host: host, Port: n, Username: user, Password: password, Security: Plain}
}

// drain does all that is due; failures are what tests look at, so they are only logged.
func (h *house) drain() {
	h.t.Helper()
	if err := h.jobs.Drain(h.ctx); err != nil && h.ctx.Err() != nil {
		h.t.Fatal(err)
	}
}

// store hands a mail in as a server does, without dealing with it.
func (h *house) store(in inbox.Inbox, from, raw string) ItemID {
	h.t.Helper()
	h.n++
	source := fmt.Sprintf("test:%d", h.n)
	err := h.mail.store(h.ctx, []arrival{{raw: []byte(raw), Item: Item{Inbox: in.ID, Source: source, EnvelopeFrom: from, ReceivedAt: h.Now()}}}, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	return readOne[ItemID](h, `SELECT id FROM email_item WHERE inbox_id = $1 AND source = $2`, in.ID, source)
}

// take hands a mail in and deals with it.
func (h *house) take(in inbox.Inbox, from, raw string) Item {
	h.t.Helper()
	id := h.store(in, from, raw)
	h.drain()
	return h.item(id)
}

func (h *house) item(id ItemID) (i Item) {
	h.t.Helper()
	if err := h.Read(h.ctx, func(tx *db.Tx) (err error) { i, err = getItem(h.ctx, tx, id); return err }); err != nil {
		h.t.Fatal(err)
	}
	return i
}

// of is the conversation that a mail became part of.
func (h *house) of(i Item) (c conversation.Conversation) {
	h.t.Helper()
	if i.Message == 0 {
		h.t.Fatalf("%s is no message: %s %s %s", i.ID, i.State, i.Reason, i.Error)
	}
	err := h.Read(h.ctx, func(tx *db.Tx) error {
		id, err := conversation.OfMessage(h.ctx, tx, i.Message)
		if err == nil {
			c, err = conversation.Get(h.ctx, tx, id)
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

func (h *house) message(id conversation.MessageID) (m conversation.Message) {
	h.t.Helper()
	if err := h.Read(h.ctx, func(tx *db.Tx) (err error) { m, err = conversation.GetMessage(h.ctx, tx, id); return err }); err != nil {
		h.t.Fatal(err)
	}
	return m
}

func (h *house) relatedTo(id conversation.ID) (list []conversation.ID) {
	h.t.Helper()
	err := h.Read(h.ctx, func(tx *db.Tx) error {
		all, err := conversation.Relations(h.ctx, tx, id)
		for _, r := range all {
			list = append(list, r.ID)
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return list
}

// reply answers a conversation and says with which Message-ID.
func (h *house) reply(id conversation.ID, a conversation.Answer) (conversation.Message, string) {
	h.t.Helper()
	var m conversation.Message
	if a.Text == "" {
		a.Text = "On its way."
	}
	h.write(func(tx *db.Tx) (err error) { m, err = conversation.Reply(h.ctx, tx, id, a); return err })
	h.drain()
	return m, signedID(h.mail.keys, m.ID, "shop.example")
}

func readOne[T any](h *house, query string, args ...any) (v T) {
	h.t.Helper()
	if err := h.Read(h.ctx, func(tx *db.Tx) (err error) { v, err = db.Value[T](h.ctx, tx, query, args...); return err }); err != nil {
		h.t.Fatalf("%s: %v", query, err)
	}
	return v
}

func (h *house) count(query string, args ...any) int {
	h.t.Helper()
	return readOne[int](h, query, args...)
}

// letterOf writes a mail: header lines as pairs, then the body.
func letterOf(from, subject, body string, header ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "From: %s\r\nTo: %s\r\nSubject: %s\r\n", from, shop, subject)
	for i := 0; i+1 < len(header); i += 2 {
		fmt.Fprintf(&b, "%s: %s\r\n", header[i], header[i+1])
	}
	return b.String() + "\r\n" + body + "\r\n"
}

// eventually waits until ok, at most half a minute.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(40 * time.Second); time.Now().Before(end); <-tick.C {
		if ok() {
			return
		}
	}
	t.Fatalf("waited in vain: %s", what)
}

func (f *fragile) Put(ctx context.Context, r io.Reader) (blob.File, error) {
	if f.fail == nil {
		return f.Folder.Put(ctx, r)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		return blob.File{}, err
	}
	if err := f.fail(string(b)); err != nil {
		return blob.File{}, err
	}
	return f.Folder.Put(ctx, bytes.NewReader(b))
}
