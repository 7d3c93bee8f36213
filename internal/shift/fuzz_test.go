package shift

import (
	"math/rand/v2"
	"testing"
	"time"

	"baraji/internal/kit/hours"
)

// given draws what the fuzzer gave, two bytes at a time, and then something that depends on nothing else.
type given struct {
	data []byte
	rest *rand.PCG
}

func (g *given) Uint64() uint64 {
	low := g.rest.Uint64() >> 16
	if len(g.data) < 2 {
		return g.rest.Uint64()
	}
	n := uint64(g.data[0])<<56 | uint64(g.data[1])<<48
	g.data = g.data[2:]
	return n | low
}

// FuzzPlan holds the plan of a rota that the fuzzer makes (turns of layers, shifts by hand, overrides, leave with deputies, in any zone of T17) against
// the oracle of TestPlanIsWhatTheWordsMean, minute by minute.
func FuzzPlan(f *testing.F) {
	for i := range zones {
		f.Add(uint8(i), int8(0), []byte("\x00\x00\x80\x00 two layers, a swap, somebody on leave"))
	}
	f.Add(uint8(0), int8(1), []byte{255, 0, 128, 7, 0, 0, 66, 1, 200, 200, 31, 31, 90, 14, 250, 250, 3, 3})
	f.Fuzz(func(t *testing.T, which uint8, off int8, data []byte) {
		z := zones[int(which)%len(zones)]
		zone, err := time.LoadLocation(z.name)
		if err != nil {
			t.Fatal(err)
		}
		near, err := hours.ParseDate(z.near)
		if err != nil {
			t.Fatal(err)
		}
		near = near.Add(int(off) % 3)
		held(t, random(rand.New(&given{data, rand.NewPCG(17, uint64(len(data)))}), zone, near), zone, near, len(data), 1)
	})
}
