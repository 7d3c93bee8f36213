package ui

import (
	"context"
	"time"
)

// Bell is what the viewer was told and has not read: in the navigation of every page.
type Bell struct {
	Unread int
	Topic  string // what its changes are told under
	Calls  []Call
	Sound  bool // he wants to hear it while he is called
}

// Call is what wants him at once, over every page until it is answered.
type Call struct {
	Text, Title string
	URL         string
	Act, Ask    string // where a POST answers, and what that is called
	Since       time.Time
}

// hot says whether something wants him at once.
func (b Bell) hot() bool { return len(b.Calls) > 0 }

// unread is the number as it is read aloud.
func unread(ctx context.Context, n int) string {
	if n == 0 {
		return ""
	}
	return count(ctx, n)
}
