// Package wake carries hints between the nodes that share a database: "there is
// work", "the log has grown". A hint may be lost: whoever waits for one also
// looks by himself now and then. The database stays the truth.
package wake

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/nats-io/nats.go"
)

// Bus carries hints to the other nodes.
type Bus interface {
	// Send tells the other nodes of a topic. It does not block and may drop.
	Send(topic string)
	// Run passes hints on, in both directions, until ctx ends.
	Run(ctx context.Context, heard func(topic string)) error
}

// gather is how long hints are gathered, so that a thousand commits a second are
// not a thousand hints.
const gather = 15 * time.Millisecond

// outbox gathers topics to send.
type outbox struct {
	mu     sync.Mutex
	topics map[string]bool
	more   chan struct{}
}

func newOutbox() *outbox { return &outbox{topics: map[string]bool{}, more: make(chan struct{}, 1)} }

// Send notes a topic.
func (o *outbox) Send(topic string) {
	o.mu.Lock()
	o.topics[topic] = true
	o.mu.Unlock()
	select {
	case o.more <- struct{}{}:
	default:
	}
}

func (o *outbox) take() (list []string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for t := range o.topics {
		list = append(list, t)
	}
	clear(o.topics)
	return list
}

// each calls fn with what was gathered until ctx ends.
func (o *outbox) each(ctx context.Context, fn func(string)) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-o.more:
		}
		time.Sleep(gather)
		for _, t := range o.take() {
			fn(t)
		}
	}
}

// Postgres is a bus over the database itself (LISTEN and NOTIFY), on two
// connections of its own.
type Postgres struct {
	*outbox
	url string
	log *slog.Logger
	me  string
}

// NewPostgres makes a bus over the database at url. me tells this node's own
// hints from those of others.
func NewPostgres(url, me string, log *slog.Logger) *Postgres {
	return &Postgres{newOutbox(), url, log, me}
}

const channel = "baraji_wake"

// Run connects, and again when the line breaks.
func (p *Postgres) Run(ctx context.Context, heard func(string)) error {
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(func() { p.send(ctx) })
	for ctx.Err() == nil {
		err := p.listen(ctx, heard)
		if ctx.Err() != nil {
			return nil
		}
		p.log.Warn("hints from other nodes are interrupted", "error", err)
		pause(ctx, time.Second)
	}
	return nil
}

func (p *Postgres) listen(ctx context.Context, heard func(string)) error {
	conn, err := pgx.Connect(ctx, p.url)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, "LISTEN "+channel); err != nil {
		return err
	}
	heard("*") // whatever was missed while nobody listened
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		if from, topic, ok := strings.Cut(n.Payload, " "); ok && from != p.me {
			heard(topic)
		}
	}
}

func (p *Postgres) send(ctx context.Context) {
	var conn *pgx.Conn
	defer func() {
		if conn != nil {
			conn.Close(context.WithoutCancel(ctx))
		}
	}()
	p.each(ctx, func(topic string) {
		var err error
		if conn == nil || conn.IsClosed() {
			if conn, err = pgx.Connect(ctx, p.url); err != nil {
				conn = nil
				return // the others look by themselves
			}
		}
		if _, err := conn.Exec(ctx, `SELECT pg_notify($1, $2)`, channel, p.me+" "+topic); err != nil {
			conn.Close(ctx)
			conn = nil
		}
	})
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// NATS is a bus over a NATS cluster.
type NATS struct {
	*outbox
	url string
	me  string
	log *slog.Logger
}

// NewNATS makes a bus over the NATS servers at url (several with commas).
func NewNATS(url, me string, log *slog.Logger) *NATS { return &NATS{newOutbox(), url, me, log} }

const subject = "baraji.wake"

// Run connects, and again when the line breaks; NATS being away stops nothing.
func (n *NATS) Run(ctx context.Context, heard func(string)) error {
	conn, err := nats.Connect(n.url, nats.RetryOnFailedConnect(true), nats.MaxReconnects(-1), nats.ReconnectWait(time.Second),
		nats.NoEcho(), nats.Name("baraji "+n.me),
		nats.ReconnectHandler(func(*nats.Conn) { heard("*") }),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				n.log.Warn("NATS is away", "error", err)
			}
		}))
	if err != nil {
		return fmt.Errorf("connect to NATS: %w", err)
	}
	defer conn.Close()
	if _, err := conn.Subscribe(subject, func(m *nats.Msg) { heard(string(m.Data)) }); err != nil {
		return fmt.Errorf("listen on NATS: %w", err)
	}
	n.each(ctx, func(topic string) { conn.Publish(subject, []byte(topic)) })
	return nil
}
