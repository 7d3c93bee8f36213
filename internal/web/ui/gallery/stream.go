package gallery

import (
	"fmt"
	"net/http"
	"sync"
)

// stream stands for kit/live: it tells every page that "shop" changed.
type stream struct {
	mu   sync.Mutex
	n    int           // changes
	open int           // pages that listen
	told chan struct{} // closed and made anew with each change
}

func (s *stream) tell() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
	close(s.told)
	s.told = make(chan struct{})
}

func (s *stream) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.n
}

func (s *stream) listening(by int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open += by
	return s.open
}

func (s *stream) next() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.told
}

func (s *stream) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	next := s.next()
	s.listening(1)
	defer s.listening(-1)
	fmt.Fprint(w, ": hello\n\n")
	for http.NewResponseController(w).Flush() == nil {
		select {
		case <-r.Context().Done():
			return
		case <-next:
			next = s.next()
			fmt.Fprint(w, "event: change\ndata: {\"topic\":\"shop\"}\n\n")
		}
	}
}
