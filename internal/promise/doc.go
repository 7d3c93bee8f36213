// Package promise is what was promised to customers, in a sale or in a talk: the words, who keeps them, until when.
//
// # What it is
//
// A promise belongs to a customer and has an owner. As a rule it comes from a sentence of a conversation, which it keeps, so that
// nobody argues about what was said. It is due at a day (then: by its end, on the firm's clock) or at a time.
//
// # States
//
//	open    it is to be kept
//	kept    it was kept
//	broken  it was not
//
// Another day can be agreed on ([Move]): the promise stays open, the earlier days are kept, and the customer is told. What is
// closed can be opened again.
//
// # Who sees what
//
// A promise out of a conversation is seen by those who see the conversation, one without by those who see customers; its owner
// sees it always. The rule stands in the query ([Visible]).
//
// # Warned in time
//
// A timer rings one working day before a promise is due (each owner chooses how many), and when it is due. Nothing polls.
//
// # Facts
//
// Made, Changed, WasKept, Broke, Moved, Reopened, Removed, Warned, Slipped. They hold ids and times, never words.
package promise
