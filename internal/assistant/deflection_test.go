package assistant_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"baraji/internal/assistant"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
)

// TestDeflectionIsWorkedOutAsByHand makes a history and compares with numbers worked out by hand. The clock begins on a Monday at
// nine in Seoul, which is midnight UTC: the firm's zone, so that the firm opens nine hours later.
func TestDeflectionIsWorkedOutAsByHand(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		from := d.Now()
		d.do(func(ctx context.Context, tx *db.Tx) error { // 00:00: nobody is there
			visit(ctx, t, tx, "a", 0, "yes")                       // solved
			visit(ctx, t, tx, "b", 0)                              // nothing more is heard
			visit(ctx, t, tx, "c", 0, "no")                        // nothing more is heard: did not help, and did not write
			return handed(ctx, t, tx, d, "d", "d@x.example", "no") // a person takes over: one ticket
		})
		d.Clock.Advance(10 * time.Hour) // 10:00: somebody is there
		d.do(func(ctx context.Context, tx *db.Tx) error {
			visit(ctx, t, tx, "e", 0, "yes", "no") // two questions, the first of which was answered: solved
			who, _, err := contact.Resolve(ctx, tx, contact.Sender{Name: "F", Email: "f@x.example"})
			if err != nil {
				return err
			}
			visit(ctx, t, tx, "f", who.ID) // writes by mail an hour later
			return nil
		})
		d.Clock.Advance(time.Hour)
		d.writes("f@x.example", "Hello?")
		d.writes("g@x.example", "Never asked the assistant.")
		d.Clock.Advance(48 * time.Hour)
		d.do(func(ctx context.Context, tx *db.Tx) error { visit(ctx, t, tx, "h", 0); return nil }) // just now
		d.Clock.Advance(time.Hour)
		var got assistant.Deflection
		d.edits(func(ctx context.Context, tx *db.Tx) (err error) {
			got, err = assistant.Measure(ctx, tx, from, d.Now())
			return err
		})
		want := assistant.Deflection{
			All:   assistant.Figures{Visits: 7, Solved: 2, Quiet: 2, Handed: 2, Young: 1, Tickets: 3, Helped: 2, Not: 3},
			After: assistant.Figures{Visits: 4, Solved: 1, Quiet: 2, Handed: 1, Tickets: 1, Helped: 1, Not: 2},
			Open:  assistant.Figures{Visits: 3, Solved: 1, Handed: 1, Young: 1, Tickets: 2, Helped: 1, Not: 1},
		}
		if got.All != want.All || got.After != want.After || got.Open != want.Open || got.Places[assistant.Help] != (assistant.Figures{Visits: 7, Solved: 2, Quiet: 2, Handed: 2, Young: 1, Helped: 2, Not: 3}) {
			t.Errorf("figures\n%+v, want\n%+v", got, want)
		}
		if share, ok := got.All.Deflection(); !ok || fmt.Sprintf("%.4f", share) != "0.5714" { // 4 / (4 + 3)
			t.Errorf("deflection %v", share)
		}
		if share, ok := got.All.Usefulness(); !ok || share != 0.4 { // 2 / (2 + 3)
			t.Errorf("usefulness %v", share)
		}
		if _, ok := (assistant.Figures{}).Deflection(); ok {
			t.Error("nothing was divided by nothing")
		}
	})
}

// visit is one in the help centre, with what was said of each of its questions.
func visit(ctx context.Context, t *testing.T, tx *db.Tx, key string, who contact.ID, said ...string) {
	t.Helper()
	for i := range max(1, len(said)) {
		ref := fmt.Sprint(key, i)
		if _, err := assistant.Record(ctx, tx, assistant.Question{Text: "?", Locale: i18n.Korean, Place: assistant.Help, Session: key, Contact: who}, assistant.Reply{Ref: ref, Outcome: assistant.Answered}); err != nil {
			t.Fatal(err)
		}
		if i < len(said) {
			if err := assistant.Useful(ctx, tx, ref, said[i] == "yes"); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func handed(ctx context.Context, t *testing.T, tx *db.Tx, d *desk, key, email string, said ...string) error {
	visit(ctx, t, tx, key, 0, said...)
	who, _, err := contact.Resolve(ctx, tx, contact.Sender{Name: "D", Email: email})
	if err != nil {
		return err
	}
	got, err := conversation.Receive(ctx, tx, conversation.Inbound{Inbox: d.door, Contact: who, Message: conversation.Message{Subject: "?", Text: "?"}})
	if err != nil {
		return err
	}
	return assistant.HandedOver(ctx, tx, assistant.Help, key, got.Conversation)
}
