package team

import (
	"time"

	"baraji/internal/kit/problem"
)

// bucket is what a token may still ask for: it fills up evenly, to a minute's worth.
type bucket struct {
	left float64
	at   time.Time
}

// Spend takes one request from a token's minute, or says how long to wait. Each
// node counts for itself.
func (d *Door) Spend(t Token, now time.Time) error {
	if t.Rate == 0 {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	b, ok := d.buckets[t.ID]
	if !ok {
		b = bucket{left: float64(t.Rate), at: now}
	}
	perSecond := float64(t.Rate) / 60
	if passed := now.Sub(b.at).Seconds(); passed > 0 {
		b.left, b.at = min(b.left+passed*perSecond, float64(t.Rate)), now
	}
	if b.left < 1 {
		d.buckets[t.ID] = b
		wait := time.Duration((1 - b.left) / perSecond * float64(time.Second))
		return problem.New(problem.Limited, "Too many requests: this token may make %d a minute.", t.Rate).Wait(max(wait, time.Millisecond))
	}
	b.left--
	d.buckets[t.ID] = b
	return nil
}

// forgetBuckets drops those that are full again by now.
func (d *Door) forgetBuckets(now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for id, b := range d.buckets {
		if now.Sub(b.at) >= time.Minute {
			delete(d.buckets, id)
		}
	}
}
