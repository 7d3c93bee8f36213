package status

import (
	"sync"
	"time"
)

// memory keeps pages that were drawn for strangers, as long as they hold: until something public changes, or the minute is over.
type memory struct {
	mu     sync.Mutex
	stamp  int64
	minute time.Time
	pages  map[string][]byte
	drawn  map[string]*sync.Mutex // held by whoever draws a page
}

const maxPages = 400

func (m *memory) get(stamp int64, minute time.Time, name string) []byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	if stamp > m.stamp || minute.After(m.minute) || len(m.pages) > maxPages || m.pages == nil {
		m.stamp, m.minute, m.pages, m.drawn = stamp, minute, map[string][]byte{}, map[string]*sync.Mutex{}
	}
	if stamp != m.stamp || !minute.Equal(m.minute) { // a reader who began before the others
		return nil
	}
	return m.pages[name]
}

// alone waits until nobody draws a page any more: when something is broken hundreds ask at once for what has just become another, and it is drawn once.
func (m *memory) alone(name string) (done func()) {
	m.mu.Lock()
	if m.drawn == nil {
		m.drawn = map[string]*sync.Mutex{}
	}
	one := m.drawn[name]
	if one == nil {
		one = &sync.Mutex{}
		m.drawn[name] = one
	}
	m.mu.Unlock()
	one.Lock()
	return one.Unlock
}

func (m *memory) put(stamp int64, minute time.Time, name string, body []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if stamp == m.stamp && minute.Equal(m.minute) { // else it was made from what has changed meanwhile
		m.pages[name] = body
	}
}
