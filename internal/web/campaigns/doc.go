// Package campaigns is the pages of mails to many (/campaigns): whom one goes to, what it says, what became of it; the mail that one customer got
// (/mails); and the page on which they leave (/off), which needs no sign-in.
package campaigns
