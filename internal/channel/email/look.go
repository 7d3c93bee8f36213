package email

import (
	"context"
	"slices"
	"time"

	"baraji/internal/inbox"
)

// lookWithin is how long Look waits for the mail servers.
const lookWithin = 2 * time.Second

// Look has every mailbox that this process reads read once more, now, and says
// whether all of them were: a server tells of new mail a moment after it has it.
func (m *Mail) Look(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, lookWithin)
	defer cancel()
	m.mu.Lock()
	var list []chan chan struct{}
	for _, asks := range m.asks {
		list = append(list, asks)
	}
	m.mu.Unlock()
	var answers []chan struct{}
	for _, asks := range list {
		done := make(chan struct{})
		select {
		case asks <- done:
			answers = append(answers, done)
		case <-ctx.Done():
			return false
		}
	}
	for _, done := range answers {
		select {
		case <-done:
		case <-ctx.Done():
			return false
		}
	}
	return true
}

// listens makes a watcher one that can be asked to look, until end is called.
func (w *watcher) listens() (end func()) {
	m := w.mail
	m.mu.Lock()
	defer m.mu.Unlock()
	asks := make(chan chan struct{})
	w.asks = asks
	m.asks[w.inbox] = asks
	return func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.asks[w.inbox] == asks {
			delete(m.asks, w.inbox)
		}
	}
}

// answer tells those who asked that the mailbox has been read since.
func (w *watcher) answer() {
	for _, done := range w.asking {
		close(done)
	}
	w.asking = slices.Delete(w.asking, 0, len(w.asking))
}

// asksOf is what Look asks, by mailbox.
type asksOf map[inbox.ID]chan chan struct{}
