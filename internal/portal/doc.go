// Package portal is the customer's own door: his conversations, over all channels, without a password.
//
// # How one comes in
//
// By a link that is mailed to an address he has given the firm: it is good once, for half an hour ([Ask]), or for a week
// when somebody of the team sends it ([Invite]). Asking for a link is answered the same, in the same time, whether the
// address is known or not: what is looked up is looked up by the job that mails. Few mails go to one address.
//
// The link makes a session, which has nothing to do with those of the team. A session is of an address, not of a person: at
// each request it belongs to whoever has this address now. So it follows merges and their undoing, and ends when the
// address is taken away.
//
// # What he sees
//
// His own conversations, and those of his company where the firm allows it ([ShareCompany], off by default), to read. Of a
// conversation he sees what shows lets through, and nothing else: what its customer wrote and what was answered to him.
// Never notes, what the system says, what was written to or by others, or who else it went to.
//
// What he writes comes in on the channel "portal"; an answer to it goes by mail, and stands here too.
//
// # Facts
//
// Invited, Entered, Ended, Closed, Reopened, Shared. They hold ids only.
package portal
