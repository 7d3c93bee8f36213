// Package secret holds the one key of an installation and everything that is made from it: signatures, short tags
// for ids in mail, signed links that expire, sealed passwords, and random tokens.
//
// The key is 32 random bytes in a file of the data folder, made at first start and readable by its owner only. It is
// never used itself: each purpose has a sub-key of its own (HKDF-SHA256, RFC 5869), so a signature made for one purpose is
// worth nothing for another.
//
// Whoever loses the key file loses the stored passwords and every link in mails already sent, so a backup has to
// contain it. [Keys.Fingerprint] tells a restored database with the wrong key from one with the right one. Several
// nodes share one key: give each the same file, or the same text to [Parse].
package secret
