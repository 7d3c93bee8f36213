// Package conversation is the talk between a customer and the team.
//
// # What it is
//
// One question of one customer, from the first message to solved: a number, a
// subject, exactly one assignee (or none) beside any number of followers, a
// team, tags, and messages. What a customer wrote, what was answered, notes that
// only the team sees, and what the system says stand in one order, by id.
//
// # States
//
//	open     somebody of ours has to do something
//	pending  the customer has to answer
//	snoozed  until SnoozedUntil, or until the customer writes
//	solved   done; a customer's answer opens it again
//
// WaitingSince is when the customer began to wait for us: set by his message,
// cleared by an answer. Automatic mail neither sets it nor opens anything.
//
// A conversation that was merged lives on as an empty signpost: MergedInto is
// set, its status is solved, and whoever opens it is led on.
//
// # Who sees what
//
// Visible is the one rule, as SQL and (Actor.See over a row) as Go: every list,
// search, count, live topic and export goes through it. What one may not see
// answers as if it were not there.
//
// # Facts
//
// Opened, Received, Replied, Noted, Assigned, TeamSet, StatusSet, Snoozed,
// Tagged, Untagged, Changed, Followed, Unfollowed, Merged, Split, Undone,
// Deleted, DeliverySet. Facts carry ids and names of fields, never what
// somebody wrote or who he is: the log is for good, and people have a right to
// be forgotten.
package conversation
