package grow_test

import (
	"strings"
	"testing"

	"baraji/test/rig/grow"
)

func TestLinearWorkPasses(t *testing.T) {
	grow.Linear(t, "fields", 200_000, func(size int) { strings.Fields(strings.Repeat("a ", size/2)) })
}

func TestTheSquareDoesNot(t *testing.T) {
	part, whole := grow.Both(1000, func(size int) {
		s, n := strings.Repeat("a", size), 0
		for i := range s {
			n += strings.Count(s[i:], "b")
			for k := i; k < len(s); k++ {
				n += int(s[k])
			}
		}
	})
	if whole < 32*part {
		t.Errorf("%v, and %v for eight times as much: work that grows with the square would pass", part, whole)
	}
}
