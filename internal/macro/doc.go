// Package macro is what people at the desk do by hand again and again: a text to insert, files to add, actions to take, under a name.
//
// # What it is
//
// A [Macro] has a text in each language (at least one, or only actions), files, and actions: those of rules
// ([automation.Actions]), but for answering, which is what the text is for. It is for everyone, for a team, or for the one who made it:
// nobody else ever sees what is his own, whatever his rights. Whoever answers customers makes his own; those for everyone and for teams
// are made by who manages settings. A macro of a team that is gone is seen by them, until they give it to somebody.
//
// # How it is used
//
// In three steps, so that one can stack several and change one's mind:
//
//   - [List] is what one picks from, found by [Macro.Called] and [Macro.Begins].
//   - [Choose] makes of one what goes into what is being written: the text in the customer's language with its placeholders filled, and
//     its files as uploads of whoever writes. Nothing has happened yet.
//   - [Use] takes the actions of all that was chosen, as the person: a right that he lacks refuses the whole. It is called in the
//     transaction of the answer or the note, behind it, or alone. What gives the conversation away comes last, since whoever gives it
//     away may not see it any more.
//
// A choice names the version that was shown. If the macro was changed since, [Use] refuses: nothing is done but what one has seen.
//
// # Taking an answer back
//
// An answer can be taken back for some seconds. What its macros did stays, all of it: the conversation may have gone to
// another team and somebody may have read the note by then, and half of it undone would be worse. Whoever takes it back is told so.
//
// # States
//
// A macro lives until it is deleted. It can be brought back ([Restore]) until [Forget] takes it away for good, [Kept] later.
//
// # Facts
//
// Made, Changed, Deleted, Restored about a macro; Used about a macro and the conversation. They hold ids, never what it says.
package macro
