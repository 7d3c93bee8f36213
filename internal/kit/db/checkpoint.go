package db

import (
	"context"
	"errors"
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

// tendEvery is how often Tend looks whether anything was written.
const tendEvery = time.Second

// Tend keeps a SQLite database in shape until ctx ends, beside those who write
// instead of within their commits: after writes it brings the write-ahead log
// into the file, and then calls also. While nobody writes it does nothing. On
// PostgreSQL, which does such things itself, it returns at once.
func (d *DB) Tend(ctx context.Context, also func(context.Context) error) error {
	if d.engine != SQLite {
		return nil
	}
	tick := time.NewTicker(tendEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if !d.wrote.Swap(false) {
			continue
		}
		if err := errors.Join(also(context.WithValue(ctx, tending{}, true)), d.passive(ctx)); err != nil && ctx.Err() == nil {
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
