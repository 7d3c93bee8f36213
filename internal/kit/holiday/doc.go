// Package holiday knows the public holidays of Korea from 2020 to 2050, and reads those of everywhere else from a file.
//
// # Korea
//
// [Korea] follows the law as it stood in each year: 관공서의 공휴일에 관한 규정 and, since 2022, 공휴일에 관한 법률. Substitute days came for
// Seollal, Chuseok and Children's Day in 2014, for the national days in August 2021, for Buddha's Birthday and Christmas in
// May 2023; Labour Day and Constitution Day are public holidays, with substitutes, since 2026. What the government names from
// one time to the next (temporary holidays, elections) is a list, and ends with what is fixed when this is written. Later
// years are what today's law makes of them: a firm adds what is decided since as exceptions, or from a file.
//
// The lunar days are a table. Its source is the sky: a test computes every new moon and solar term of these years anew on
// Korean time (Meeus, Astronomical Algorithms) and finds the same days, with the leap months by the rule of the month
// without a major term. The closest new moon is two minutes from midnight, the computation good to half a minute.
//
// # Files
//
// [Read] takes a calendar (iCalendar, RFC 5545: whole days, yearly rules) or a list (CSV: a date and a name). Files come from
// outside: what is too large, too many or not understood is refused with its line.
package holiday
