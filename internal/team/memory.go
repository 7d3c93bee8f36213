package team

import (
	"context"
	"sync"

	"baraji/internal/kit/db"
)

// memory keeps what was read about cookies and tokens, by digest. Each is good
// for one version of everything that it was read from. The version is read anew
// on every request and changes in the transaction that changes anything (change),
// so what is remembered is never older than the database. Reading one number takes
// a fifth of the time of reading who somebody is. The zero value works.
type memory[T any] struct {
	mu   sync.RWMutex
	kept map[string]remembered[T]
}

type remembered[T any] struct {
	version int64
	what    T
}

// most bounds what is remembered; beyond it everything is read again.
const most = 10_000

func (m *memory[T]) get(digest string, version int64) (what T, ok bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	r, ok := m.kept[digest]
	return r.what, ok && r.version == version
}

func (m *memory[T]) put(digest string, version int64, what T) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.kept == nil || len(m.kept) >= most {
		m.kept = map[string]remembered[T]{}
	}
	m.kept[digest] = remembered[T]{version, what}
}

func version(ctx context.Context, tx *db.Tx) (int64, error) {
	return db.Value[int64](ctx, tx, `SELECT n FROM team_version WHERE one = 1`)
}

// change is tx.Exec for what decides who comes in and may do what: people, roles,
// members, sessions, tokens.
func change(ctx context.Context, tx *db.Tx, query string, args ...any) (int64, error) {
	n, err := tx.Exec(ctx, query, args...)
	if err != nil || n == 0 {
		return n, err
	}
	return n, forgetKnown(ctx, tx)
}

// forgetKnown makes what every process remembers worthless. The new version is an
// id, not a number that counts up: one that was rolled back never comes again.
func forgetKnown(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `UPDATE team_version SET n = $1 WHERE one = 1`, tx.NewID())
	return err
}
