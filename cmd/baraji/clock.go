//go:build !shiftclock

package main

import "time"

// clock is the desk's clock. Builds for tests have another one (clock_shift.go).
func clock(real func() time.Time) func() time.Time { return real }
