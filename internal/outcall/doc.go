// Package outcall asks something of other systems over HTTP: a rule's step that calls the shop, the warehouse, a machine.
//
// # What it is
//
// A [Call] is one request: a method, an address, headers and a body, filled in as things were when the rule ran. It is kept in the transaction
// of the rule; a job sends it, through the one dialler, and tries again with pauses where that can help. The header Idempotency-Key is the id of
// the call, the same at every try, so a receiver can do it once.
//
// # Secrets
//
// What the receiver knows us by is a [Secret]: sealed with the installation's key, never shown again, called {secret.name} in an address, a header
// or a body. It goes to one host and to no other, whatever a rule says: who may make rules cannot send it to himself. A call is kept as pieces
// in which the names of secrets stand apart from texts ([Piece]); the secret itself is put in at the moment of sending. So it is in no log, on no
// page and in no export, and what a customer calls himself never becomes one.
//
// # States
//
//	waiting  is to be sent, or to be tried again
//	done     the receiver answered 2xx
//	failed   it was given up: what it was answered does not get better, or it was tried for a day
//
// # How nothing is lost
//
// The row is the queue. Each host has a job of its own, so one that hangs keeps only itself waiting. What a kill leaves is a row that waits; one
// whose answer was not written down is sent again with the same key. Of an answer its status is kept, nothing else. What was sent is known for a
// week, and goes when the customer or the conversation goes.
//
// # Facts
//
// GivenUp, Again (by hand); SecretMade, SecretChanged, SecretDeleted. They hold ids, never addresses or secrets.
package outcall
