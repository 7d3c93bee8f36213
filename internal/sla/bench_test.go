package sla_test

import (
	"testing"

	"baraji/internal/conversation"
	"baraji/internal/kit/db/dbtest"
)

// BenchmarkAsked is a first message, with the beginning of its clocks.
func BenchmarkAsked(b *testing.B) {
	d := open(b, dbtest.New(b, dbtest.Engines()[0]))
	for b.Loop() {
		d.asks(0, false)
	}
}

// BenchmarkAskedAgain is a further message and its answer in a conversation whose clocks run.
func BenchmarkAskedAgain(b *testing.B) {
	d := open(b, dbtest.New(b, dbtest.Engines()[0]))
	id := d.asks(0, false)
	n := 0
	for b.Loop() {
		if n++; n%20 == 0 {
			id = d.asks(0, false)
		}
		d.asks(id, false)
		d.answers(id, conversation.Pending)
	}
}
