// Package automation is what happens by itself: rules that hear what the log says, look whether something is so, and then do what a person
// could do on a page.
//
// # What it is
//
// A [Rule] has three parts. When: the kind of fact it listens to, any that the log knows. If: conditions on the conversation, the
// customer, his company, the message, the hours, and on the fact itself, in groups (all of, any of, none of). Then: actions, one after
// another, each a value in a list ([Actions]) with its own check and its own words; conditions likewise ([Fields]). The page, the API
// and the papers read the same two lists.
//
// Rules are looked through in their order. What one did the next one sees; one that stops is the last for this fact.
//
// # How it is done
//
// Whoever records a fact that a rule listens to adds a job for it, in the same transaction. The job looks for the first rule that fits,
// does what it says, writes the [Run], and adds a job for the rules behind it: one transaction for each rule, so that one that fails
// takes nothing of the others with it. What failed is tried again by itself, with pauses; when it is given up its owner is told. A rule
// acts on a fact once, whatever is killed in between: its run is written with what it did.
//
// A rule acts as the program does, in its own name: the log says "rule:" and its id.
//
// # Chains
//
// What a rule does are facts, which rules hear. A fact knows what it follows from, so a chain has a beginning. In one chain a rule runs
// at most [MostTimes] times, all rules together [MostRuns] times, and none hears a fact that lies deeper than [event.MaxDepth]. Where a
// chain is cut the run says so. What a machine sent is never answered by a rule, and a conversation gets at most [MostAnswers] answers
// from rules within an hour.
//
// # States
//
// of a run:
//
//	done     it did all that it says
//	failed   it did nothing: something went wrong, and it is tried again
//	given_up it went wrong too often; its owner was told
//	cut      it would have run, but the chain was too long
//
// # Facts
//
// Made, Changed, Switched (on or off), Moved, Deleted; Failed (when a run is given up).
package automation
