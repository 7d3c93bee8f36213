package widget

import (
	"maps"
	"sync"
	"time"
)

// sightings remembers, for each node by itself, which sites were written down lately, so that page views are not writes.
type sightings struct {
	mu sync.Mutex
	at map[string]map[string]time.Time // by widget and origin
}

const (
	seenAgain = 5 * time.Minute
	mostSites = 20 // of a widget within that time: an origin is only what a browser says
)

// due says whether a site has to be written down now.
func (s *sightings) due(widget, origin string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.at == nil {
		s.at = map[string]map[string]time.Time{}
	}
	sites := s.at[widget]
	maps.DeleteFunc(sites, func(_ string, at time.Time) bool { return now.Sub(at) >= seenAgain })
	if _, lately := sites[origin]; lately || len(sites) >= mostSites {
		return false
	}
	if sites == nil {
		sites = map[string]time.Time{}
		s.at[widget] = sites
	}
	sites[origin] = now
	return true
}
