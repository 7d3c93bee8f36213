// Package live tells open pages what changed, as server-sent events.
//
// The hub reads the log (kit/event) behind the place where it was, each time it
// is told that there is more, makes notes of what it reads, and gives each note
// to the streams that follow one of its topics and may know of it. A note says
// only that something changed: the page fetches it again and sees what it may.
//
// A stream that reads too slowly, or comes back after a long time, gets a resync
// instead: fetch everything. What was committed in this process is told at once
// (Soon), and what passes, such as that somebody types, only then (Pass). So nothing is ever kept for a stream but a short
// queue, and a restart loses nothing: the browser says where it was.
package live

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
)

// Note is something that changed.
type Note struct {
	Seq    int64    // its place in the log; 0: it has none, or none yet
	Event  event.ID // what it tells of; 0: of nothing that stays
	Topics []string
	Kind   string // what the page hears; "": a change
	// Seen says whether whoever acts in ctx may know of it; nil: everybody.
	Seen func(ctx context.Context) bool
}

// Hub spreads notes.
type Hub struct {
	Beat time.Duration // how often a stream shows that it lives; it belongs to setting up

	db    *db.DB
	notes func(context.Context, *db.Tx, []event.Event) ([]Note, error)

	woke  chan struct{}
	fresh chan []event.Event
	mu    sync.Mutex
	subs  map[*stream]bool
	seq   int64              // read up to here
	tick  int64              // counts what was told early, and streams
	early map[event.ID]int64 // told before they had their place in the log, and when
}

// New makes a Hub. notes turns events into notes; it is asked once for each
// event, however many streams there are.
func New(d *db.DB, notes func(context.Context, *db.Tx, []event.Event) ([]Note, error)) *Hub {
	return &Hub{Beat: beat, db: d, notes: notes, woke: make(chan struct{}, 1), fresh: make(chan []event.Event, 256), subs: map[*stream]bool{}, seq: -1, early: map[event.ID]int64{}}
}

// Tell says that the log has grown. It never blocks.
func (h *Hub) Tell() {
	select {
	case h.woke <- struct{}{}:
	default:
	}
}

// Soon says what was committed in this process a moment ago, so that open pages hear of it before
// it has its place in the log. It never blocks; what it drops is told when the log has it.
func (h *Hub) Soon(events []event.Event) {
	select {
	case h.fresh <- events:
	default:
	}
}

// Pass tells who listens now of something that passes, and stands in no log.
func (h *Hub) Pass(n Note) {
	for _, s := range h.streams() {
		s.give(&n)
	}
}

// queue is how many notes may wait for one stream.
const queue = 64

// batch is how many events are read at once, and how far back a stream resumes.
const batch = 500

type stream struct {
	born   int64
	ctx    context.Context
	topics map[string]bool
	notes  chan *Note
	lost   chan struct{} // closed when notes were dropped
	once   sync.Once
}

// Run reads and spreads until ctx ends. While nobody listens nothing is read.
func (h *Hub) Run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case events := <-h.fresh:
			h.soon(ctx, events)
			continue
		case <-h.woke:
		}
		if err := h.spread(ctx); err != nil && ctx.Err() == nil {
			time.AfterFunc(time.Second, h.Tell)
		}
	}
}

// soon tells of events, with all that waits beside them.
func (h *Hub) soon(ctx context.Context, events []event.Event) {
	for more := true; more; {
		select {
		case next := <-h.fresh:
			events = append(events[:len(events):len(events)], next...)
		default:
			more = false
		}
	}
	if h.Listeners() == 0 {
		return
	}
	var notes []Note
	err := h.db.Read(ctx, func(tx *db.Tx) (err error) { notes, err = h.notes(ctx, tx, events); return err })
	if err != nil {
		return // the log tells it
	}
	h.mu.Lock()
	h.tick++
	if len(h.early) > mostEarly {
		clear(h.early)
	}
	for _, e := range events {
		h.early[e.ID] = h.tick
	}
	h.mu.Unlock()
	for _, n := range notes {
		n.Seq = 0
		h.Pass(n)
	}
}

// mostEarly bounds what is remembered of what was told early; what is forgotten is told twice.
const mostEarly = 10_000

func (h *Hub) streams() []*stream {
	h.mu.Lock()
	defer h.mu.Unlock()
	subs := make([]*stream, 0, len(h.subs))
	for s := range h.subs {
		subs = append(subs, s)
	}
	return subs
}

func (h *Hub) spread(ctx context.Context) error {
	for len(h.fresh) > 0 { // what is new goes before what the log has of it
		h.soon(ctx, <-h.fresh)
	}
	for {
		h.mu.Lock()
		from, listeners := h.seq, len(h.subs)
		if listeners == 0 {
			clear(h.early)
		}
		h.mu.Unlock()
		if listeners == 0 {
			return nil
		}
		notes, last, n, err := h.read(ctx, from)
		if err != nil {
			return err
		}
		h.mu.Lock()
		h.seq = last
		told := make([]int64, len(notes))
		for i, note := range notes {
			told[i] = h.early[note.Event]
			delete(h.early, note.Event)
		}
		h.mu.Unlock()
		subs := h.streams()
		for i, note := range notes {
			known := note
			known.Kind = place
			for _, s := range subs {
				if s.born < told[i] {
					s.give(&known) // it has heard of it, and learns where to go on
				} else {
					s.give(&note)
				}
			}
		}
		if n < batch {
			return nil
		}
	}
}

func (h *Hub) read(ctx context.Context, from int64) (notes []Note, last int64, n int, err error) {
	last = from
	err = h.db.Read(ctx, func(tx *db.Tx) error {
		events, err := event.After(ctx, tx, from, batch)
		if err != nil {
			return err
		}
		if n = len(events); n > 0 {
			last = events[n-1].Seq
		}
		notes, err = h.notes(ctx, tx, events)
		return err
	})
	return notes, last, n, err
}

func (s *stream) wants(n *Note) bool {
	for _, t := range n.Topics {
		if s.topics[t] {
			return n.Seen == nil || n.Seen(s.ctx)
		}
	}
	return false
}

func (s *stream) give(n *Note) {
	if !s.wants(n) {
		return
	}
	select {
	case s.notes <- n:
	default:
		s.once.Do(func() { close(s.lost) })
	}
}

// follow adds a stream, from behind a place in the log (0: from now), and
// returns what it missed; resync says that it missed too much to tell.
func (h *Hub) follow(ctx context.Context, s *stream, since int64) (missed []Note, resync bool, err error) {
	var last int64
	err = Apart(func() error {
		return h.db.Read(ctx, func(tx *db.Tx) (err error) {
			last, err = event.Last(ctx, tx)
			return err
		})
	})
	if err != nil {
		return nil, false, err
	}
	h.mu.Lock()
	if len(h.subs) == 0 || h.seq < 0 {
		h.seq = last // nobody listened: what was before is none of the hub's business
	}
	from := h.seq
	h.tick++
	s.born = h.tick
	h.subs[s] = true
	h.mu.Unlock()
	switch {
	case since <= 0 || since >= from:
		return nil, false, nil
	case from-since > batch:
		return nil, true, nil
	}
	var notes []Note
	err = Apart(func() (err error) { notes, _, _, err = h.read(ctx, since); return err })
	for _, n := range notes {
		if n.Seq <= from && s.wants(&n) {
			missed = append(missed, n)
		}
	}
	return missed, false, err
}

func (h *Hub) leave(s *stream) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.subs, s)
}

// Listeners says how many streams are open.
func (h *Hub) Listeners() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.subs)
}

// beat is how often a stream is written to although nothing happens, so that
// proxies keep it open and a browser that is gone is noticed.
const beat = 20 * time.Second

// Serve writes a stream to a browser until it goes away, ctx (of the program)
// ends, or still says that whoever acts may no longer listen. still is asked
// with each beat and may be nil.
func (h *Hub) Serve(w http.ResponseWriter, r *http.Request, topics []string, since int64, still func(context.Context) bool) {
	s := &stream{ctx: r.Context(), topics: map[string]bool{}, notes: make(chan *Note, queue), lost: make(chan struct{})}
	for _, t := range topics {
		s.topics[t] = true
	}
	missed, resync, err := h.follow(r.Context(), s, since)
	defer h.leave(s)
	if err != nil {
		http.Error(w, "try again later", http.StatusServiceUnavailable)
		return
	}
	h.Tell()
	out := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	say := func(text string) bool {
		out.SetWriteDeadline(time.Now().Add(30 * time.Second))
		if _, err := fmt.Fprint(w, text); err != nil {
			return false
		}
		return out.Flush() == nil
	}
	// A second after a break it comes back: a restart takes no longer.
	if !say(": hello\nretry: 1000\n\n") || resync && !say("event: resync\ndata: {}\n\n") {
		return
	}
	for _, n := range missed {
		if !say(s.text(&n)) {
			return
		}
	}
	h.pump(r.Context(), s, say, still)
}

func (h *Hub) pump(ctx context.Context, s *stream, say func(string) bool, still func(context.Context) bool) {
	t := time.NewTicker(h.Beat)
	defer t.Stop()
	for {
		ok := true
		select {
		case n := <-s.notes:
			ok = say(s.text(n))
		case <-s.lost:
			say("event: resync\ndata: {}\n\n") // it comes back by itself, from here
			return
		case <-t.C:
			ok = (still == nil || Apart(func() error { return errUnless(still(ctx)) }) == nil) && say(": beat\n\n")
		case <-ctx.Done():
			return
		}
		if !ok {
			return
		}
	}
}

// Apart runs fn on a stack of its own and waits. A stream lives for hours, and the stack that a goroutine once needed to ask the
// database stays with it: 2,000 streams would hold tens of megabytes of nothing.
func Apart(fn func() error) error {
	done := make(chan error, 1)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				done <- fmt.Errorf("panic: %v", r)
			}
		}()
		done <- fn()
	}()
	return <-done
}

var errOver = errors.New("live: whoever listens may not any more")

func errUnless(ok bool) error {
	if ok {
		return nil
	}
	return errOver
}

// place is the kind of a note that says nothing but how far the log has come.
const place = "place"

// text is a note as the browser reads it: one message for each topic it follows.
func (s *stream) text(n *Note) string {
	at := ""
	if n.Seq > 0 {
		at = fmt.Sprintf("id: %d\n", n.Seq)
	}
	if n.Kind == place {
		return at + "\n"
	}
	text := ""
	for _, t := range n.Topics {
		if s.topics[t] {
			text += fmt.Sprintf("%sevent: %s\ndata: {\"topic\":%q}\n\n", at, cmp.Or(n.Kind, "change"), t)
		}
	}
	return text
}
