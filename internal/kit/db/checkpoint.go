package db

import "context"

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
