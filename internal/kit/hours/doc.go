// Package hours counts working time. It is pure: it has no clock, no database and no holidays of its own.
//
// A [Calendar] is a week of blocks in a time zone, with other blocks on single dates. Its meaning is one sentence: an instant is
// open when the clock on the wall of that zone shows a time inside a block of the date it shows. Everything else follows,
// also on the days when clocks change: an hour that is left out is not worked, an hour that comes twice is worked twice,
// and a date that a country skipped (Apia, 30 December 2011) has no hours. Open and closed alternate exactly; there are no
// negative durations.
package hours
