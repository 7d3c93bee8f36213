//go:build !linux

package grow

import "time"

var began = time.Now()

// worked is the time that went by: other systems do not count a thread's.
func worked() time.Duration { return time.Since(began) }
