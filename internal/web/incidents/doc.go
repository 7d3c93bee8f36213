// Package incidents is the pages on which the team looks after incidents (/incidents), plans maintenance (/maintenance) and arranges the
// status page. What everybody reads is web/status.
//
// Telling customers takes two steps: what is written is shown once more, in each language, with the number of those who get it;
// only then it goes out.
package incidents
