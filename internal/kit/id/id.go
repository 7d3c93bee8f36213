// Package id is the ids of everything: 63-bit numbers, ordered by time, made
// by us before the insert, shown at every edge as a prefixed string such as
// cnv_01k3v9q8m0c2r. Each noun has its own Go type, so that they cannot be
// mixed up:
//
//	type ID = id.Of[idKind]
//	type idKind struct{}
//	func (idKind) Prefix() string { return "cnv" }
package id

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"
)

// Kind names the noun that an id belongs to.
type Kind interface{ Prefix() string }

// Of is the id of one noun. Zero means none.
type Of[K Kind] int64

// digits is Crockford's base 32: no i, l, o, u.
const digits = "0123456789abcdefghjkmnpqrstvwxyz"

// length of the number part: 13 × 5 bits hold 63.
const length = 13

// Format makes the string form of an id.
func Format(prefix string, n int64) string {
	var b [length]byte
	for i := length - 1; i >= 0; i-- {
		b[i] = digits[n&31]
		n >>= 5
	}
	return prefix + "_" + string(b[:])
}

// ErrBad says that a string is not an id of the wanted kind.
var ErrBad = errors.New("not an id")

// Parse reads the string form of an id with the given prefix.
func Parse(prefix, s string) (int64, error) {
	num, ok := strings.CutPrefix(s, prefix+"_")
	if !ok || len(num) != length || num[0] > '7' {
		return 0, ErrBad
	}
	var n int64
	for i := range length {
		d := strings.IndexByte(digits, num[i])
		if d < 0 {
			return 0, ErrBad
		}
		n = n<<5 | int64(d)
	}
	if n <= 0 {
		return 0, ErrBad
	}
	return n, nil
}

// String is the prefixed form, or "" for none.
func (id Of[K]) String() string {
	if id == 0 {
		return ""
	}
	var k K
	return Format(k.Prefix(), int64(id))
}

// MarshalText writes the prefixed form.
func (id Of[K]) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads the prefixed form; "" is none.
func (id *Of[K]) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*id = 0
		return nil
	}
	var k K
	n, err := Parse(k.Prefix(), string(b))
	if err != nil {
		return fmt.Errorf("%q: %w of kind %s", b, err, k.Prefix())
	}
	*id = Of[K](n)
	return nil
}

// Read parses s as an id of the noun I.
func Read[I ~int64, P interface {
	*I
	UnmarshalText([]byte) error
}](s string) (I, error) {
	var v I
	if s == "" {
		return v, ErrBad
	}
	err := P(&v).UnmarshalText([]byte(s))
	return v, err
}

// epoch is where the 41 bits of milliseconds begin; they last 69 years.
var epoch = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()

// Maker makes ids: 41 bits of time, 10 of the node, 12 of a running number.
// Ids of one Maker only ever grow, even when its clock goes back.
type Maker struct {
	mu   sync.Mutex
	node int64
	last int64 // milliseconds since epoch
	seq  int64
}

// NewMaker makes ids for one node (0…1023; the rest is cut off).
func NewMaker(node int) *Maker {
	return &Maker{node: int64(node) & 1023}
}

// Next makes an id for the moment now.
func (m *Maker) Next(now time.Time) int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	ms := max(now.UnixMilli()-epoch, 1)
	switch {
	case ms > m.last:
		m.last, m.seq = ms, rand.Int64N(1024) // a random start: two makers of one node number still hardly meet
	case m.seq == 4095:
		m.last, m.seq = m.last+1, 0
	default:
		m.seq++
	}
	return m.last<<22 | m.node<<12 | m.seq
}

// At makes an id for a moment in the past, for imported things that must sort
// where they belong. Ids made by At are random within their millisecond.
func (m *Maker) At(t time.Time) int64 {
	ms := max(t.UnixMilli()-epoch, 1)
	return ms<<22 | rand.Int64N(1<<22)
}

// Time is when an id was made, to the millisecond.
func Time(n int64) time.Time { return time.UnixMilli(n>>22 + epoch).UTC() }

// From is the smallest id of a moment, for ranges.
func From(t time.Time) int64 { return max(t.UnixMilli()-epoch, 0) << 22 }
