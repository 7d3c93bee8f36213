package db

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// Migrate runs the .sql files that this database has not run yet, in order,
// each in a transaction of its own. Files are only ever added.
//
// In them the type KEY64 stands for the 64-bit primary key of either engine, and
// a line "-- only: sqlite" or "-- only: postgres" keeps the statement that
// follows it for that engine. Statements end with a semicolon at the end of a line.
func (d *DB) Migrate(ctx context.Context, files fs.FS) error {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return err
	}
	if err := d.migrationTable(ctx); err != nil {
		return fmt.Errorf("prepare migrations: %w", err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		err = d.Write(ctx, func(tx *Tx) error { return tx.migrate(ctx, name, string(text)) })
		if err != nil {
			return fmt.Errorf("migration %s: %w", name, err)
		}
	}
	return nil
}

func (d *DB) migrationTable(ctx context.Context) error {
	return d.Write(ctx, func(tx *Tx) error {
		there, err := tx.tableExists(ctx, "migration")
		if err != nil || there {
			return err
		}
		_, err = tx.sql.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, digest TEXT NOT NULL, at BIGINT NOT NULL)`)
		return err
	})
}

func (tx *Tx) tableExists(ctx context.Context, name string) (bool, error) {
	if tx.db.engine == Postgres {
		return Exists(ctx, tx, `SELECT 1 FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = $1`, name)
	}
	return Exists(ctx, tx, `SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1`, name)
}

func (tx *Tx) migrate(ctx context.Context, name, text string) error {
	sum := sha256.Sum256([]byte(text))
	digest := hex.EncodeToString(sum[:8])
	had, err := Value[string](ctx, tx, `SELECT digest FROM migration WHERE name = $1`, name)
	if err == nil {
		if had != digest {
			return fmt.Errorf("it was changed after this database had run it")
		}
		return nil
	}
	if !errors.Is(err, ErrNoRow) {
		return err
	}
	// The insert comes first: of two nodes that start together one waits here.
	if _, err := tx.Exec(ctx, `INSERT INTO migration (name, digest, at) VALUES ($1, $2, $3)`, name, digest, tx.now); err != nil {
		return err
	}
	for _, stmt := range Statements(text, tx.db.engine) {
		if _, err := tx.sql.ExecContext(ctx, stmt); err != nil {
			return fmt.Errorf("%w in: %s", err, stmt)
		}
	}
	return nil
}

// Statements are the statements of a migration that are meant for an engine,
// in that engine's words.
func Statements(text string, engine Engine) []string {
	var out []string
	for _, stmt := range strings.Split(text+"\n", ";\n") {
		if only, ok := marked(stmt); ok && only != engine {
			continue
		}
		if stmt = strings.TrimSpace(bare(stmt)); stmt == "" {
			continue
		}
		out = append(out, keyType(stmt, engine))
	}
	return out
}

func marked(stmt string) (Engine, bool) {
	_, after, ok := strings.Cut(stmt, "-- only: ")
	word, _, _ := strings.Cut(after, "\n")
	return Engine(strings.TrimSpace(word)), ok
}

// bare drops lines that are only a comment.
func bare(stmt string) string {
	lines := strings.Split(stmt, "\n")
	kept := lines[:0]
	for _, l := range lines {
		if !strings.HasPrefix(strings.TrimSpace(l), "--") {
			kept = append(kept, l)
		}
	}
	return strings.Join(kept, "\n")
}

// keyType: only INTEGER PRIMARY KEY is SQLite's row id; on PostgreSQL it would
// have 32 bits.
func keyType(stmt string, engine Engine) string {
	key := "INTEGER PRIMARY KEY"
	if engine == Postgres {
		key = "BIGINT PRIMARY KEY"
	}
	return strings.ReplaceAll(stmt, " KEY64", " "+key)
}
