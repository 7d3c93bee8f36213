package event

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"baraji/internal/kit/db"
)

func (l *Log) wake() {
	select {
	case l.woke <- struct{}{}:
	default:
	}
}

// Wake makes the sealer look: another node recorded something, or may have
// died before it sealed.
func (l *Log) Wake() { l.wake() }

// OnSealed sets what is told, in the sealer's goroutine, when events were sealed.
func (l *Log) OnSealed(fn func()) { l.sealed = fn }

// Run seals what is recorded until ctx ends. When it is slow, because many write,
// it rests twice as long as it took, so that more events share a commit.
func (l *Log) Run(ctx context.Context) error {
	for {
		began := l.db.Now()
		if err := l.Seal(ctx); err != nil && ctx.Err() == nil {
			l.retry(ctx)
		}
		rest := time.NewTimer(min(2*l.db.Now().Sub(began), longestRest))
		select {
		case <-ctx.Done():
			return nil
		case <-rest.C:
		}
		select {
		case <-ctx.Done():
			return nil
		case <-l.woke:
		}
	}
}

// longestRest is what a page waits longer, at most, for what happened.
const longestRest = 50 * time.Millisecond

// retry wakes the sealer after a failure: the database may be away.
func (l *Log) retry(ctx context.Context) {
	time.AfterFunc(time.Second, l.wake)
}

const sealBatch = 500

// Seal gives every event that has no place in the log yet one, in batches.
func (l *Log) Seal(ctx context.Context) error {
	for {
		n := 0
		err := l.db.Claim(ctx, func(tx *db.Tx) (err error) {
			n, err = sealSome(ctx, tx)
			return err
		})
		if err != nil {
			return fmt.Errorf("seal events: %w", err)
		}
		if n > 0 {
			l.sealed()
		}
		if n < sealBatch {
			return nil
		}
	}
}

type head struct {
	seq  int64
	hash []byte
}

func sealSome(ctx context.Context, tx *db.Tx) (int, error) {
	h, err := lockHead(ctx, tx)
	if err != nil {
		return 0, err
	}
	fresh, err := db.All(ctx, tx, scan, `SELECT `+columns+` FROM event WHERE seq IS NULL ORDER BY id`+db.Limit(sealBatch))
	if err != nil || len(fresh) == 0 {
		return 0, err
	}
	for _, e := range fresh {
		h.seq++
		e.Seq = h.seq
		h.hash = link(h.hash, e)
		if _, err := tx.Exec(ctx, `UPDATE event SET seq = $2, hash = $3 WHERE id = $1`, e.ID, e.Seq, h.hash); err != nil {
			return 0, err
		}
	}
	_, err = tx.Exec(ctx, `UPDATE event_head SET seq = $1, hash = $2 WHERE one = 1`, h.seq, h.hash)
	return len(fresh), err
}

// lockHead reads the end of the chain so that nobody else can add to it.
func lockHead(ctx context.Context, tx *db.Tx) (head, error) {
	read := func(r db.Row) (h head, err error) { return h, r.Scan(&h.seq, &h.hash) }
	const end = `SELECT seq, hash FROM event_head WHERE one = 1`
	h, err := db.One(ctx, tx, read, end+tx.ForLock())
	if !errors.Is(err, db.ErrNoRow) {
		return h, err
	}
	// The first event of all: of several nodes that begin at once, one makes the row.
	if _, err := tx.Exec(ctx, `INSERT INTO event_head (one, seq, hash) VALUES (1, 0, $1) ON CONFLICT (one) DO NOTHING`, make([]byte, sha256.Size)); err != nil {
		return head{}, err
	}
	return db.One(ctx, tx, read, end+tx.ForLock())
}

// link is an event's hash: over the one before it and all that it says.
func link(before []byte, e Event) []byte {
	h := sha256.New()
	h.Write(before)
	for _, n := range []int64{e.Seq, int64(e.ID), e.At.UnixMilli(), int64(e.Cause), int64(e.Depth)} {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(n)))
	}
	for _, s := range []string{e.Kind, e.Subject, e.Actor, string(e.Body)} {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(s))))
		h.Write([]byte(s))
	}
	return h.Sum(nil)
}

// Broken says where the chain does not hold.
type Broken struct {
	Seq int64 // the first place that does not fit
	Why string
}

func (b *Broken) Error() string { return fmt.Sprintf("the log is broken at %d: %s", b.Seq, b.Why) }

// Verify reads the whole log and returns a *Broken if it was tampered with, and
// how many events it holds.
func Verify(ctx context.Context, tx *db.Tx) (n int64, err error) {
	type sealed struct {
		Event
		hash []byte
	}
	hash := make([]byte, sha256.Size)
	for {
		batch, err := db.All(ctx, tx, func(r db.Row) (s sealed, err error) {
			var body string
			err = r.Scan(&s.ID, &s.Seq, &s.Kind, &s.Subject, &s.Actor, db.Time(&s.At), &s.Cause, &s.Depth, &body, &s.hash)
			s.Body = []byte(body)
			return s, err
		}, `SELECT `+columns+`, hash FROM event WHERE seq > $1 ORDER BY seq LIMIT 2000`, n)
		if err != nil {
			return n, err
		}
		for _, s := range batch {
			if s.Seq != n+1 {
				return n, &Broken{n + 1, "an event is missing"}
			}
			hash = link(hash, s.Event)
			if !bytes.Equal(hash, s.hash) {
				return n, &Broken{s.Seq, "an event was changed"}
			}
			n++
		}
		if len(batch) == 0 {
			break
		}
	}
	h, err := db.One(ctx, tx, func(r db.Row) (h head, err error) { return h, r.Scan(&h.seq, &h.hash) }, `SELECT seq, hash FROM event_head WHERE one = 1`)
	if errors.Is(err, db.ErrNoRow) {
		h, err = head{0, make([]byte, sha256.Size)}, nil
	}
	if err != nil {
		return n, err
	}
	if h.seq != n || !bytes.Equal(h.hash, hash) {
		return n, &Broken{n + 1, "the end is missing"}
	}
	return n, nil
}
