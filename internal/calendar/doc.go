// Package calendar is when a firm works: named weeks of hours with their holidays and exceptions.
//
// # What it is
//
// The firm's own calendar ([Firm]) is always there. Others serve a team or a tier of customers; who has none of his own has
// the firm's, and a tier goes before a team ([For]): what was promised to a customer does not depend on who answers him.
//
// What holds on a day is decided in this order, the later over the earlier: the week; public holidays (closed); holidays from
// a file (closed); exceptions in the order in which they were made. An exception closes a day, gives it other hours, or adds
// hours in which people stand ready, for maintenance or a rush, beside those that hold anyway.
//
// [Hours] makes of all that one hours.Calendar, which counts working time.
//
// # Facts
//
// Made, Changed, Deleted, Excepted, Unexcepted, HolidaysTaken. They name days and calendars, never what a note says.
package calendar
