// Package form is the forms on which customers write to the firm: what is asked, and what comes of what was sent.
//
// # What it is
//
// A form has an address (/f/{slug}), an inbox whose team answers, texts in Korean and English, and fields in an order. A
// field may depend on an earlier one (Condition): it is asked, and counts, only when that one has a certain answer.
//
// A form is changed by saving its whole [Definition]. Each definition that somebody has answered stays as a version for
// good, and what was sent keeps the version that it was made with: what a customer agreed to can always be read again.
//
// # States
//
//	draft   only the team sees it
//	live    everybody may send it
//	closed  nobody may any more; what was sent stays
//
// # What was sent
//
// A submission is stored first, exactly once for each page that was shown (the page carries a signed [Stamp]), and becomes
// a conversation in the same transaction. Nobody has proven who sends: the sender is the customer with the address that was
// typed in, so that his line is whole, but nothing that is known of him is changed, and nothing of him is shown. The first
// message carries the flag "unverified". What looks as if a machine had sent it is held, never lost: people look at it.
//
//	received   it became a conversation
//	held       somebody has to look at it: Reason says why
//	discarded  somebody has, and it was nothing; its answers are forgotten
//
// An answer of the team goes on by mail (OnReplied). A confirmation, where the form has one, says fixed words only, and at
// most one a day and three in a month go to an address: a form is no way to send mail to others (T26).
//
// # Facts
//
// Created, Changed, StateSet, Removed; Submitted, Held, Accepted, Discarded. They hold ids and states only.
package form
