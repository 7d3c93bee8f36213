package widget

import (
	"net/netip"
	"sync"
	"time"

	"baraji/internal/kit/problem"
)

// pace bounds how much comes from one network, for each node by itself: an address,
// or with IPv6 the /64 that one subscriber has. The machine itself is not bounded: a
// proxy on it says who asks.
type pace struct {
	mu      sync.Mutex
	buckets map[netip.Prefix]bucket
}

// bucket is filled by one step after another, and empties with time.
type bucket struct {
	level float64
	at    time.Time
}

// An office behind one address chats with many people at once; a script writes faster.
const (
	mostAtOnce = 240.0 // steps
	aSecond    = 8.0   // steps that are forgotten in a second
	mostKnown  = 50_000
)

var errPace = problem.New(problem.Limited, "That is very much at once. Wait a little.")

// step counts a request from an address, or refuses it.
func (p *pace) step(from string, now time.Time) error {
	ip, err := netip.ParseAddr(from)
	if err != nil || ip.IsLoopback() {
		return nil
	}
	whole := network(ip)
	p.mu.Lock()
	defer p.mu.Unlock()
	b := p.buckets[whole]
	b.level = max(0, b.level-aSecond*now.Sub(b.at).Seconds())
	b.at = now
	if b.level >= mostAtOnce {
		e := *errPace
		return e.Wait(time.Second)
	}
	b.level++
	if p.buckets == nil || len(p.buckets) >= mostKnown {
		p.buckets = map[netip.Prefix]bucket{} // a network that floods from everywhere is not what this holds
	}
	p.buckets[whole] = b
	return nil
}

func network(ip netip.Addr) netip.Prefix {
	ip = ip.Unmap()
	bits := 32
	if ip.Is6() {
		bits = 64
	}
	p, _ := ip.WithZone("").Prefix(bits)
	return p
}
