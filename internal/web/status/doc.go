// Package status is the public status page, /status: how the parts of what the firm offers are now and were in the last 90 days, what is
// broken and what was said of it, planned maintenance, an Atom feed (RFC 4287), and mails for who wants them.
//
// It works without scripts and without an account. Pages do not depend on who asks beside the language, have no token inside
// and no cookie; they are drawn once and kept in memory until something public changes or a minute is over, so that a crowd costs one query each.
//
// A subscription is confirmed by its address, and left by a link with one click or by the mail program itself (RFC 8058). Links
// are signed and name the subscription, never the address.
package status
