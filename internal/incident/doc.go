// Package incident is what is broken for many: who looks after it, whom it concerns, what they are told, and what is learned from it.
//
// # What it is
//
// An incident has a title in both languages, what is hit (a product and a version in words, and components of the status
// page), how bad it is, and who has which role in it. Conversations about it are linked ([Link]): their customers have
// written. Others are found before they write ([Reach]): by an own field, a tag or a company.
//
// # States
//
//	investigating  we know that something is wrong
//	identified     we know what
//	monitoring     it is mended, and watched
//	resolved       it is over
//	reviewed       it is written down what happened, why, and what we do about it
//
// Any of the first four can follow any other; a review needs the end and its words.
//
// # Telling
//
// An update ([Say]) is written in both languages. It can stand on the status page, go to everybody whom it concerns, or both.
// Whoever has a linked conversation is answered in it, on his channel; another gets a mail that begins one. There is one row
// for each receiver of an update ([Notice]), made with the update; a job goes through the rows, and what it does for one is
// one transaction: a process that is killed leaves the rest to the next, and nobody is told twice. A conversation that is
// linked later is answered with the last update at once.
//
// # The status page
//
// Components have a state of now, the worst of what is open and of maintenance that runs, and a history made of [Impact]s.
// Maintenance is a plan with a beginning and an end; whether it runs is a question of the clock. Subscribers confirm their
// address, choose components, and leave with one click. Mails to them are sent at most once.
//
// # Facts
//
// Opened, Changed, StateSet, RoleSet, ReachSet, Impacted, Updated, Told, Noted, Linked, Unlinked, ReviewWritten, ActionAdded,
// ActionDone, ActionReopened; ComponentsChanged, PageChanged, MaintenancePlanned, MaintenanceChanged, MaintenanceCancelled; Subscribed, Confirmed,
// Unsubscribed. They hold ids and states, never what was written.
package incident
