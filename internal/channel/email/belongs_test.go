package email

import (
	"testing"

	"baraji/internal/conversation"
)

// The decision of decision 0007 on its own: what a mail refers to, the newest first, and what only hints.
func TestDecide(t *testing.T) {
	type list = []reference
	stranger, part, report := reference{message: 1, in: 10}, reference{message: 2, in: 20, part: true}, reference{message: 3, in: 30, report: true}
	other := reference{message: 4, in: 40}
	for _, c := range []struct {
		name             string
		references       list
		gathered, hinted int64
		want             place
	}{
		{"nothing", nil, 0, 0, place{}},
		{"a hint", nil, 0, 50, place{related: 50}},
		{"a machine's", nil, 60, 50, place{gathered: 60, related: 50}},
		{"a stranger", list{stranger}, 0, 0, place{related: 10}},
		{"a stranger, and a hint elsewhere", list{stranger}, 0, 50, place{related: 10}},
		{"two that prove nothing", list{other, stranger}, 0, 0, place{related: 40}},
		{"who takes part", list{part}, 0, 50, place{continues: 20, answered: 2}},
		{"a report", list{report}, 60, 0, place{continues: 30, answered: 3}},
		{"takes part in an older one", list{stranger, part}, 0, 0, place{continues: 20, answered: 2, related: 10}},
		{"takes part in several", list{part, report}, 0, 0, place{continues: 20, answered: 2}},
		{"a stranger that is a machine", list{stranger}, 60, 0, place{gathered: 60, related: 10}},
	} {
		if got := decide(c.references, conversation.ID(c.gathered), conversation.ID(c.hinted)); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}
