//go:build shiftclock

package main

import (
	"os"
	"time"
)

// clock is the machine's, shifted by BARAJI_CLOCK_SHIFT (such as 4h): in test
// builds only.
func clock(real func() time.Time) func() time.Time {
	shift, err := time.ParseDuration(os.Getenv("BARAJI_CLOCK_SHIFT"))
	if err != nil {
		return real
	}
	return func() time.Time { return real().Add(shift) }
}
