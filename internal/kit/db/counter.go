package db

import (
	"context"
	"database/sql"
	"fmt"
)

// Next counts up the counter called name and returns its new value; the first
// is 1. A transaction that is not committed leaves a gap. On PostgreSQL the
// counter is moved beside the transaction, so that those who count do not wait
// for each other's commits.
func Next(ctx context.Context, tx *Tx, name string) (int64, error) {
	const count = `INSERT INTO counter (name, n) VALUES ($1, 1) ON CONFLICT (name) DO UPDATE SET n = counter.n + 1 RETURNING n`
	if tx.db.engine == SQLite {
		return Value[int64](ctx, tx, count, name)
	}
	n, err := tx.db.countBeside(ctx, count, name)
	if err != nil {
		return 0, fmt.Errorf("count %s: %w", name, err)
	}
	return n, nil
}

// countBeside does not wait for the disk: PostgreSQL writes its log in order,
// so a commit that uses the number makes the count durable as well.
func (d *DB) countBeside(ctx context.Context, count, name string) (n int64, err error) {
	sqltx, err := d.counts.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted})
	if err != nil {
		return 0, err
	}
	defer sqltx.Rollback()
	if _, err := sqltx.ExecContext(ctx, `SET LOCAL synchronous_commit = off`); err != nil {
		return 0, err
	}
	if err := sqltx.QueryRowContext(ctx, count, name).Scan(&n); err != nil {
		return 0, err
	}
	return n, sqltx.Commit()
}
