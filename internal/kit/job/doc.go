// Package job is work to do later: kept in the database, done in order within
// its lane, tried again until it is done or given up.
//
// A job is added in the transaction that makes it necessary (Add), so there is
// never one without the other. Its lane says what it must not overtake: work of
// one lane is done one after another, lanes beside each other. A lane is leased
// as a whole; the lease carries a fence, and a node that lost it cannot finish
// what it began. The job that is at the head of a lane holds the lane up while
// it waits to be tried again; one that is given up (failed) waits for a person
// on the jobs page and lets the others pass.
//
// What a job does:
//
//   - a handler that only works on the database does it in one Write and calls
//     Run.Finish in it: the work and its end are one commit;
//   - a handler that uses the network reads, uses the network, and then writes.
//     It may be run again after the network part, and has to bear that.
//
// A try is counted even when the process dies of it: whoever finds a lane whose
// holder died (he never gave the lease back) counts that as a failure of the job
// he had in hand. So what kills the process is given up like what only fails.
//
// What is nobody's fault, a full disk or a database that is away, is not counted,
// and how a job ended is written as soon as the database takes it again.
//
// Nothing polls: the runner sleeps until the next job is due or somebody adds
// one. Where several nodes share the database, hints travel by kit/wake, and a
// slow look at the queue is the safety net.
package job
