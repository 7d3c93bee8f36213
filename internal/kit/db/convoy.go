package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// convoy lets those who want to write to SQLite at the same time share one commit. SQLite has one writer, and a commit waits for the
// disk, for everybody behind it too: with eight who write, seven waits are saved. Who joins has a savepoint of his own, so that what he takes
// back is his alone; none of them is told that it is done before the disk has all of it.
//
// Who begins has none. Within a savepoint SQLite keeps the old pages in a list, whose length each statement walks: what writes
// much in one transaction would pay for it with the square.
type convoy struct {
	turn    sync.Mutex
	waiting atomic.Int32
	trip    *trip // the transaction that is open for whoever waits; nil: none
}

// trip is one transaction of a convoy.
type trip struct {
	sql   *sql.Tx
	began time.Time
	count int           // of those who wrote something that is to stay
	over  chan struct{} // closed when it was committed or lost; err says which
	err   error
}

const (
	mostOfTrip    = 64
	longestOfTrip = 20 * time.Millisecond // from then on nobody joins: the first have waited long enough
)

// errLost is for those who shared a transaction that ended through another's fault (cancelled, or the disk full, in the middle of a statement:
// SQLite then takes back all of it). They write once more.
var errLost = errors.New("a transaction that was shared was lost")

// runTogether is run for the writers of SQLite.
func (d *DB) runTogether(ctx context.Context, fn func(*Tx) error) error {
	tx, t, err := d.ride(ctx, fn)
	if err != nil {
		return err
	}
	if <-t.over; t.err != nil {
		return t.err
	}
	tx.committed(ctx, d.writes)
	return nil
}

// ride runs fn in the transaction that is open, or begins one, and ends it unless somebody waits to join.
func (d *DB) ride(ctx context.Context, fn func(*Tx) error) (*Tx, *trip, error) {
	c := &d.convoy
	c.waiting.Add(1)
	c.turn.Lock()
	defer c.turn.Unlock()
	c.waiting.Add(-1)
	if c.trip == nil {
		// Whose time is up must not end it for the others: each statement has the context of whoever runs it.
		sqltx, err := d.writes.db.BeginTx(context.WithoutCancel(ctx), nil)
		if err != nil {
			return nil, nil, err
		}
		c.trip = &trip{sql: sqltx, began: d.now(), over: make(chan struct{})}
	}
	t := c.trip
	defer c.settle(d.now)
	tx := &Tx{db: d, sql: t.sql, cache: d.writes.cache, now: d.Now()}
	return tx, t, t.carry(ctx, tx, fn)
}

// carry runs fn. When fn fails, panics or leaves the goroutine, nothing of it stays.
func (t *trip) carry(ctx context.Context, tx *Tx, fn func(*Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if t.count == 0 {
		return t.begun(tx, fn)
	}
	if t.count == 1 && t.say("BEGIN") == nil { // it had ended although who began it said that all was well
		t.err = errLost
		return errLost
	}
	if err := t.say("SAVEPOINT own"); err != nil {
		t.err = errLost
		return err
	}
	kept := false
	defer func() {
		if !kept && (t.say("ROLLBACK TO own") != nil || t.say("RELEASE own") != nil) {
			t.err = errLost
		}
	}()
	if err := fn(tx); err != nil {
		return err
	}
	if err := t.say("RELEASE own"); err != nil {
		return fmt.Errorf("the transaction ended within: %w", err)
	}
	kept = true
	t.count++
	return nil
}

// begun runs fn for whoever began: what he takes back is all there is.
func (t *trip) begun(tx *Tx, fn func(*Tx) error) error {
	t.err = errLost
	if err := fn(tx); err != nil {
		return err
	}
	t.err, t.count = nil, 1
	return nil
}

func (t *trip) say(statement string) error {
	_, err := t.sql.Exec(statement)
	return err
}

// settle ends the open transaction, unless somebody waits who may join it.
func (c *convoy) settle(now func() time.Time) {
	t := c.trip
	switch {
	case t.err != nil:
		t.sql.Rollback()
	case c.waiting.Load() > 0 && t.count < mostOfTrip && now().Sub(t.began) < longestOfTrip:
		return // he finds it, and settles it
	default:
		t.err = t.sql.Commit()
	}
	c.trip = nil
	close(t.over)
}
