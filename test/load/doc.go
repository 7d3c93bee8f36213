// Package load measures the whole program under load, from outside, on a desk
// that is full: the figures of docs/performance.md. One generator fills both
// engines with the same content; loader and program share the machine.
package load
