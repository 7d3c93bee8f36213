package db

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"time"
)

// Tx is a running transaction. It must not be used after the function that
// got it has returned.
type Tx struct {
	db     *DB
	sql    *sql.Tx
	conn   *sql.Conn // PostgreSQL, in a Read: what several can ask over at once
	gather *gather   // it is one of those; it has no sql then
	cache  *stmts
	now    time.Time
	fresh  []string // query texts that were not prepared yet
	after  []func()
	last   []func() error // what is left to do before the end
	due    map[any]bool   // their keys
}

// Read runs fn in a transaction that sees one moment and cannot write.
func (d *DB) Read(ctx context.Context, fn func(*Tx) error) error {
	if d.engine == SQLite {
		return d.run(ctx, d.reads, nil, fn)
	}
	conn, sqltx, err := d.beginRead(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	tx := &Tx{db: d, sql: sqltx, conn: conn, now: d.Now()}
	if err := finish(sqltx, tx, fn); err != nil {
		return err
	}
	tx.committed(ctx, d.reads)
	return nil
}

// beginRead begins on a connection of its own. One that turns out to be dead, since the server has been away, is put aside for the next.
func (d *DB) beginRead(ctx context.Context) (*sql.Conn, *sql.Tx, error) {
	for left := d.reads.db.Stats().MaxOpenConnections; ; left-- {
		conn, err := d.reads.db.Conn(ctx)
		if err != nil {
			return nil, nil, err
		}
		tx, err := conn.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
		if err == nil {
			return conn, tx, nil
		}
		conn.Close()
		if left <= 0 || !errors.Is(err, driver.ErrBadConn) {
			return nil, nil, err
		}
	}
}

// Write runs fn in a transaction that behaves as if it were alone, again if it
// clashed with another one.
func (d *DB) Write(ctx context.Context, fn func(*Tx) error) error {
	return d.write(ctx, sql.LevelSerializable, fn)
}

// Claim is a Write that locks the rows it changes instead of behaving as if it
// were alone: for taking work from a queue. See Tx.ForUpdate.
func (d *DB) Claim(ctx context.Context, fn func(*Tx) error) error {
	return d.write(ctx, sql.LevelReadCommitted, fn)
}

// tries bounds how often a Write is run. With the waits between them that is
// about half a minute of clashing, most of it with other nodes.
const tries = 20

func (d *DB) write(ctx context.Context, level sql.IsolationLevel, fn func(*Tx) error) error {
	var opts *sql.TxOptions
	if d.engine == Postgres {
		opts = &sql.TxOptions{Isolation: level}
	}
	whole := func(tx *Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return tx.Settle()
	}
	err := d.once(ctx, opts, whole)
	if !clashed(err) {
		return err
	}
	// Those who clashed would clash with each other once more: of one program, one at a time writes again, at once.
	select {
	case d.again <- struct{}{}:
		defer func() { <-d.again }()
	case <-ctx.Done():
		return ctx.Err()
	}
	for attempt := 2; ; attempt++ {
		if err := d.once(ctx, opts, whole); attempt == tries || !clashed(err) {
			return err
		}
		if err := pause(ctx, attempt); err != nil {
			return err
		}
	}
}

// once writes, and keeps in mind what came of it.
func (d *DB) once(ctx context.Context, opts *sql.TxOptions, fn func(*Tx) error) error {
	err := d.runWrite(ctx, opts, fn)
	d.watch(err)
	if err == nil && ctx.Value(tending{}) == nil {
		d.wrote.Store(true)
	}
	return err
}

// watch keeps in mind what the outcome of a Write says about the disk.
func (d *DB) watch(err error) {
	switch {
	case err == nil:
		d.fullAt.Store(0)
	case IsFull(err):
		d.fullAt.Store(d.Now().UnixMilli())
	case IsBroken(err):
		d.broken(err)
	}
}

// pause waits a random, growing time, so that those who clashed do not meet again.
func pause(ctx context.Context, attempt int) error {
	most := min(time.Millisecond<<attempt, 2*time.Second)
	t := time.NewTimer(rand.N(most))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (d *DB) runWrite(ctx context.Context, opts *sql.TxOptions, fn func(*Tx) error) error {
	if d.engine == SQLite {
		return d.runTogether(ctx, fn)
	}
	return d.run(ctx, d.writes, opts, fn)
}

func (d *DB) run(ctx context.Context, p pool, opts *sql.TxOptions, fn func(*Tx) error) error {
	sqltx, err := p.db.BeginTx(ctx, opts)
	if err != nil {
		return err
	}
	tx := &Tx{db: d, sql: sqltx, cache: p.cache, now: d.Now()}
	if err := finish(sqltx, tx, fn); err != nil {
		return err
	}
	tx.committed(ctx, p)
	return nil
}

// committed does what is left to do after a commit.
func (tx *Tx) committed(ctx context.Context, p pool) {
	if len(tx.fresh) > 0 {
		p.cache.keep(ctx, tx.fresh)
	}
	for _, f := range tx.after {
		f()
	}
}

func finish(sqltx *sql.Tx, tx *Tx, fn func(*Tx) error) error {
	defer sqltx.Rollback() // does nothing after a commit; on a panic it frees the connection
	if err := fn(tx); err != nil {
		return err
	}
	return sqltx.Commit()
}

// Now is the time the transaction began, in UTC, to the millisecond.
func (tx *Tx) Now() time.Time { return tx.now }

// At makes the rest of the transaction happen at another moment: for history
// that is told again, a step after the other. Ids follow the time as long as it
// only goes forward, and was behind it when the database was opened.
func (tx *Tx) At(t time.Time) { tx.now = t.UTC().Truncate(time.Millisecond) }

// NewID makes a new id; see kit/id.
func (tx *Tx) NewID() int64 { return tx.db.ids.Next(tx.now) }

// After runs fn when the transaction has been committed, and not at all when it
// was not. It is for hints only: the process may die before fn runs.
func (tx *Tx) After(fn func()) {
	if g := tx.gather; g != nil {
		g.mu.Lock()
		defer g.mu.Unlock()
		tx = g.root
	}
	tx.after = append(tx.after, fn)
}

// Last runs fn once for a key, at the end of the transaction and as part of it: for what follows from several changes of one
// thing. Whoever reads what fn writes settles first.
func (tx *Tx) Last(key any, fn func() error) {
	if tx.due[key] {
		return
	}
	if tx.due == nil {
		tx.due = map[any]bool{}
	}
	tx.due[key] = true
	tx.last = append(tx.last, fn)
}

// Settle does what was left for the end. What that leaves in its turn is done too.
func (tx *Tx) Settle() error {
	for len(tx.last) > 0 {
		todo := tx.last
		tx.last, tx.due = nil, nil
		for _, fn := range todo {
			if err := fn(); err != nil {
				return err
			}
		}
	}
	return nil
}

// Exec runs a statement and says how many rows it changed.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	res, err := tx.exec(ctx, query, plain(args))
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (tx *Tx) exec(ctx context.Context, query string, args []any) (sql.Result, error) {
	if tx.gather != nil {
		return nil, errors.New("those who read together cannot write")
	}
	if st := tx.prepared(ctx, query); st != nil {
		return st.ExecContext(ctx, args...)
	}
	return tx.sql.ExecContext(ctx, query, args...)
}

func (tx *Tx) query(ctx context.Context, query string, args []any) (*sql.Rows, error) {
	if tx.gather != nil {
		return tx.gather.query(ctx, tx, query, args)
	}
	if st := tx.prepared(ctx, query); st != nil {
		return st.QueryContext(ctx, args...)
	}
	return tx.sql.QueryContext(ctx, query, args...)
}

func (tx *Tx) prepared(ctx context.Context, query string) *sql.Stmt {
	if tx.cache == nil {
		return nil
	}
	st := tx.cache.get(query)
	if st == nil {
		tx.fresh = append(tx.fresh, query)
		return nil
	}
	return tx.sql.StmtContext(ctx, st)
}

// Row is what a scan function reads from.
type Row interface{ Scan(dest ...any) error }

// ErrNoRow says that One found nothing.
var ErrNoRow = sql.ErrNoRows

// One returns the first row of a query, or ErrNoRow.
func One[T any](ctx context.Context, tx *Tx, scan func(Row) (T, error), query string, args ...any) (T, error) {
	var none T
	rows, err := tx.query(ctx, query, plain(args))
	if err != nil {
		return none, err
	}
	defer rows.Close()
	if !rows.Next() {
		return none, cmp.Or(rows.Err(), ErrNoRow)
	}
	one, err := scan(rows)
	if err != nil {
		return none, err
	}
	return one, rows.Close()
}

// All returns every row of a query.
func All[T any](ctx context.Context, tx *Tx, scan func(Row) (T, error), query string, args ...any) ([]T, error) {
	var all []T
	err := Each(ctx, tx, func(r Row) error {
		one, err := scan(r)
		if err == nil {
			all = append(all, one)
		}
		return err
	}, query, args...)
	return all, err
}

// Each calls fn for every row of a query, without keeping them. fn must not
// use the transaction.
func Each(ctx context.Context, tx *Tx, fn func(Row) error, query string, args ...any) error {
	rows, err := tx.query(ctx, query, plain(args))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := fn(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Value returns the single value of a query, or ErrNoRow.
func Value[T any](ctx context.Context, tx *Tx, query string, args ...any) (T, error) {
	return One(ctx, tx, func(r Row) (v T, err error) { return v, r.Scan(&v) }, query, args...)
}

// Exists says whether a query has a row.
func Exists(ctx context.Context, tx *Tx, query string, args ...any) (bool, error) {
	_, err := One(ctx, tx, func(Row) (struct{}, error) { return struct{}{}, nil }, query, args...)
	if errors.Is(err, ErrNoRow) {
		return false, nil
	}
	return err == nil, err
}

// ForUpdate is what a queue's SELECT in a Claim ends with: rows that another
// node is taking are passed over. SQLite has one writer and needs nothing.
func (tx *Tx) ForUpdate() string {
	if tx.db.engine == Postgres {
		return " FOR UPDATE SKIP LOCKED"
	}
	return ""
}

// ForLock is the same, but waits for the other node.
func (tx *Tx) ForLock() string {
	if tx.db.engine == Postgres {
		return " FOR UPDATE"
	}
	return ""
}

// Engine says which engine runs tx. Only kit/db, kit/job and search may care.
func (tx *Tx) Engine() Engine { return tx.db.engine }

// plain turns arguments into what both drivers store alike: times become Unix
// milliseconds (the zero time NULL), named integers and strings plain ones.
func plain(args []any) []any {
	out := make([]any, len(args))
	for i, a := range args {
		out[i] = plainOne(a)
	}
	return out
}

func plainOne(a any) any {
	switch a := a.(type) {
	case nil, int64, string, bool, float64, []byte:
		return a
	case int:
		return int64(a)
	case time.Time:
		if a.IsZero() {
			return nil
		}
		return a.UnixMilli()
	case time.Duration:
		return a.Milliseconds()
	}
	v := reflect.ValueOf(a)
	switch v.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int()
	case reflect.Uint8, reflect.Uint16, reflect.Uint32:
		return int64(v.Uint())
	case reflect.String:
		return v.String()
	case reflect.Bool:
		return v.Bool()
	}
	return a
}

// Time scans a column of Unix milliseconds; NULL is the zero time.
func Time(t *time.Time) sql.Scanner { return timeScanner{t} }

type timeScanner struct{ t *time.Time }

func (s timeScanner) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*s.t = time.Time{}
	case int64:
		*s.t = time.UnixMilli(v).UTC()
	default:
		return fmt.Errorf("time column holds a %T", v)
	}
	return nil
}

// Maybe scans a column that may be NULL; NULL is the zero value.
func Maybe[T any](v *T) sql.Scanner { return maybe[T]{v} }

type maybe[T any] struct{ v *T }

func (s maybe[T]) Scan(v any) error {
	var n sql.Null[T]
	if err := n.Scan(v); err != nil {
		return err
	}
	*s.v = n.V
	return nil
}
