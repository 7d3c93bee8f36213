//go:build race

package mail

// slower is how much longer the race detector may take.
const slower = 10
