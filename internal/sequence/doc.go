// Package sequence is flows: what happens to a customer step by step, over days and months, until it is done or something ends it.
//
// # What it is
//
// A [Flow] begins with a fact that the log knows and conditions on it, or by hand. Then its steps, one after another:
//
//	act     does what rules can do (package automation)
//	wait    some time; some working time, or until the hours begin; until a day of the customer's; until something happens or time runs out
//	branch  goes one of two ways, and on after them
//	ask     asks a person for a yes or a no
//	hand    gives the customer to a person, with a note of what was done so far: the flow ends
//
// Some facts end it early ([Leave]): the customer answered, bought, complained.
//
// # A path
//
// A customer's way through a flow is a [Path]. He is in a flow once at a time. He goes through it as it was when he came in: whoever
// changes the flow changes it for those who come later.
//
//	going → waiting | asking → going … → done
//	any of them ⇄ paused (by a person)
//	going → stuck (a step went wrong too often) → going (tried again, or moved on by a person)
//	any of them → left (something ended it), stopped (a person did), handed (a person has him)
//
// # How it is done
//
// One step is one transaction and one job, which adds the job of the next step. A path counts its turns; the work of a step names the
// turn that it is meant for, and does nothing on any other. So a step that was killed in the middle is done again from its beginning, one
// that was done is never done twice, and a timer that comes late finds that its turn is over. Whoever waits is a row with a timer: nobody
// looks after it until then. What is done is in the [Trace].
//
// Whoever records a fact that a flow listens to adds one job for each such flow, in the same transaction.
//
// # Chains
//
// A path that a fact began follows from that fact: what it does lies one deeper. Within one chain a customer comes into the same flow at most
// [automation.MostTimes] times, and nothing begins below [event.MaxDepth]. The flow's own doing neither ends it nor is what it waits for.
//
// # Facts
//
// Made, Changed, Switched, Deleted (of a flow); Started, Ended, Asked, Decided, Steered, Failed (of a path).
package sequence
