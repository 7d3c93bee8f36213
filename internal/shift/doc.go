// Package shift is who stands at which hour.
//
// # What it is
//
// A [Rota] is who stands for one thing: the desk by day, a partner by night, the one who is on call. Its people come from
// layers, in which they take turns, and from shifts that were planned by hand ([Single]). Of layers that hold at the same
// time those of the highest level stand, all of one level beside each other; singles stand beside all of them.
//
// Then what differs from the plan counts: overrides in the order in which they were made (also those that a [Swap] made; what
// was planned by hand after an override is not touched by it), and at last leave: nobody who is away stands anywhere, his deputy does. What comes of all that is a pure function of it,
// [Book.Plan].
//
// # Time
//
// Everything is said on the wall of the rota's zone: a hand-over is at nine whether clocks were changed in the night or not.
// A time that the clocks leave out is the moment in which they leave it out; one that comes twice is its first coming; hours
// that come twice are stood twice.
//
// # Turns that begin and end
//
// TurnBegan and TurnEnded are told at their instant, by one job for each rota that sleeps until the next one (timer.go). What
// was told is kept with the rota, so that each is told once, also after an outage, with clocks that jump, and when the plan
// is changed under it.
//
// # Hand-over
//
// When somebody's turn ends, a [Note] is due: what is open, what to watch. It is on the list of missing ones until it is
// written, and on the next one's until he says that he read it.
//
// # Facts
//
// RotaMade, RotaChanged, RotaDeleted, Placed, Removed, Overridden, OverrideUndone, SwapAsked, Swapped, SwapDeclined,
// SwapWithdrawn, SwapUndone, LeaveTaken, LeaveEnded, TurnBegan, TurnEnded, NoteDue, NoteWritten, NoteRead, FeedMade, FeedRevoked.
package shift
