package grow

import (
	"time"

	"golang.org/x/sys/unix"
)

// worked is how long the processor has worked for this thread, in nanoseconds: clock_gettime(2).
func worked() time.Duration {
	var at unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &at); err != nil {
		panic(err)
	}
	return time.Duration(at.Nano())
}
