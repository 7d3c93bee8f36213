package job

import "time"

// LateAfter is how long after its time a timer may go off before it is called late. Then the log says when it was due, and people are told so:
// as a rule the program did not run in between.
const LateAfter = time.Minute

// Late is when something was due, where that is done late; zero where it is done in time.
func Late(now, due time.Time) time.Time {
	if due.IsZero() || now.Sub(due) <= LateAfter {
		return time.Time{}
	}
	return due
}
