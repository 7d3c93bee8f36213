// Package oncall is who is woken when it cannot wait, until somebody answers.
//
// # What it is
//
// A [Service] is something that somebody answers for at any hour: the shop's payments, the machines of a customer. It has steps
// (who is told first, who after so many minutes: a person, whoever is on duty in a rota, a team), rules (which conversations page
// by themselves, see [Rule]), and says how it goes on when nobody answers.
//
// A [Page] is one call for somebody. There is one at a time for each subject of a service (a conversation, or a key that a
// program gave); the same again is counted.
//
//	running       people are told, one step after the other
//	acknowledged  somebody said that he has it; where he then stays silent for too long he is asked again
//	exhausted     all steps were gone through and nobody answered; everybody who manages people is told
//	resolved      it is over: somebody said so, or the conversation was solved
//
// # The plan
//
// When a page is opened, its [Plan] is worked out once: who is told at which instant, with those of a rota who stand in it at that
// instant. What is changed later, a step, a rota, the name, changes nothing that runs. A step in which nobody stands is passed over
// at once, and says so. What was told is in the log, and each entry knows by which ways and what became of them.
//
// What may wait is told when the day of somebody who is to be told begins, in his time zone; the plan begins then.
//
// The next entry is a job at its instant: nothing polls. After an outage the one that is due is told, late, and the rest of the plan
// keeps its distances: whoever is told has his minutes.
//
// # Facts
//
// Opened, Told, Escalated, Acknowledged, Silent, Reassigned, Exhausted, Resolved; ServiceMade, ServiceChanged, ServiceDeleted.
package oncall
