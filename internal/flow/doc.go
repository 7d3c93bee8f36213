// Package flow is the paths of buttons through the chat on the firm's own pages, and the words that lead into them. Where no path
// leads on, the assistant answers (package assistant), or a person.
//
// # A path
//
// A widget has one [Path]: steps, each with what is said and what may be pressed there. The first step stands in the widget before
// the visitor has written anything. A button leads to another step, to a page, to the assistant ("let me write my question") or to
// a person. A step that offers nothing is an end: the visitor is asked whether it helped. A person can be reached from every step,
// and from every step but the first there is a way back to it.
//
// Words lead to a step as well: whoever writes "refund" or "환불" comes to the step that knows these words. The longest word that
// fits wins.
//
// # Its states
//
//	draft → published (version 1, 2, …), running or switched off
//
// The draft is changed as one likes, and tried in place. Publishing makes a version, which stays as it is: a button carries its
// version, so a visitor goes on along the path on which he began, whatever is published meanwhile.
//
// # What it does not do
//
// It never speaks where a person speaks, or after a person was asked for: see assistant.Listen. A talk in which a visitor only
// pressed buttons waits for nobody; after a day of silence it is solved.
//
// # Facts
//
// Saved, Published, Switched.
package flow
