// Package notice tells people who work here that something wants them.
//
// # What it is
//
// A [Notice] is for one person and of one [Kind]; it has words (a key of the catalogue and what stands in them, said in the
// language of whoever reads it, when he reads it), a link, and a subject: the id of what it is about. Unread ones of one kind
// about one subject are one notice that counts; the list shows one line for each subject. What the subject is called is asked
// when somebody reads, by what he may see then, so nothing about a customer is kept here.
//
// # Ways
//
// The bell is in the frame of every page. Mail, browser push (RFC 8030, 8291, 8292) and Slack go out as jobs with retries; each
// [Delivery] says what came of it:
//
//	waiting  will go, or is being tried again
//	sent     whoever carries it has taken it
//	seen     was read before it had to go
//	failed   nobody took it; the error says why
//	none     there is no such way to this person
//
// Each person chooses which kind goes which way ([Choice]), and when he wants quiet: what is not urgent then waits until his
// morning, in his own time zone. Urgent ones pass. Within ten minutes only one about a subject goes out; the bell counts the others.
// A browser that its service no longer knows is forgotten.
//
// # Facts
//
// ChoicesChanged, BrowserAdded, BrowserGone, SlackChanged. That somebody was told of something is not in the log: whoever tells
// records what he did.
package notice
