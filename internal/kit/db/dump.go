package db

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
)

// Dump writes the whole database, as it is at one moment, into a file: a SQLite
// file, or for PostgreSQL the rows of every table as lines of JSON. Others may
// read and write meanwhile.
func (d *DB) Dump(ctx context.Context, file string) error {
	if d.engine == SQLite {
		return d.vacuumInto(ctx, file)
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	if err := d.Read(ctx, func(tx *Tx) error { return tx.dump(ctx, w) }); err != nil {
		return err
	}
	return errors.Join(w.Flush(), f.Sync())
}

// vacuumInto copies by a connection of its own: readers of the pool may not write
// anywhere, and the writer would make everybody wait.
func (d *DB) vacuumInto(ctx context.Context, file string) error {
	c, err := sql.Open("sqlite", "file:"+(&url.URL{Path: d.url}).EscapedPath()+"?_pragma=busy_timeout(10000)")
	if err != nil {
		return err
	}
	defer c.Close()
	_, err = c.ExecContext(ctx, `VACUUM INTO ?1`, file)
	return err
}

// tables lists the tables so that each comes after those that it refers to.
func (tx *Tx) tables(ctx context.Context) ([]string, error) {
	return All(ctx, tx, func(r Row) (s string, err error) { return s, r.Scan(&s) }, `
		SELECT c.relname FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
		ORDER BY c.oid`) // a table is made after those that it refers to
}

func (tx *Tx) dump(ctx context.Context, w io.Writer) error {
	tables, err := tx.tables(ctx)
	if err != nil {
		return err
	}
	for _, t := range tables {
		if _, err := fmt.Fprintf(w, "%s\n", t); err != nil {
			return err
		}
		err := Each(ctx, tx, func(r Row) error {
			var line string
			if err := r.Scan(&line); err != nil {
				return err
			}
			_, err := io.WriteString(w, strings.ReplaceAll(line, "\n", " ")+"\n")
			return err
		}, `SELECT CAST(row_to_json(t) AS TEXT) FROM `+t+` t`)
		if err != nil {
			return fmt.Errorf("dump %s: %w", t, err)
		}
	}
	return nil
}

// ErrNotEmpty says that a database that is to be loaded holds something.
var ErrNotEmpty = errors.New("the database is not empty")

// Load fills an empty PostgreSQL database from what Dump wrote. The tables have
// to be there (Migrate), without rows. For SQLite the dump is the database.
func (d *DB) Load(ctx context.Context, r io.Reader) error {
	return d.Write(ctx, func(tx *Tx) error {
		if n, err := Value[int64](ctx, tx, `SELECT COUNT(*) FROM event`); err != nil || n > 0 {
			return errors.Join(err, ErrNotEmpty)
		}
		tables, err := tx.tables(ctx)
		if err != nil {
			return err
		}
		for i := len(tables) - 1; i >= 0; i-- { // what migrations put in comes back from the dump
			if _, err := tx.Exec(ctx, `DELETE FROM `+tables[i]); err != nil {
				return err
			}
		}
		return tx.load(ctx, r, tables)
	})
}

func (tx *Tx) load(ctx context.Context, r io.Reader, known []string) error {
	in := bufio.NewReaderSize(r, 1<<20)
	table := ""
	var rows []json.RawMessage
	size := 0
	flush := func() error {
		if len(rows) == 0 {
			return nil
		}
		b, err := json.Marshal(rows)
		if err != nil {
			return err
		}
		rows, size = nil, 0
		_, err = tx.sql.ExecContext(ctx, `INSERT INTO `+table+` SELECT * FROM json_populate_recordset(CAST(NULL AS `+table+`), CAST($1 AS JSON))`, string(b))
		if err != nil {
			return fmt.Errorf("load %s: %w", table, err)
		}
		return nil
	}
	for {
		line, err := in.ReadBytes('\n')
		line = bytes.TrimSpace(line)
		switch {
		case len(line) > 0 && line[0] == '{':
			rows, size = append(rows, line), size+len(line)
			if size > 4<<20 {
				if err := flush(); err != nil {
					return err
				}
			}
		case len(line) > 0:
			if err := flush(); err != nil {
				return err
			}
			table = string(line)
			if !listed(known, table) {
				return fmt.Errorf("the dump has a table %q that this version does not know", table)
			}
		}
		if err == io.EOF {
			return flush()
		}
		if err != nil {
			return err
		}
	}
}

func listed(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
