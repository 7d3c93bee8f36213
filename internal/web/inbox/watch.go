package inbox

import (
	"net/http"
	"slices"
	"sync"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// watchers is who looks at which conversation at this moment. It is kept in
// memory only: it is a courtesy, and a restart forgets what half a minute tells again.
type watchers struct {
	mu   sync.Mutex
	seen map[conversation.ID]map[team.ID]watching
}

type watching struct {
	name  string
	until time.Time
}

// watchTime is how long somebody counts as looking after his page last said so.
const watchTime = 45 * time.Second

// others are the names of those who look at a conversation beside whoever asks,
// who is noted.
func (ws *watchers) others(id conversation.ID, me team.Actor, now time.Time) (names []string) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if ws.seen == nil {
		ws.seen = map[conversation.ID]map[team.ID]watching{}
	}
	if ws.seen[id] == nil {
		ws.seen[id] = map[team.ID]watching{}
	}
	if me.Person != 0 {
		ws.seen[id][me.Person] = watching{me.Name, now.Add(watchTime)}
	}
	for who, w := range ws.seen[id] {
		switch {
		case w.until.Before(now):
			delete(ws.seen[id], who)
		case who != me.Person:
			names = append(names, w.name)
		}
	}
	ws.forget(now)
	slices.Sort(names)
	return names
}

// forget drops conversations that nobody looks at any more.
func (ws *watchers) forget(now time.Time) {
	if len(ws.seen) < 1000 {
		return
	}
	for id, people := range ws.seen {
		for who, w := range people {
			if w.until.Before(now) {
				delete(people, who)
			}
		}
		if len(people) == 0 {
			delete(ws.seen, id)
		}
	}
}

// watch is what an open page says every now and then: that somebody still looks.
// It answers who else does.
func (a *area) watch(w http.ResponseWriter, r *http.Request) error {
	id, err := conversationID(r)
	if err != nil {
		return err
	}
	err = a.DB.Read(r.Context(), func(tx *db.Tx) error { _, err := conversation.Get(r.Context(), tx, id); return err })
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, lookers(a.watchers.others(id, team.From(r.Context()), a.DB.Now())))
	return nil
}
