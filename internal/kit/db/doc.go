// Package db runs transactions on SQLite or PostgreSQL. It is the only place
// that knows the drivers.
//
// Queries are written once, with $1, $2, … as placeholders, in the SQL that
// both engines speak: BIGINT for ids, times (Unix milliseconds) and money,
// INTEGER, TEXT, BOOLEAN, DOUBLE PRECISION and BYTEA; no arrays, no JSON
// operators, no now(), no sequences, no triggers. Every list has an ORDER BY.
//
//   - Read sees one moment and cannot write.
//   - Write behaves as if it ran alone and may be run again: do nothing in it
//     but database work, and let After do the rest.
//   - Tx.Together runs reads that do not depend on each other; PostgreSQL is
//     asked for all of them in one message.
//   - Claim is a Write for queues: rows are locked one by one, so that two
//     nodes that take work do not clash. Guard each change by what it expects.
//
// SQLite has one writer connection and a pool of readers over a write-ahead
// log, synchronous=FULL: what was committed survives a power cut. Those who want
// to write at the same time share a commit (convoy.go). PostgreSQL
// writes are SERIALIZABLE and are run again after a clash.
//
// A Tx is the only source of time and ids, so that a test can fix both.
package db
