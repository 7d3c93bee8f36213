package helpcenter

import (
	"fmt"
	"sync"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/knowledge"
)

// memory keeps lists that pages show to strangers, so that they are not counted and sorted anew for each of them. It asks the
// database each time whether they still hold: what was withdrawn is gone from the next page. What it gives is only read.
type memory struct {
	mu    sync.Mutex
	stamp int64
	since time.Time
	kept  map[string]any
	pages map[string]drawn
	bytes int // of pages
}

const (
	remembered = time.Minute // the order by reads changes without a stamp
	maxKept    = 4000        // lists
	maxBytes   = 16 << 20    // pages
)

// remember gives the list of a name as it was made last, if it holds for this reader, else as make makes it.
func remember[T any](a area, v visit, tx *db.Tx, name string, make func() (T, error)) (T, error) {
	if knowledge.ReaderOf(v.ctx).SignedIn {
		return make()
	}
	stamp, err := knowledge.Stamp(v.ctx, tx)
	if err != nil {
		var none T
		return none, err
	}
	name = fmt.Sprint(v.locale, " ", name)
	if list, ok := a.memory.get(stamp, a.DB.Now(), name); ok {
		return list.(T), nil
	}
	list, err := make()
	if err == nil {
		a.memory.put(stamp, name, list)
	}
	return list, err
}

func (m *memory) get(stamp int64, now time.Time, name string) (any, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if stamp > m.stamp || now.Sub(m.since) > remembered || len(m.kept) > maxKept {
		m.fresh(max(stamp, m.stamp), now)
	}
	list, ok := m.kept[name]
	return list, ok && stamp == m.stamp
}

func (m *memory) put(stamp int64, name string, list any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if stamp == m.stamp { // else it was made from what has changed meanwhile
		m.kept[name] = list
	}
}

// fresh forgets everything.
func (m *memory) fresh(stamp int64, now time.Time) {
	m.stamp, m.since, m.kept, m.pages, m.bytes = stamp, now, map[string]any{}, map[string]drawn{}, 0
}

// page is a page as it was drawn last, if it holds.
func (m *memory) page(stamp int64, now time.Time, name string) (drawn, bool) {
	m.get(stamp, now, name) // what holds no more is forgotten
	m.mu.Lock()
	defer m.mu.Unlock()
	p, ok := m.pages[name]
	return p, ok && stamp == m.stamp
}

// keep keeps a page that was drawn when stamp was the last.
func (m *memory) keep(stamp int64, name string, p drawn) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if stamp != m.stamp || m.pages == nil {
		return
	}
	if m.bytes += len(p.body); m.bytes > maxBytes {
		m.pages, m.bytes = map[string]drawn{}, len(p.body)
	}
	m.pages[name] = p
}
