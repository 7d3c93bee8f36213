// Package rig starts the real things that tests talk to: PostgreSQL, Dovecot, a receiving SMTP server and the program itself.
//
// Each function takes the test, starts its server on a free loopback port in a folder of its own, stops it when the test is over and prints the
// end of its log when the test failed. A server that needs another process never outlives the test process, even one that was killed.
//
//	pg := rig.Postgres(t)                  // one server for all packages of a `go test` run
//	url := pg.Database(t)                  // a fresh database in it, some 20 ms
//	own := rig.OwnPostgres(t, rig.PGSetup{Fsync: true}) // a server that the test may stop and kill
//	box := rig.Dovecot(t)                  // IMAP and LMTP; Deliver, Append, Messages, ResetUIDValidity
//	sink := rig.Sink(t, rig.SinkSetup{})   // the receiving side, with a journal and answers one can script
//	desk := rig.Program(t)                 // `baraji serve` as a child: Kill, Restart, API, WaitDrained
//
// What is heavy to link stands in folders of its own: rig/browser (Chromium), rig/nats (embedded NATS servers), rig/wire (network faults).
//
// A part that is not installed skips the test, loudly, or fails it when CI=true: see [Need].
package rig
