package email

import (
	"context"
	"crypto/x509"
	"log/slog"
	"sync"
	"time"

	"baraji/internal/inbox"
	"baraji/internal/kit/blob"
	"baraji/internal/kit/db"
	"baraji/internal/kit/dial"
	"baraji/internal/kit/job"
	"baraji/internal/kit/room"
	"baraji/internal/kit/secret"
)

// Mail is the channel: what its jobs and its server need.
type Mail struct {
	db    *db.DB
	log   *slog.Logger
	keys  *secret.Keys
	blobs blob.Store
	dial  *dial.Dialer
	room  *room.Room
	roots *x509.CertPool

	mu    sync.Mutex
	kicks map[inbox.ID]chan struct{} // wake the watcher of an inbox in this process
	asks  asksOf
}

// Parts are what New needs.
type Parts struct {
	DB    *db.DB
	Log   *slog.Logger
	Keys  *secret.Keys
	Blobs blob.Store
	Dial  *dial.Dialer   // for mail servers
	Roots *x509.CertPool // who vouches for mail servers; nil: whom the system trusts
	Jobs  *job.Runner
	Room  *room.Room // nil: without end
}

// New makes the channel and takes over its jobs.
func New(p Parts) *Mail {
	m := &Mail{db: p.DB, log: p.Log, keys: p.Keys, blobs: p.Blobs, dial: p.Dial, room: p.Room, roots: p.Roots, kicks: map[inbox.ID]chan struct{}{}, asks: asksOf{}}
	// What fails here is not the mail's fault: the disk is full, the database or the
	// mail server away. That is tried for ever; a mail's own tries are counted in its row.
	in := job.Kind{Pool: "mail in", Tries: forEver, Wait: 3 * time.Second, Most: time.Minute, Limit: 5 * time.Minute}
	job.Handle(p.Jobs, in, m.take)
	in.Pool = "mail backlog"
	job.Handle(p.Jobs, in, m.takeOld)
	job.Handle(p.Jobs, job.Kind{Pool: "mail out", Tries: forEver, Wait: 2 * time.Second, Limit: 20 * time.Minute}, m.send)
	job.Handle(p.Jobs, job.Kind{Pool: "mail watch", Tries: forEver, Wait: time.Second, Most: 5 * time.Minute, Limit: -1, Standing: true}, m.watch)
	job.Every(p.Jobs, "email.forget", job.Kind{}, job.Interval(6*time.Hour), func(ctx context.Context, _ *job.Run) error {
		return m.db.Write(ctx, func(tx *db.Tx) error { return ForgetAutoSent(ctx, tx) })
	})
	p.Jobs.Size("mail in", 2)
	p.Jobs.Size("mail backlog", 1)
	p.Jobs.Size("mail out", 8)
	p.Jobs.Size("mail watch", 500)
	return m
}

const forEver = 1 << 30

// Watch makes sure, as part of tx, that the mailbox of an inbox is read by some
// node, with the settings of now.
func (m *Mail) Watch(ctx context.Context, tx *db.Tx, id inbox.ID) error {
	tx.After(func() { m.kick(id) })
	return job.Add(ctx, tx, watch{id}, job.Options{Lane: id.String(), Key: "email.watch/" + id.String()})
}

// Begin makes sure that the mailboxes of all open inboxes are read.
func (m *Mail) Begin(ctx context.Context) error {
	return m.db.Write(ctx, func(tx *db.Tx) error {
		all, err := inbox.List(ctx, tx)
		if err != nil {
			return err
		}
		for _, in := range all {
			if in.Channel != "email" || !in.Enabled {
				continue
			}
			if err := m.Watch(ctx, tx, in.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// kicked is the channel that wakes the watcher of an inbox.
func (m *Mail) kicked(id inbox.ID) chan struct{} {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.kicks[id]
	if c == nil {
		c = make(chan struct{}, 1)
		m.kicks[id] = c
	}
	return c
}

func (m *Mail) kick(id inbox.ID) {
	select {
	case m.kicked(id) <- struct{}{}:
	default:
	}
}
