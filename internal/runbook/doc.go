// Package runbook is what somebody who is alone does, step by step: at three in the morning, with a customer who waits.
//
// # What it is
//
// A runbook has a title and steps in both languages, in the order in which they are done. A step may show an article, and may have a
// service that is called with one press. It says what comes when it did not help: the next step, another one, or handing over. A
// runbook is a guide, or a known error: then it also has a symptom, a cause, and how one gets by; it is open, or fixed in a version.
//
// What is saved lives at once. Each version stays and can be brought back ([Restore]). A runbook that is put away is not offered any
// more; what is under way with it goes on.
//
// # Which one
//
// A runbook names the conversations that it is for as the rules of routing do (type, severity, tier …) and by words. [Suggest] ranks
// those that fit, and those whose title stands in what the customer wrote. What it names and does not fit is never suggested.
//
// # A run
//
// [Start] follows one in a conversation. The run keeps the steps as they were then, so that a change does not move anybody's ground. Each
// step is ticked ([TickOff]): done, did not help, or skipped with a reason; the last tick can be taken back ([TakeBack]). Who comes
// second to a step is told so. The states:
//
//	running      somebody follows it
//	solved       it helped
//	given_up     it did not
//	handed_over  another team has the conversation, with a note
//
// The last two say at which step it stuck. What ended can be resumed ([Resume]).
//
// [FiguresOf] counts how often it was followed, how often it helped and where it stuck, so that whoever writes it can mend it. Steps
// keep their key over all versions. Conversations of a known error are those in which it was followed.
//
// # Facts
//
// Made, Changed, Archived, Unarchived about a runbook; Started, Ticked, TookBack, Ended, Resumed about a conversation. They hold ids,
// never what was written.
package runbook
