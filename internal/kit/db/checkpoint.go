package db

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// Checkpoint empties SQLite's write-ahead log into the database file, so that
// what was overwritten there is gone from the disk (deleted rows are overwritten
// with zeros). PostgreSQL's vacuum does the like by itself.
func (d *DB) Checkpoint(ctx context.Context) error {
	if d.engine != SQLite {
		return nil
	}
	_, err := d.writes.db.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`)
	return err
}

const (
	// tendEvery is how often Tend looks whether anything was written.
	tendEvery = time.Second
	// longLog is how long the write-ahead log grows before the writers wait for a moment, so that it begins anew: a passive
	// checkpoint never ends while they go on, and a log that only grows fills a small disk.
	longLog = 16 << 20
	// longLook is how often the length of the log is looked at.
	longLook = tendEvery / 4
	// longWait is how long the writers wait at most for those who still read an old state of the log.
	longWait = 50 * time.Millisecond
)

// Tend keeps a SQLite database in shape until ctx ends, beside those who write
// instead of within their commits: after writes it brings the write-ahead log
// into the file, and then calls also. While nobody writes it does nothing. On
// PostgreSQL, which does such things itself, it returns at once.
func (d *DB) Tend(ctx context.Context, also func(context.Context) error) error {
	if d.engine != SQLite {
		return nil
	}
	tick := time.NewTicker(longLook)
	defer tick.Stop()
	const whole = int(tendEvery / longLook)
	tended, cut := whole, whole // looks ago
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		tended, cut = tended+1, cut+1
		var err error
		if tended >= whole && d.wrote.Swap(false) {
			tended = 0
			err = errors.Join(also(context.WithValue(ctx, tending{}, true)), d.passive(ctx))
		}
		if cut >= whole && d.logLength() > longLog {
			cut = 0
			err = errors.Join(err, d.passive(ctx), d.cutLog(ctx))
		}
		if err != nil && ctx.Err() == nil {
			d.log.Warn("the database could not be tended; it is tried again", "error", err)
		}
	}
}

// tending marks the context of writes that need no tending themselves.
type tending struct{}

// passive is a checkpoint that nobody waits for, on a connection of the readers:
// what may not write may still do that (pragma.html, "query_only").
func (d *DB) passive(ctx context.Context) error {
	_, err := d.reads.db.ExecContext(ctx, `PRAGMA wal_checkpoint(PASSIVE)`)
	return err
}

// logLength is how many bytes the write-ahead log takes on the disk.
func (d *DB) logLength() int64 {
	s, err := os.Stat(d.url + "-wal")
	if err != nil {
		return 0
	}
	return s.Size()
}

// cutLog makes the write-ahead log a file of no length, on the connection of the
// writers, who wait for it. If somebody reads for longer than longWait it is left
// for the next time.
func (d *DB) cutLog(ctx context.Context) error {
	c, err := d.writes.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	_, short := c.ExecContext(ctx, fmt.Sprintf(`PRAGMA busy_timeout(%d)`, longWait.Milliseconds()))
	_, err = c.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`)
	_, long := c.ExecContext(context.WithoutCancel(ctx), fmt.Sprintf(`PRAGMA busy_timeout(%d)`, busy.Milliseconds()))
	return errors.Join(short, err, long)
}
