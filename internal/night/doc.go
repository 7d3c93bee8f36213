// Package night is what happened while the house was closed, for those who come in the morning: what still waits, what a partner or
// somebody on call began and did not end, and what was solved and should become an article.
//
// # What it is
//
// A [Span] is the last stretch of at least four hours outside the firm's working hours: a night, a weekend, or the time since closing
// while it lasts. A lunch break is none. [Cases] are the conversations in which somebody wrote during it, each with who answered. Each
// is in one group: it waits, it is open, or it was solved. Who has looked at a case ticks it off ([Look]); when somebody writes in it
// again it is back.
//
// [Share] is how much of all that customers ask comes outside working hours (S4-20), as they are now.
//
// # Facts
//
// Looked, Unlooked.
package night
