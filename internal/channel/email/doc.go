// Package email is mail in and out.
//
// # In
//
// The bytes are stored first, with the key of where they came from (mailbox,
// UIDVALIDITY, UID, or the SMTP transaction) and their digest, in one commit;
// only then the server is told that we have it. Everything after that works on
// what is stored and can be done again. Every item ends in one named state:
//
//	conversation  it is a message; message_id says which
//	suppressed    it is not, and reason says why: duplicate, own, erased, blocked
//	quarantine    it could not be read or placed; a person looks at it
//
// An item's identity is where it was and what it says. Its Message-ID is never
// a reason to leave it out: two mails with one Message-ID are two mails.
//
// # Which conversation
//
// Every answer of ours has a Message-ID that we signed (thread.go). A mail
// belongs to a conversation when it refers to such an id and its sender takes
// part in that conversation. Everything else opens a new one; a true id from a
// stranger, or a number in the subject, is only a hint for the agent.
//
// # Out
//
// An answer is a row of the outbox, made in the same commit as the answer. Its
// Message-ID is fixed then. The job that sends it writes down that it is about
// to end the data before it does: if the process dies before, the server cannot
// have accepted the mail, and it is sent again; if it dies after, nobody knows,
// and the mail is marked unconfirmed for a person to decide.
//
//	queued → sending → sent | failed | unconfirmed
//
// # To many
//
// What goes to many at once (bulk.go) is kept by whoever sends it: the row of each mail, and what became of it, by the same rule. Here it is only
// handed over, signed and with the fields that let its reader off with one click; and what comes back to it (bulkback.go) finds its row by the signed
// Message-ID. What machines say of it is counted and opens no conversation; such an item ends as suppressed, with the reason counted.
//
// Facts: BulkAnswered; what happens to messages is in conversation's.
package email
