// Package i18n is how the product speaks: its words in English and Korean, and
// numbers, dates, money and spans of time as readers of each write them.
//
// The words stand in catalogue/<language>/<area>.json, one pair of files per
// area of the product, so that two people who build two areas do not meet in
// one file. The key of a word is the area, a dot, and its name in the file:
// "assign" in inbox.json is T(ctx, "inbox.assign").
//
//	"assigned": "{who} took it."                       a named argument
//	"assigned": "{who|이/가} 맡았어요."                 with the particle that fits it
//	"waiting":  {"one": "{n} waits", "other": "{n} wait"}   English plural, chosen by n
//
// Refusals (kit/problem) are written in English where they happen. Their
// sentence is the key of problems/ko/<package>.json; see Sentence.
//
// Who reads, in which zone and at what moment, is in the context: With. The
// edge puts it there once per request.
package i18n
