// Package team is who works here: people, their roles and teams, how they come
// in, and the tokens with which programs act for them.
//
// # People
//
// A person is invited (has a mail with a link), active (has a password and may
// come in) or disabled (is kept, since the log names him, but cannot come in; his
// sessions end, his tokens rest). Nobody is deleted. What a person may do is his
// role's rights; which conversations he sees is his own See or else his role's.
//
// # Nobody grants what he has not
//
// Whoever gives a role, edits one, or makes a token must have every right that it
// carries, and may change only people whose role he could give. So only owners
// make and unmake owners, and the last active owner stays one.
//
// # Coming in
//
// The Door is what stands between a browser and a session: passwords (argon2id, few
// at once), the wait after wrong ones, the second factor, links in mails. A
// wrong password, an unknown address and a disabled person cost the same work and
// get the same answer. Waits grow with each failure up to a quarter of an hour.
// A browser that has been signed in before holds a device token and waits only for
// its own failures: strangers who guess cannot lock it out. One that lost it gets a
// new one by resetting the password, for which the mailbox is the proof.
//
// Nothing in the database opens anything: session and API tokens, recovery codes
// are kept as digests, passwords as argon2id, TOTP secrets sealed, and the tokens in
// mails are not kept at all but made from their row and the installation's key.
//
// # Its facts
//
// Everything above is recorded, with the network address where there is one: see
// facts.go. The audit page and PIPA's access records are made from them.
package team
