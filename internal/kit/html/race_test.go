//go:build race

package html_test

// slower is how much longer the race detector may take.
const slower = 10
