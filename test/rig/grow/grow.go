// Package grow tells how the work for something grows with its size. It counts the processor's time for one thread, so that
// what else a machine does makes no difference, and it judges by ratios, so that a slow machine is none.
package grow

import (
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

// Times is how much larger the large one is. The square of it would be 64.
const Times = 8

// Linear fails the test when eight times the size costs more than three times what it should, which allows for caches and logarithms.
// do does the work for an input of so many bytes, or whatever else size counts.
func Linear(t *testing.T, name string, small int, do func(size int)) {
	t.Helper()
	if part, whole := Both(small, do); whole > 3*Times*part && whole > 5*time.Millisecond {
		t.Errorf("%s grows too fast: %v for %d, %v for %d", name, part, small, whole, small*Times)
	}
}

// Both is the work for the small size and for the large one. A ratio that looks bad is measured again: a bad moment is over
// then, and what grows too fast always does.
func Both(small int, do func(size int)) (part, whole time.Duration) {
	part, whole = least(do, small), least(do, small*Times)
	for range 5 {
		if whole <= 2*Times*part {
			break
		}
		part, whole = min(part, least(do, small)), min(whole, least(do, small*Times))
	}
	return part, whole
}

// least is the least that the work cost of three times.
func least(do func(size int), size int) time.Duration {
	runtime.GC()
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // whose garbage is collected when is chance
	best := time.Hour
	for range 3 {
		best = min(best, Cost(func() { do(size) }))
	}
	return best
}

// Cost is how long the processor worked for the goroutine that called, while it did something.
func Cost(do func()) time.Duration {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	began := worked()
	do()
	return worked() - began
}
