// Package hookin takes what other systems tell: a shop that has sold something, a machine that has failed.
//
// # What it is
//
// A [Hook] is an address, /in/{address}, and a secret. What comes there is verified, kept as it came ([Item]), answered with 2xx, and then looked
// through by a job: a mapping says from which places of the JSON the customer is found or made, his fields, company, stage and tags are set, a
// conversation is opened, and which values rules may look at.
//
// # Who may send
//
// By the hook's [Scheme]: a signature by Standard Webhooks 1.0.0, whose time may be five minutes off; an HMAC-SHA256 of the body in a header, as
// GitHub and Shopify do it; or the secret itself, as a bearer token. What proves nothing is answered 401 and counted, and nothing of it is kept.
// What comes twice with one id is taken once; where a sender gives no id, the same bytes are the same message.
//
// # How nothing is lost
//
// The item is committed before the answer. What a kill leaves is an item that waits with its job, or one whose sender got no answer and sends it
// again with the same id. Doing it is one transaction with the end of its job: it is done whole, once, or not at all.
//
// # States
//
// of an item:
//
//	waiting  is to be looked through
//	done     was
//	failed   it did not fit the mapping: the item says why, and one may try again when the mapping is mended
//
// # Facts
//
// Received, to which rules listen; Made, Changed, Switched, Rotated, Deleted. They hold ids only: the log is for good, and what was sent is about
// people. The values stay with the item for thirty days, and rules read them there ([Values]).
package hookin
