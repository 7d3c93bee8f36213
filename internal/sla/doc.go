// Package sla is how soon we promised to answer and to solve, and the clocks that run against it.
//
// # What it is
//
// A [Target] says for which conversations (tier of the customer, stage, type, severity, channel) the first answer, each next
// one and the solution are due after how long, and whether working time or the clock on the wall counts. The first target
// that fits, in the order of the list, holds; where nobody chose, the first answer is due within ten working minutes.
//
// When the clocks of a conversation begin, its target and the hours of its calendar are copied ([Promise]): changing them
// later changes nothing that runs. Only when the conversation itself becomes another (its type, its severity, its team, …) a
// new promise holds from then on; time that was used stays used.
//
// # Clocks
//
//	first  from the customer's first message until a person answers
//	next   from each further message that nobody has answered, until somebody does
//	solve  from the first message until the conversation is solved; it goes on when it is opened again
//
// They stand while the conversation is in a status that the target names (as a rule: pending), and while it is solved.
// What the clocks say is a pure function ([Reckon]) of what happened to the conversation: what was asked, answered, set and
// promised, and when. A program of another language reckons the same, minute by minute (testdata/oracle.py).
//
// Messages take what they did to the clocks along when they are merged or split.
//
// # Facts
//
// Warned when a fifth of the time is left; Broken when none is. Each is told once for each run of a clock, by a job at that
// instant: nothing polls. TargetsChanged.
package sla
