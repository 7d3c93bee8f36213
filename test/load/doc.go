// Package load measures the whole program under load, from outside, on a desk
// that is full: the figures of docs/performance.md. One generator fills both
// engines with the same content; loader and program share the machine.
//
// The environment chooses what is measured: BARAJI_LOAD=small (5,000
// conversations) or ten (a million), BARAJI_TEST_ENGINES the engines,
// BARAJI_LOAD_ONLY the rows, by parts of their names with ; between.
// BARAJI_LOAD_DATA=folder keeps SQLite's filled file there, BARAJI_LOAD_POSTGRES
// is a database to fill or, when it is full, to use as it is.
package load
