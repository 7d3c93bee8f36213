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

const (
	tendEvery = time.Second // how often Tend looks whether anything was written
	seldom    = 10          // so many looks apart are checkpoints while writing goes on
)

// Tend keeps a SQLite database in shape until ctx ends, beside those who write
// instead of within their commits: it calls also every second, and brings the
// write-ahead log into the file when nobody writes for a second, or after some: a
// page that is written again and again is brought there once, and the disk is
// there for those who write. While nobody writes it does nothing. On PostgreSQL,
// which does such things itself, it returns at once.
func (d *DB) Tend(ctx context.Context, also func(context.Context) error) error {
	if d.engine != SQLite {
		return nil
	}
	tick := time.NewTicker(tendEvery)
	defer tick.Stop()
	for owed := 0; ; { // looks since the first write that is in the log only
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		wrote := d.wrote.Swap(false)
		if !wrote && owed == 0 {
			continue
		}
		owed++
		var err error
		if wrote {
			err = also(context.WithValue(ctx, tending{}, true))
		}
		if !wrote || owed >= seldom {
			err, owed = errors.Join(err, d.passive(ctx)), 0
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
