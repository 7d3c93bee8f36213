package db

import (
	"context"
	"fmt"
	"strings"
)

// Integrity has the database check itself. On PostgreSQL, which checks its pages
// as it reads them, every table is read.
func (d *DB) Integrity(ctx context.Context) error {
	return d.Read(ctx, func(tx *Tx) error {
		text := func(r Row) (s string, err error) { return s, r.Scan(&s) }
		if d.engine == SQLite {
			lines, err := All(ctx, tx, text, `PRAGMA integrity_check(20)`)
			if err != nil {
				return err
			}
			if len(lines) != 1 || lines[0] != "ok" {
				return fmt.Errorf("the database is damaged: %s", strings.Join(lines, "; "))
			}
			return nil
		}
		tables, err := All(ctx, tx, text, `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY table_name`)
		if err != nil {
			return err
		}
		for _, t := range tables {
			if _, err := Value[int64](ctx, tx, `SELECT COUNT(*) FROM `+t+` AS t WHERE t IS NOT NULL OR t IS NULL`); err != nil {
				return fmt.Errorf("read table %s: %w", t, err)
			}
		}
		return nil
	})
}
