package helpcenter

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/knowledge"
	"baraji/internal/web/ui"
)

// reads counts in memory what was read since the last time it was written.
type reads struct {
	mu    sync.Mutex
	count map[knowledge.ID]int
	since time.Time
}

// readsKept is how long reads stay in memory.
const readsKept = 5 * time.Second

// add counts one, and hands over all of them when it is time to write.
func (c *reads) add(id knowledge.ID, now time.Time) map[knowledge.ID]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.count == nil {
		c.count, c.since = map[knowledge.ID]int{}, now
	}
	c.count[id]++
	if now.Sub(c.since) < readsKept {
		return nil
	}
	due := c.count
	c.count = nil
	return due
}

// counted notes that somebody read an article, after the answer has gone out. Machines do not count.
func (a area) counted(w http.ResponseWriter, v visit, id knowledge.ID) {
	if machine(v.r.UserAgent()) {
		return
	}
	due := a.reads.add(id, a.DB.Now())
	if due == nil {
		return
	}
	ui.Sent(w)
	if err := a.DB.Write(v.ctx, func(tx *db.Tx) error { return knowledge.AddReads(v.ctx, tx, due) }); err != nil {
		a.Log.Warn("reads of articles were not counted", "error", err)
	}
}

func machine(agent string) bool {
	agent = strings.ToLower(agent)
	for _, sign := range []string{"bot", "crawl", "spider", "slurp", "preview"} {
		if strings.Contains(agent, sign) {
			return true
		}
	}
	return false
}
