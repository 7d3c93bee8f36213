package assistant_test

import (
	"context"
	"strings"
	"testing"

	"baraji/internal/assistant"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/knowledge"
)

// TestItLearnsFromWhatAnAgentAnswered is the story of a question that the assistant misses: an agent answers, somebody accepts the
// lesson, the next who asks in other words is answered with a citation; it is undone, and he is not.
func TestItLearnsFromWhatAnAgentAnswered(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		d.lamps()
		article := d.publishes(i18n.English, knowledge.Everybody, "Care of brass", "Wipe it with a dry cloth. Never use acid: it leaves stains.")
		d.works()
		const paraphrase = "what should I use for polishing dull metal shades"
		before := d.asks(d.stranger, i18n.English, paraphrase)
		if before.Outcome == assistant.Answered {
			t.Fatalf("it knows already: %+v", before)
		}
		talk := d.writes("hana@customer.example", "Hello, this is Hana Kim (010-1234-5678). What should I use for polishing dull metal?")
		d.answers(talk, "Please wipe it with a dry cloth.", assistant.Target{Article: article})
		waiting := d.lessons(assistant.Waiting)
		if len(waiting) != 1 || waiting[0].Article != article || waiting[0].Conversation != talk || waiting[0].Likely != 1 {
			t.Fatalf("proposed: %+v", waiting)
		}
		if text := waiting[0].Text; strings.Contains(text, "Hana") || strings.Contains(text, "1234") || !strings.Contains(text, "polishing dull metal") {
			t.Errorf("what is to be learned: %q", text)
		}
		d.works()
		if r := d.asks(d.stranger, i18n.English, paraphrase); r.Outcome == assistant.Answered {
			t.Errorf("it learned what nobody accepted: %+v", r)
		}
		d.edits(func(ctx context.Context, tx *db.Tx) error {
			return assistant.Accept(ctx, tx, waiting[0].ID, assistant.Verdict{Text: "What should I use for polishing dull metal?"})
		})
		d.works()
		after := d.asks(d.stranger, i18n.English, paraphrase)
		if after.Outcome != assistant.Answered || after.Article != article || len(after.Citations) != 1 || after.Citations[0].Title != "Care of brass" || after.Citations[0].Path != "/hc/en/a/care-of-brass" {
			t.Errorf("after the lesson: %+v", after)
		}
		d.edits(func(ctx context.Context, tx *db.Tx) error { return assistant.Undo(ctx, tx, waiting[0].ID) })
		d.works()
		undone := d.asks(d.stranger, i18n.English, paraphrase)
		if undone.Outcome != before.Outcome || undone.Confidence != before.Confidence {
			t.Errorf("after undoing: %+v, before the lesson: %+v", undone, before)
		}
	})
}

// TestWhereNothingFitsTheAnswerIsTheDraft: question and answer become an answer of their own, when somebody says so.
func TestWhereNothingFitsTheAnswerIsTheDraft(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		d.lamps()
		d.works()
		talk := d.writes("hana@customer.example", "Do you have gift wrapping?")
		d.answers(talk, "Yes, tick the box at the checkout, Hana. Call 02-555-1234 for more.")
		waiting := d.lessons(assistant.Waiting)
		if len(waiting) != 1 || !waiting[0].IsDraft() || waiting[0].Body != "Yes, tick the box at the checkout, …. Call … for more." {
			t.Fatalf("proposed: %+v", waiting)
		}
		d.edits(func(ctx context.Context, tx *db.Tx) error {
			return assistant.Accept(ctx, tx, waiting[0].ID, assistant.Verdict{Title: "Gift wrapping", Body: "Tick the box at the checkout."})
		})
		d.works()
		if r := d.asks(d.stranger, i18n.English, "do you offer gift wrapping please"); r.Outcome != assistant.Answered || r.Title != "Gift wrapping" || r.Text != "Tick the box at the checkout." {
			t.Errorf("it says %+v", r)
		}
		again := d.writes("minsu@customer.example", "Do you have gift wrapping?")
		d.answers(again, "Yes, tick the box at the checkout.")
		if list := d.lessons(assistant.Waiting); len(list) != 0 {
			t.Errorf("what is known already is proposed again: %+v", list)
		}
	})
}
