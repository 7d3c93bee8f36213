package rig

import "os"

// Full tells whether the long form of the fault and load tests was asked for: `make full`, or BARAJI_TEST_FULL=1.
func Full() bool { return os.Getenv("BARAJI_TEST_FULL") == "1" }

// Size is how much of something a test does: short in the ordinary run, full in the long one.
func Size(short, full int) int {
	if Full() {
		return full
	}
	return short
}
