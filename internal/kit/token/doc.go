// Package token is the search analyser: it turns text into the tokens that the database's own index stores, and a
// person's query into the tokens that must be there. Both engines use the same tokens.
//
// What counts. Text is folded first: NFKC (full-width, compatibility and half-width forms, decomposed Hangul from Macs),
// lower case, invisible characters dropped, typographic dashes and apostrophes made plain, white space collapsed.
//
// Latin, digits and every script with spaces are taken as words: `iPhone` is iphone.
//
// Hangul, Han and Kana are taken as runs of overlapping pairs, and the last character of each run once more alone:
// 새벽배송이 is 새벽 벽배 배송 송이 이. So 배송 finds 새벽배송이 by its pair. A query of one syllable is a prefix: 송* meets
// 송장 by a pair that begins with it and 배송 by the last character stored alone. Wherever a syllable stands in a
// run, it begins a pair or ends the run, so one prefix search misses nothing. That is why the last one is stored, and it
// is cheap: most runs end in the same few particles.
//
// Numbers and codes joined by one sign (M-2604-0318, 010-1234-5678, 12,900, kim94@example.com) are stored by their
// parts, and, where a digit is in it and five characters come together, up to four neighbouring parts also as one: so
// 01012345678 finds 010-1234-5678, and the other way round, and 2604-0318 finds M-2604-0318.
//
// Pairs may be there without the word (대전, 전화 for 대전화), so [Query.Matches] checks on the stored text of a page of
// hits that each term really stands there in one piece. What Matches accepts, the tokens never miss; a property test
// holds the two together.
//
// Tokens hold letters, digits and marks only, never a quote or a space. For FTS5 use tokenize='ascii', which splits
// nothing else; for PostgreSQL array_to_tsvector.
package token
