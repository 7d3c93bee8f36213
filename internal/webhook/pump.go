package webhook

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
)

// pump is the job of sending what waits for one endpoint.
type pump struct {
	Endpoint ID `json:"endpoint"`
}

func (pump) JobKind() string { return "webhook.send" }

const (
	// width is how many deliveries an endpoint gets at once; one that only fails gets one.
	width = 4
	// only is so many failures in a row that an endpoint counts as one that only fails.
	only = 5
	// turn is how long one run goes on.
	turn = 2 * time.Second
)

// parcel is one delivery with what is sent.
type parcel struct {
	id      DeliveryID
	subject string
	trial   bool
	tries   int
	first   time.Time
	event   event.Event
}

// round is one run of an endpoint's job: a few senders that take from one list.
type round struct {
	*Hooks
	id  ID
	end time.Time

	mu     sync.Mutex
	to     Endpoint
	keys   [][]byte
	list   []parcel
	inHand map[string]bool // subjects
	sent   bool
	err    error
}

// pump sends what is due, and then sleeps until something is.
func (s *Hooks) pump(ctx context.Context, run *job.Run, j pump) error {
	r := &round{Hooks: s, id: j.Endpoint, end: s.DB.Now().Add(turn), inHand: map[string]bool{}}
	var wg sync.WaitGroup
	for range width {
		wg.Go(func() { r.work(ctx) })
	}
	wg.Wait()
	if r.sent {
		s.Wake() // there may be room again
	}
	if r.err != nil {
		return r.err
	}
	return s.next(ctx, run, j)
}

// next ends the run, or says when the next one is.
func (s *Hooks) next(ctx context.Context, run *job.Run, j pump) error {
	var later time.Time
	err := s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		later = time.Time{}
		e, err := db.One(ctx, tx, scan, `SELECT `+columns+` FROM webhook WHERE id = $1`, j.Endpoint)
		if errors.Is(err, db.ErrNoRow) {
			return run.Finish(ctx, tx)
		}
		if err != nil {
			return err
		}
		err = db.Each(ctx, tx, func(r db.Row) error { return r.Scan(db.Time(&later)) }, `SELECT next_at FROM webhook_delivery w WHERE `+heads(e)+` ORDER BY next_at`+db.Limit(1), e.ID)
		if err != nil {
			return err
		}
		if later.IsZero() {
			return run.Finish(ctx, tx)
		}
		if e.PauseUntil.After(later) {
			later = e.PauseUntil
		}
		return nil
	})
	if err == nil && !later.IsZero() {
		return job.Later(later)
	}
	return err
}

// heads are the deliveries that stand first of their subject; of an endpoint that is off only trials.
func heads(e Endpoint) string {
	trial := ` AND w.trial`
	if e.State == On {
		trial = ``
	}
	return `w.webhook_id = $1 AND w.state = 'waiting'` + trial + ` AND (w.trial OR NOT EXISTS (
		SELECT 1 FROM webhook_delivery f WHERE f.webhook_id = w.webhook_id AND f.subject = w.subject AND f.state = 'waiting' AND f.seq < w.seq AND NOT f.trial))`
}

func (r *round) work(ctx context.Context) {
	for {
		p, ok := r.take(ctx)
		if !ok {
			return
		}
		err := r.deliver(ctx, p)
		r.mu.Lock()
		delete(r.inHand, p.subject)
		r.err, r.sent = errors.Join(r.err, err), true
		r.mu.Unlock()
	}
}

// take hands out the next delivery whose subject nobody has in hand.
func (r *round) take(ctx context.Context) (parcel, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err != nil || ctx.Err() != nil || r.DB.Now().After(r.end) {
		return parcel{}, false
	}
	if len(r.list) == 0 {
		if r.err = r.fill(ctx); r.err != nil {
			return parcel{}, false
		}
	}
	if len(r.list) == 0 || r.to.Failures >= only && len(r.inHand) > 0 {
		return parcel{}, false
	}
	p := r.list[0]
	r.list, r.inHand[p.subject] = r.list[1:], true
	return p, true
}

// fill reads what is due, with the endpoint and the secrets as they are now.
func (r *round) fill(ctx context.Context) error {
	err := r.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if r.to, err = db.One(ctx, tx, scan, `SELECT `+columns+` FROM webhook WHERE id = $1`, r.id); err != nil {
			return err
		}
		if r.keys, err = r.Hooks.keys(ctx, tx, r.id); err != nil {
			return err
		}
		many, patient := 2*width, ``
		if r.to.Failures >= only {
			many = 1
		}
		if r.to.PauseUntil.After(tx.Now()) {
			patient = ` AND w.trial`
		}
		list, err := db.All(ctx, tx, scanParcel, `SELECT w.id, w.event_id, w.subject, w.trial, w.tries, w.first_at FROM webhook_delivery w WHERE `+heads(r.to)+patient+
			` AND w.next_at <= $2 ORDER BY w.next_at, w.seq`+db.Limit(many+len(r.inHand)), r.id, tx.Now())
		if err != nil {
			return err
		}
		r.list = slices.DeleteFunc(list, func(p parcel) bool { return r.inHand[p.subject] })
		return r.open(ctx, tx)
	})
	if errors.Is(err, db.ErrNoRow) {
		r.list = nil
		return nil // it was deleted
	}
	if err != nil {
		return fmt.Errorf("read what is to be sent to %s: %w", r.id, err)
	}
	return nil
}

// open reads what the parcels of the list are about.
func (r *round) open(ctx context.Context, tx *db.Tx) error {
	var ids []event.ID
	for _, p := range r.list {
		ids = append(ids, p.event.ID)
	}
	said, err := event.Some(ctx, tx, ids)
	for i := range r.list {
		r.list[i].event = said[r.list[i].event.ID]
	}
	return err
}

func scanParcel(r db.Row) (p parcel, err error) {
	return p, r.Scan(&p.id, &p.event.ID, &p.subject, &p.trial, &p.tries, db.Time(&p.first))
}

// deliver makes one try, and writes down what came of it.
func (r *round) deliver(ctx context.Context, p parcel) error {
	body, err := Body(p.event)
	if err != nil {
		return err
	}
	r.mu.Lock()
	address, keys := r.to.Address, r.keys
	r.mu.Unlock()
	got, err := r.send(ctx, address, p.event.ID.String(), body, keys)
	if err != nil {
		return err
	}
	if err := r.DB.Write(ctx, func(tx *db.Tx) error { return note(ctx, tx, r.id, p, got) }); err != nil {
		return fmt.Errorf("write down what came of %s: %w", p.id, err)
	}
	return nil
}
