package db

import (
	"context"
	"database/sql"
	"errors"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// Together runs reads that do not depend on one another. On PostgreSQL, in a Read, the statements that they wait for at the same time travel in one
// message, and so do the answers (pipelining): a page of fifty statements waits for the network a few times instead of fifty. Elsewhere they run one
// after the other. Each is given the transaction under a name of its own and writes only to what is its own: they run at the same time. The first error
// is returned; on PostgreSQL the others may have run as well. None may hold a lock while it asks that another of them could wait for: all are sent
// when all wait for an answer. See docs/decisions/0020-reading-together.md.
func (tx *Tx) Together(ctx context.Context, reads ...func(*Tx) error) error {
	if tx.conn == nil || len(reads) < 2 {
		for _, read := range reads {
			if err := read(tx); err != nil {
				return err
			}
		}
		return nil
	}
	g := tx.gather
	if g == nil {
		g = &gather{root: tx, busy: 1}
	}
	return g.run(ctx, tx, reads)
}

// Into is a read for Together whose result is put into a place.
func Into[T any](ctx context.Context, place *T, read func(context.Context, *Tx) (T, error)) func(*Tx) error {
	return func(tx *Tx) (err error) {
		*place, err = read(ctx, tx)
		return err
	}
}

// gather collects the questions of those who run together. When nobody can go on without an answer, all are asked at once.
type gather struct {
	root  *Tx
	mu    sync.Mutex
	busy  int // those who wait neither for an answer nor for others
	asked []*question
}

// question is a statement that somebody waits for.
type question struct {
	query  string
	args   []any
	answer *answer
	err    error
	done   chan struct{}
}

// errAfter is what a question gets that stood behind one that failed.
var errAfter = errors.New("a statement before it failed")

// together are those who run at the same time for one who waits for them.
type together struct {
	left   int // guarded by the gather's mu
	err    error
	thrown any // a panic; it goes on where it would have without us
	done   chan struct{}
}

func (g *gather) run(ctx context.Context, tx *Tx, reads []func(*Tx) error) error {
	t := &together{left: len(reads), done: make(chan struct{})}
	g.mu.Lock()
	g.busy += len(reads) - 1 // whoever called waits
	g.mu.Unlock()
	for _, read := range reads {
		go func() {
			var err error
			defer func() { g.end(ctx, t, err, recover()) }()
			err = read(&Tx{db: tx.db, conn: tx.conn, gather: g, now: tx.now})
		}()
	}
	<-t.done
	if t.thrown != nil {
		panic(t.thrown)
	}
	return t.err
}

// end is called by each of them when it is through. The last one hands its place to whoever waits for them.
func (g *gather) end(ctx context.Context, t *together, err error, thrown any) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if t.thrown == nil {
		t.thrown = thrown
	}
	if t.err == nil || errors.Is(t.err, errAfter) && err != nil {
		t.err = err
	}
	if t.left--; t.left == 0 {
		close(t.done)
		return
	}
	g.rest(ctx)
}

// query asks, and waits until everybody else has asked or is through.
func (g *gather) query(ctx context.Context, tx *Tx, query string, args []any) (*sql.Rows, error) {
	q := &question{query: query, args: args, done: make(chan struct{})}
	g.mu.Lock()
	g.asked = append(g.asked, q)
	g.rest(ctx)
	g.mu.Unlock()
	<-q.done
	if q.err != nil {
		return nil, q.err
	}
	return tx.db.told.QueryContext(ctx, "", q.answer)
}

// rest is called with the lock, by whoever cannot go on for now. While they all wait nobody else uses the connection.
func (g *gather) rest(ctx context.Context) {
	if g.busy--; g.busy > 0 || len(g.asked) == 0 {
		return
	}
	all := g.asked
	g.asked = nil
	err := g.root.conn.Raw(func(driver any) error { return exchange(ctx, driver.(*stdlib.Conn).Conn(), all) })
	g.busy += len(all)
	for _, q := range all {
		if q.answer == nil && q.err == nil {
			q.err = err
		}
		close(q.done)
	}
}

// exchange sends all questions, then reads all answers.
func exchange(ctx context.Context, conn *pgx.Conn, all []*question) error {
	b := &pgx.Batch{}
	for _, q := range all {
		b.Queue(q.query, q.args...)
	}
	answers := conn.SendBatch(ctx, b)
	for i, q := range all {
		rows, err := answers.Query()
		if err == nil {
			q.answer, err = take(rows, conn.TypeMap())
		}
		if err == nil {
			continue
		}
		q.err = err
		for _, after := range all[i+1:] {
			after.err = errAfter
		}
		break
	}
	return answers.Close()
}
