// Package campaign is a mail to many customers: whom it goes to, what it says, and what became of it for each of them.
//
// # What it is
//
// A [Campaign] goes to a segment of customers, from an inbox, for a purpose: advertising, which only those get who agreed to it, or a notice. What it says
// stands there in each language; a second text can go to a share of them, so that one sees which does better ([Compare]). How it goes out are its
// [Manners]: how fast, at which hours, how often one customer is written to, and whether it spares those who have a problem with us.
//
// # Whom it reaches
//
// When it begins, the members of the segment are written down, a row for each ([Recipient]). Whether one gets the mail is decided when it is their turn, in
// the transaction that claims their row ([Campaigns.decide]): consent that was taken back since, an address that came back, a problem that was told
// this minute all count. Those who do not get it keep the reason. Before it begins the same question can be asked for all of them ([Campaigns.Forecast]).
//
// # How it is sent
//
// One job for each campaign sends a handful, as its rate allows, and comes back: so it is stopped within one mail. A row says that it is being sent
// before the server is spoken to, and that the data is about to be ended before it is. Whoever dies in between leaves a row that tells whether the mail
// can have arrived: if not it is sent again, if it can it is unconfirmed and never sent twice. The values that were put into the text are kept with the row, so
// that what a customer was sent can be shown as it was, whatever they are called today.
//
// # States
//
// of a campaign:
//
//	draft    it is written
//	planned  it begins at a time
//	sending  it goes out
//	paused   by somebody, or by itself when too many came back
//	stopped  for good; those who were waiting get nothing
//	done     everybody had their turn
//
// of a recipient:
//
//	waiting      → sending → sent | failed | unconfirmed
//	waiting      → skipped, with the reason
//	sent         → bounced, when it came back later
//
// That they answered or left is kept beside it, with the time.
//
// # Facts
//
// Made, Changed, Deleted, Planned, Started, Paused, Resumed, Stopped, Done of a campaign; Sent, Bounced, Replied, Unsubscribed of a customer;
// DefaultsChanged.
package campaign
