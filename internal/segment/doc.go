// Package segment is named groups of customers that are never written down: who belongs to one is asked anew each time.
//
// A [Segment] has a name and conditions ([If]) on the customer, their company, own fields, tags, consent and conversations, in groups
// (all of, any of, none of). The conditions are made into one SQL text with parameters, so that a hundred thousand customers are
// counted at once and none has to be loaded ([Count], [Members], [Holds], [Within]). Each thing that can be looked at is a value in a
// list ([Fields]); the page, the API and the papers read the same list.
//
// # Who sees what
//
// What a segment finds depends on who asks: conversations that one may not see do not count, and who sees masked data only gets
// nothing from a segment that looks at what is hidden from them. The program itself sees everything.
//
// # What is gone
//
// A segment that looks at an own field which was removed finds nobody, and says so: dropping the condition could only make
// the group larger than was meant.
//
// # Facts
//
// Made, Changed, Deleted.
package segment
