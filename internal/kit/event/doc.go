// Package event is the log of what happened: written in the transaction that
// made it happen, never changed, read by everything that reacts.
//
// Record appends facts and adds one job for each reaction, in the same
// transaction. The log is the timeline on the page, the audit trail, the source
// of webhooks, and what a browser's live stream resumes from.
//
// # Order and chain
//
// Transactions commit in another order than their ids were made, and a log that
// is read by "everything after X" must not grow in the middle. So an event gets
// its place in the log (Seq, without gaps) a moment after its commit, from the
// sealer (Seal), which also chains it: hash = SHA-256(hash before, seq, and all
// that the event says). Whoever changes, removes or reorders sealed events
// breaks the chain, and Verify says where.
//
// # Cause and depth
//
// A reaction acts in the name of the fact that it reacts to: facts recorded in
// it carry that fact's id as cause and a depth one greater. At MaxDepth
// reactions stop, so that two that set each other off do not go on for ever.
package event
