package faults

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	mrand "math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"baraji/test/rig"
	"baraji/test/rig/nats"
)

// T04: several nodes on one PostgreSQL. Mail comes in, answers go out and timers
// end while nodes are killed and the database is restarted under them; a page that
// is open on one node shows what happens on another.
func TestT04Nodes(t *testing.T) {
	if !slices.Contains(rig.Engines(t), "postgres") {
		t.Skip("several nodes need PostgreSQL")
	}
	rig.Need(t, "dovecot")
	// Side by side: most of the time is spent waiting for the leases of the dead.
	t.Run("alone", func(t *testing.T) { t.Parallel(); severalNodes(t, "") })
	t.Run("nats", func(t *testing.T) { t.Parallel(); severalNodes(t, nats.Start(t).URL) })
}

func severalNodes(t *testing.T, hints string) {
	pg := rig.OwnPostgres(t, rig.PGSetup{Fsync: true})
	database, files := pg.Database(t), t.TempDir()
	dovecot := rig.Dovecot(t, shop)
	sink := rig.Sink(t, rig.SinkSetup{Delay: func() time.Duration { return mrand.N(100 * time.Millisecond) }})
	c := &cluster{ended: make(chan struct{})}
	for range rig.Size(2, 4) {
		one := rig.Setup{Database: database, NATS: hints, Env: []string{"BARAJI_BLOB=" + files}}
		if len(c.nodes) > 0 {
			one.Token = c.nodes[0].Token() // an Idempotency-Key is that of a token, whichever node it is told
		}
		c.nodes = append(c.nodes, rig.ProgramWith(t, one))
	}
	d := open(t, c.nodes[0], dovecot.IMAP, sink.Addr)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute)
	defer cancel()
	pages := follow(t, ctx, c)

	var all sync.WaitGroup
	sent, wanted, woken := map[string]bool{}, map[string]string{}, map[string]bool{}
	all.Go(func() { c.mails(t, dovecot, rig.Size(400, 5000), sent) })
	all.Go(func() { c.replies(t, ctx, d.inbox, rig.Size(150, 2000), wanted) })
	all.Go(func() { c.timers(t, ctx, d.inbox, rig.Size(100, 1000), woken) })
	killed := make(chan int, 1)
	go func() { killed <- c.killing(t, pg, rig.Size(1, 2)) }()
	storm := make(chan []time.Duration, 1)
	go func() { storm <- pages.measure(ctx, 1<<30, c.ended) }()
	stuck := make(chan time.Duration, 1)
	go func() { stuck <- c.orphaned(ctx, t, database) }()
	all.Wait()
	close(c.ended)
	kills, inStorm := <-killed, <-storm
	for _, n := range c.nodes {
		n.WaitReady()
	}
	c.nodes[0].WaitDrained(time.Duration(rig.Size(2, 15)) * time.Minute)
	c.waitWoken(t, woken)
	calm := pages.measure(ctx, 100, nil)
	c.done.Store(true)
	longest := <-stuck

	p := c.nodes[0]
	lost, doubled, changed := arrived(t, p, dovecot, sent)
	misfiled := len(heldIn(t, p))
	lostOut, doubledOut, unconfirmed, shown := left(t, p, sink, wanted)
	never, often := c.fired(t, woken)
	fmt.Printf("T04 %s: %d nodes, %d kills, %d restarts of the database; %d mails: %d lost, %d doubled, %d misfiled, %d with other bytes; "+
		"%d answers: %d lost, %d doubled, %d not arrived and shown so, %d shown as unconfirmed; %d timers: %d never, %d more than once; "+
		"work of the dead lay at most %.0f s\n  live pages, in the storm: %s; afterwards: %s\n",
		t.Name(), len(c.nodes), kills, rig.Size(1, 2), len(sent), lost, doubled, misfiled, changed,
		len(wanted), lostOut, doubledOut, unconfirmed, shown, len(woken), never, often, longest.Seconds(), spread(inStorm), spread(calm))
	if lost+doubled+misfiled+changed+lostOut+doubledOut+never+often > 0 || unconfirmed > kills+1 || longest > time.Minute || quantile(calm, 0.95) > 2*time.Second {
		t.Error("see above")
	}
	for _, n := range c.nodes {
		n.Term()
	}
	inOrder(t, p)
}

// cluster is the program on several nodes.
type cluster struct {
	nodes []*rig.Running
	epoch atomic.Int64 // counts deaths, of nodes and of the database
	ended chan struct{}
	done  atomic.Bool
}

// any repeats a request at one node after the other until one answers it.
func (c *cluster) any(ctx context.Context, method, path string, body any) (rig.APIAnswer, error) {
	h := http.Header{}
	if method == "POST" {
		h.Set("Idempotency-Key", rand.Text())
	}
	for i := mrand.IntN(len(c.nodes)); ; i++ {
		once, cancel := context.WithTimeout(ctx, 15*time.Second)
		a, err := c.nodes[i%len(c.nodes)].TryAPI(once, method, path, body, h)
		cancel()
		if err == nil && a.Status < 500 {
			return a, nil
		}
		select {
		case <-ctx.Done():
			return a, fmt.Errorf("%s %s: %d %s %w", method, path, a.Status, a.Body, err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (c *cluster) mails(t *testing.T, dovecot *rig.MailServer, n int, sent map[string]bool) {
	for range n {
		x := nonce()
		sent[x] = true
		if err := dovecot.TryDeliver("kim@customer.example", shop, letter(x)); err != nil {
			t.Error(err)
			return
		}
		time.Sleep(mrand.N(20 * time.Millisecond)) // it shall take as long as the kills
	}
}

// talk opens a conversation.
func (c *cluster) talk(ctx context.Context, inbox, subject, from string) (string, error) {
	a, err := c.any(ctx, "POST", "/conversations", map[string]any{"inbox": inbox, "subject": subject, "text": "Where is my lamp?",
		"from": map[string]any{"name": "Ann", "email": from}})
	var made conversation
	if err == nil && (a.Status != 201 || a.Into(&made) != nil) {
		err = fmt.Errorf("POST /conversations: %d %s", a.Status, a.Body)
	}
	return made.ID, err
}

func (c *cluster) replies(t *testing.T, ctx context.Context, inbox string, n int, wanted map[string]string) {
	for i := range n {
		x := nonce()
		id, err := c.talk(ctx, inbox, x, fmt.Sprintf("ann%d@customer.example", i))
		if err != nil {
			t.Error(err)
			return
		}
		a, err := c.any(ctx, "POST", "/conversations/"+id+"/messages", map[string]any{"kind": "reply", "text": "It is on its way: " + x})
		if err != nil || a.Status != 201 {
			t.Errorf("reply: %v %d %s", err, a.Status, a.Body)
			return
		}
		wanted[x] = id
	}
}

// timers puts conversations to sleep for a few seconds.
func (c *cluster) timers(t *testing.T, ctx context.Context, inbox string, n int, woken map[string]bool) {
	for i := range n {
		id, err := c.talk(ctx, inbox, "sleeps", fmt.Sprintf("bob%d@customer.example", i))
		if err != nil {
			t.Error(err)
			return
		}
		until := time.Now().Add(5*time.Second + mrand.N(15*time.Second)).UTC().Truncate(time.Millisecond)
		a, err := c.any(ctx, "PATCH", "/conversations/"+id, map[string]any{"status": "snoozed", "snoozed_until": until})
		if err != nil || a.Status != 200 && time.Now().Before(until) {
			t.Errorf("snooze: %v %d %s", err, a.Status, a.Body)
			return
		}
		woken[id] = true
	}
}

// killing ends a node every few seconds, and the database in between, as long as
// there is something to do.
func (c *cluster) killing(t *testing.T, pg *rig.PG, restarts int) (kills int) {
	for {
		select {
		case <-c.ended:
			if restarts == 0 && kills > 1 {
				return kills
			}
		case <-time.After(1500*time.Millisecond + mrand.N(2500*time.Millisecond)):
		}
		c.epoch.Add(1)
		if restarts > 0 && kills >= 2 {
			pg.Restart(t)
			c.epoch.Add(1)
			restarts--
			continue
		}
		n := c.nodes[mrand.IntN(len(c.nodes))]
		n.Kill()
		n.Start()
		c.epoch.Add(1)
		kills++
	}
}

// orphaned is the longest time that work stood still because the node that had it
// died: from the death to when another took it, at most (the dead one may have renewed
// its lease just before). How long work waits for its turn is the machine's speed.
func (c *cluster) orphaned(ctx context.Context, t *testing.T, url string) (most time.Duration) {
	pool, err := pgxpool.New(ctx, url)
	if err != nil {
		t.Error(err)
		return 0
	}
	defer pool.Close()
	for ; !c.done.Load() && ctx.Err() == nil; time.Sleep(250 * time.Millisecond) {
		var until *int64
		err := pool.QueryRow(ctx, `SELECT MIN(lease_until) FROM job_lane WHERE lease_until BETWEEN 1 AND $1`, time.Now().UnixMilli()).Scan(&until)
		if err == nil && until != nil { // else the database restarts
			most = max(most, time.Since(time.UnixMilli(*until))+lease)
		}
	}
	return most
}

// lease is how long a node has what it took without saying so again.
const lease = 15 * time.Second

// waitWoken waits until no timer is left.
func (c *cluster) waitWoken(t *testing.T, woken map[string]bool) {
	t.Helper()
	for end := time.Now().Add(90 * time.Second); ; time.Sleep(200 * time.Millisecond) {
		if len(pages[conversation](t, c.nodes[0], "/conversations?status=snoozed")) == 0 {
			return
		}
		if time.Now().After(end) {
			return // fired counts them
		}
	}
}

// fired counts timers that did not end, or more than once, by what the log says.
func (c *cluster) fired(t *testing.T, woken map[string]bool) (never, often int) {
	t.Helper()
	times := map[string]int{}
	for _, e := range pages[struct {
		Subject string
		Body    json.RawMessage
	}](t, c.nodes[0], "/events?kind=conversation.status_set") {
		if strings.Contains(string(e.Body), `"to":"open"`) {
			times[e.Subject]++
		}
	}
	for id := range woken {
		switch n := times[id]; {
		case n == 0:
			never++
		case n > 1:
			often++
		}
	}
	return never, often
}

func heldIn(t *testing.T, p *rig.Running) []heldMail {
	t.Helper()
	return pages[heldMail](t, p, "/quarantine")
}
