// Package faults drives the whole program from outside while everything goes
// wrong: killed at random moments, its mail servers slow, its disk full, its
// database away. What is promised is counted: every mail that came in is in a
// conversation or in the quarantine, once; every answer left once, or is visibly
// not confirmed. The numbers of the tests (T01 …) are those of reliability.md.
package faults
