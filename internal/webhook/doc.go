// Package webhook tells other systems what happened, by the Standard Webhooks specification 1.0.0 (standardwebhooks.com).
//
// # What it is
//
// An [Endpoint] is an address that takes facts of the log: all, or those of chosen areas and kinds. Each event goes out once per endpoint as a
// POST ([Payload]) with the headers webhook-id (the id of the event, the same at every try), webhook-timestamp (of the try) and webhook-signature:
// one HMAC-SHA256 for each secret that is valid, so a receiver may learn a new one within a day.
//
// What is sent is thin: the event exactly as GET /events tells it, and nothing of its subject. An event is told again for three days, and what it is
// about may have changed or been erased by then; whoever wants to know asks the API, which says how it is now and looks who may see it.
//
// # States
//
//	on       takes what happens
//	off      somebody switched it off
//	failing  it took nothing for three days, and was switched off
//	gone     it answered 410, and was switched off
//
// A [Delivery], one event for one endpoint:
//
//	waiting    is to be sent, or to be tried again
//	delivered  the receiver answered 2xx
//	failed     it did not for three days (a trial: at once)
//	missed     it was waiting when the endpoint was switched off
//
// # How nothing is lost
//
// The log is the queue. An endpoint has a place in it, and moves on in the transaction that writes the deliveries of what it passes ([Hooks.Take]).
// Bodies are not kept: each try makes its own from the event. What a kill leaves is either behind the place or a delivery that waits; one whose answer
// was not written down is sent again with the same id.
//
// # Order and patience
//
// Deliveries of one subject go in the order of the log, one after another. Each endpoint has a job of its own in a pool that has room for all of them,
// and sends a few at once: who is slow keeps only himself waiting. A delivery that fails is tried again with growing pauses; an endpoint that only
// fails is asked by one request at a time, at most every five minutes.
//
// # Facts
//
// Made, Changed, Deleted, Rotated, Switched, Tried, Resent, Disabled. They hold ids, never addresses or secrets.
package webhook
