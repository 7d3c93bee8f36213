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
}

const maxPages = 400

func (m *memory) get(stamp int64, minute time.Time, name string) []byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	if stamp != m.stamp || !minute.Equal(m.minute) || len(m.pages) > maxPages {
		m.stamp, m.minute, m.pages = stamp, minute, map[string][]byte{}
	}
	return m.pages[name]
}

func (m *memory) put(stamp int64, minute time.Time, name string, body []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if stamp == m.stamp && minute.Equal(m.minute) { // else it was made from what has changed meanwhile
		m.pages[name] = body
	}
}
