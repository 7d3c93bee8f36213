package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"baraji/internal/kit/id"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite" // the driver called "sqlite"
)

// Engine names the database behind a DB.
type Engine string

// The two engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// Name is the engine as people call it.
func (e Engine) Name() string {
	if e == Postgres {
		return "PostgreSQL"
	}
	return "SQLite"
}

// Options are what a DB needs beside its address: a clock. All else works as zero.
type Options struct {
	Now     func() time.Time // the clock
	Log     *slog.Logger     // nil is silent
	Readers int              // connections that read at once on SQLite; 0 is 4
	Conns   int              // connections on PostgreSQL; 0 is 16
	Loose   bool             // SQLite without fsync, without wiping, with much memory: for tests and bulk loads only
}

// DB is an open database.
type DB struct {
	engine Engine
	url    string
	reads  pool
	writes pool
	convoy convoy        // SQLite: those who write share commits
	again  chan struct{} // PostgreSQL: who clashed has it while he writes once more
	told   *sql.DB       // PostgreSQL: answers that are there already (replay.go)
	counts *sql.DB       // PostgreSQL: connections of their own, so that a Write that counts never waits for another Write's
	now    func() time.Time
	ids    *id.Maker
	log    *slog.Logger

	wrote  atomic.Bool     // since Tend last looked
	fullAt atomic.Int64    // when a Write last found the disk full, in Unix milliseconds of the clock
	broken func(err error) // told when the disk failed under us

	mu       sync.RWMutex
	attached map[reflect.Type]any
}

// Open opens the database at url: postgres://… or the path of a SQLite file,
// which is made when it is missing. It does not migrate.
func Open(ctx context.Context, url string, o Options) (*DB, error) {
	d := &DB{url: url, now: o.Now, log: o.Log, attached: map[reflect.Type]any{}, broken: func(error) {}, again: make(chan struct{}, 1)}
	if d.now == nil {
		return nil, errors.New("open database: no clock was given")
	}
	if d.log == nil {
		d.log = slog.New(slog.DiscardHandler)
	}
	d.ids = id.NewMaker(rand.IntN(1024))
	open := d.openSQLite
	if IsPostgres(url) {
		open = d.openPostgres
	}
	if err := open(o); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := d.reads.db.PingContext(ctx); err != nil {
		d.Close()
		return nil, fmt.Errorf("open database: %w", err)
	}
	return d, nil
}

// IsPostgres says whether url is that of a PostgreSQL database.
func IsPostgres(url string) bool {
	return strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://")
}

func (d *DB) openPostgres(o Options) error {
	cfg, err := pgx.ParseConfig(d.url)
	if err != nil {
		return errors.New("the PostgreSQL address cannot be read") // pgx's text may hold the password
	}
	conns := cmpOr(o.Conns, 16)
	p := stdlib.OpenDB(*cfg)
	p.SetMaxOpenConns(conns)
	p.SetMaxIdleConns(conns)
	p.SetConnMaxIdleTime(5 * time.Minute)
	d.engine = Postgres
	d.reads, d.writes = pool{db: p}, pool{db: p}
	d.told = sql.OpenDB(replay{})
	d.told.SetMaxIdleConns(64)
	d.counts = stdlib.OpenDB(*cfg)
	d.counts.SetMaxOpenConns(2)
	return nil
}

// busy is how long a SQLite connection waits for another that writes.
const busy = 10 * time.Second

func (d *DB) openSQLite(o Options) error {
	manner := []string{"synchronous(FULL)", "secure_delete(1)", "cache_size(-6000)"}
	if o.Loose {
		manner = []string{"synchronous(OFF)", "cache_size(-1000000)"}
	}
	pragmas := url.Values{"_pragma": append(manner,
		fmt.Sprintf("busy_timeout(%d)", busy.Milliseconds()), "journal_mode(WAL)", "foreign_keys(1)", "temp_store(memory)", "journal_size_limit(67108864)")}
	base := "file:" + (&url.URL{Path: d.url}).EscapedPath() + "?" + pragmas.Encode()
	w, err := sql.Open("sqlite", base+"&_txlock=immediate&_pragma=wal_autocheckpoint(16000)") // 64 MB: until then it is Tend's work
	if err != nil {
		return err
	}
	w.SetMaxOpenConns(1)
	w.SetMaxIdleConns(1)
	if err := w.Ping(); err != nil { // first, so that the file and its journal mode exist
		w.Close()
		return err
	}
	r, err := sql.Open("sqlite", base+"&_pragma=query_only(1)")
	if err != nil {
		w.Close()
		return err
	}
	n := cmpOr(o.Readers, 4)
	r.SetMaxOpenConns(n)
	r.SetMaxIdleConns(n)
	d.engine = SQLite
	d.reads, d.writes = pool{db: r, cache: &stmts{db: r}}, pool{db: w, cache: &stmts{db: w}}
	return nil
}

func cmpOr(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}

// Close closes every connection.
func (d *DB) Close() error {
	if d.engine == SQLite {
		return errors.Join(d.reads.db.Close(), d.writes.db.Close())
	}
	return errors.Join(d.reads.db.Close(), d.counts.Close(), d.told.Close())
}

// Engine says which engine this is. Only kit/db, kit/job and search may care.
func (d *DB) Engine() Engine { return d.engine }

// Shared says whether other processes may work on this database at the same
// time: leases then need heartbeats, and wake-ups must travel.
func (d *DB) Shared() bool { return d.engine == Postgres }

// Now is the clock's time, in UTC, to the millisecond. Inside a transaction use Tx.Now.
func (d *DB) Now() time.Time { return d.now().UTC().Truncate(time.Millisecond) }

// OnBroken sets what is told when the disk failed under the database: the process
// has to stop then (see IsBroken). It belongs to setting up.
func (d *DB) OnBroken(fn func(err error)) { d.broken = fn }

// Full says whether a Write found the disk full, a moment ago.
func (d *DB) Full() bool {
	at := d.fullAt.Load()
	return at > 0 && d.Now().Sub(time.UnixMilli(at)) < 30*time.Second
}

// Attach gives every transaction of d a value of its type, for what a
// transaction must know beside the database, such as who reacts to events.
// It belongs to setting up; the last one of a type stays.
func Attach[T any](d *DB, v T) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.attached[reflect.TypeFor[T]()] = v
}

// Attached returns the value of type T that was attached, or its zero value.
func Attached[T any](tx *Tx) T {
	tx.db.mu.RLock()
	defer tx.db.mu.RUnlock()
	v, _ := tx.db.attached[reflect.TypeFor[T]()].(T)
	return v
}

// pool is a set of connections, with its prepared statements where the driver
// keeps none itself.
type pool struct {
	db    *sql.DB
	cache *stmts
}

// stmts keeps prepared statements of a pool, by query text.
type stmts struct {
	db   *sql.DB
	mu   sync.RWMutex
	kept map[string]*sql.Stmt
}

// keptStmts bounds what is kept: texts that differ by the length of a list are many.
const keptStmts = 1000

func (s *stmts) get(query string) *sql.Stmt {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.kept[query]
}

// keep prepares queries for later transactions. It needs a connection, so it is
// called when the transaction that first used them is over.
func (s *stmts) keep(ctx context.Context, queries []string) {
	for _, query := range queries {
		s.mu.RLock()
		_, have := s.kept[query]
		full := len(s.kept) >= keptStmts
		s.mu.RUnlock()
		if have || full {
			continue
		}
		st, err := s.db.PrepareContext(ctx, query)
		if err != nil {
			continue // the query itself will say what is wrong
		}
		s.mu.Lock()
		if s.kept == nil {
			s.kept = map[string]*sql.Stmt{}
		}
		if _, have := s.kept[query]; have {
			st.Close()
		} else {
			s.kept[query] = st
		}
		s.mu.Unlock()
	}
}
