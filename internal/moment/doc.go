// Package moment is times at which rules and flows begin.
//
// # What it is
//
// A [When] is one of two things. A schedule: every hour, every day, on some days of the week, on a day of the month, on the wall of a zone; about
// nothing, or about each conversation, customer or company of which the conditions of the rule are so. Or a date: so long before or after a date of
// a conversation, a customer or a company, the built-in ones and every own field that is a date; a date without a time of day happens at
// an hour on the customer's wall (else the firm's), and can come again every year.
//
// # How it is done
//
// Whoever begins so hands in a [Plan]. A plan is a row with one timer (kit/job), which is set to the next time at which something can be due;
// nobody polls. When it rings, one indexed question finds what is due since the row was done last; of each the plan's owner is asked whether its
// conditions are so (see [Fits]); what is left is recorded as the fact [Came], addressed to that owner alone, a page of them in one transaction.
// From there on it is a fact like any other.
//
// # Once
//
// A row for the owner, the thing and the time (moment_done) is written with the fact. So a process that is killed in the middle leaves what it
// did, and goes on behind it; of two nodes one is too late. The date that is looked at is that of the moment: one that was moved does not come, or
// comes at its new time, also when the old one has been. When two customers become one, what began for either counts for both.
//
// # Late
//
// What was due while nothing ran is made up for when it is no more than [Back] late; of a schedule the last time that was missed, once.
// What was due before the rule was switched on never comes. A time that clocks leave out is the next that there is, one that comes twice is its first.
//
// # Facts
//
// Came.
package moment
