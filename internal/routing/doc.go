// Package routing is who gets a conversation, whether it is served at this hour, and what the customer may honestly expect.
//
// # What it is
//
// A conversation that waits for a person goes through three lists, each in its order:
//
//   - [Grade]: words, type and tier say what kind of request it is, how bad and how urgent. The first that says something counts, for
//     each of type, severity and priority; what a person has set is left alone.
//   - [Scope]: outside working hours it says what is served at all, by which rota, and how soon. What no scope names waits for the morning.
//   - [Rule]: in working hours, and within a scope that names no rota, it says which team or person gets it. The first that fits holds.
//
// Who of those that come into question gets it is a pure function ([Choose]) of what is known about them: on duty, away, full, the
// languages and skills they have, who answered this customer before, how much each has in hand. Its [Decision] says why, of everybody.
//
// Where all are full or nobody is there, the conversation waits in the queue of its team, and the first who becomes free gets it.
// Who stays silent for longer than the rule allows, while the customer waits, has it taken back. Where nobody wrote a rule, nothing is
// assigned by itself.
//
// What a customer may expect ([Expect]) follows from the same lists: what was promised, or when somebody is there.
//
// # States
//
//	assigned  somebody has it
//	queued    it waits until somebody is free
//	morning   it waits until the firm opens
//	left      no rule fits: whoever likes takes it
//
// # Facts
//
// Routed (with the outcome; the decision itself is kept beside the conversation), TakenBack, Escalated (after a broken promise),
// RulesChanged, DeskChanged.
package routing
