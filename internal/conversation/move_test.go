package conversation_test

import (
	"context"
	"testing"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
)

func (h *house) merges(keep, lose conversation.ID) {
	h.t.Helper()
	h.does(h.minji, func(ctx context.Context, tx *db.Tx) error {
		_, err := conversation.Merge(ctx, tx, keep, lose)
		return err
	})
}

func (h *house) undoes(id conversation.ID) (back conversation.Conversation) {
	h.t.Helper()
	h.does(h.minji, func(ctx context.Context, tx *db.Tx) (err error) {
		back, err = conversation.Undo(ctx, tx, id)
		return err
	})
	return back
}

func (h *house) splits(id conversation.ID, at conversation.MessageID, rest bool) (part conversation.Conversation) {
	h.t.Helper()
	h.does(h.minji, func(ctx context.Context, tx *db.Tx) (err error) {
		part, err = conversation.SplitOff(ctx, tx, id, at, rest, "")
		return err
	})
	return part
}

// Undoing a merge puts back what was said where, whose turn it was and until when; what was said since stays.
func TestMergingAndBack(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for _, was := range []conversation.Status{conversation.Open, conversation.Pending, conversation.Snoozed, conversation.Solved} {
			lamp, chair := h.question("Where is my lamp?"), h.question("And my chair?")
			if was == conversation.Snoozed {
				h.snooze(lamp, time.Hour)
			} else {
				h.becomes(lamp, was)
			}
			before := h.get(lamp)
			h.Clock.Advance(time.Minute)
			h.merges(chair, lamp)
			name := string(was)
			is(t, name+": all is in one", h.texts(chair), "customer: Where is my lamp? | customer: And my chair?")
			is(t, name+": messages", h.get(chair).Messages, 2)
			gone := h.get(lamp)
			is(t, name+": the other leads there", gone.MergedInto, chair)
			is(t, name+": the other is empty", h.texts(lamp), "")
			is(t, name+": it is left alone", h.fails(h.minji, func(ctx context.Context, tx *db.Tx) error {
				return conversation.SetStatus(ctx, tx, lamp, conversation.Pending)
			}), "conflict")
			is(t, name+": it sleeps no more", h.count(`SELECT COUNT(*) FROM job WHERE kind = 'conversation.wake'`), 0)
			h.replies(h.minji, chair, conversation.Answer{Text: "Both soon."})
			h.undoes(chair)
			got := h.get(lamp)
			is(t, name+": whose turn it is again", got.Status, was)
			is(t, name+": sleeps until", got.SnoozedUntil, before.SnoozedUntil)
			is(t, name+": solved at", got.SolvedAt, before.SolvedAt)
			is(t, name+": waits since", got.WaitingSince, before.WaitingSince)
			is(t, name+": what is said in it", h.texts(lamp), "customer: Where is my lamp?")
			is(t, name+": what stays", h.texts(chair), "customer: And my chair? | agent: Both soon.")
			is(t, name+": nothing more to undo", h.fails(h.minji, func(ctx context.Context, tx *db.Tx) error {
				_, err := conversation.Undo(ctx, tx, chair)
				return err
			}), "conflict")
			h.Clock.Advance(2 * time.Hour)
			h.drain()
			if was == conversation.Snoozed {
				is(t, "it wakes after all", h.get(lamp).Status, conversation.Open)
			}
		}
	})
}

// Merges upon merges are undone from the last on: each talk gets back what was its own.
func TestMergesUponMerges(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		first, second, third := h.question("one"), h.question("two"), h.question("three")
		h.merges(second, first)
		h.merges(third, second)
		is(t, "all in one", h.texts(third), "customer: one | customer: two | customer: three")
		is(t, "the first one first", h.fails(h.minji, func(ctx context.Context, tx *db.Tx) error { _, err := conversation.Undo(ctx, tx, first); return err }), "conflict")
		is(t, "nothing moved", h.texts(third), "customer: one | customer: two | customer: three")
		h.undoes(third)
		h.undoes(second)
		for id, want := range map[conversation.ID]string{first: "customer: one", second: "customer: two", third: "customer: three"} {
			got := h.get(id)
			is(t, "what is said", h.texts(id), want)
			is(t, "on its own again", got.MergedInto, conversation.ID(0))
			is(t, "messages", got.Messages, 1)
		}
		is(t, "the log", h.facts(second), "opened received merged undone undone")
	})
}

// A split is not undone while a half of it lies in a third talk: what comes home would be where nobody looks.
func TestASplitThatWentOn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id, other := h.question("one"), h.question("other")
		second := h.writes("haram@solip.example", "two", id)
		undo := func(id conversation.ID) func(context.Context, *db.Tx) error {
			return func(ctx context.Context, tx *db.Tx) error { _, err := conversation.Undo(ctx, tx, id); return err }
		}
		part := h.splits(id, second.Message, true).ID
		h.merges(other, part)
		is(t, "the part is in another", h.fails(h.minji, undo(id)), "conflict")
		h.undoes(other)
		h.merges(other, id)
		is(t, "the whole is in another", h.fails(h.minji, undo(part)), "conflict")
		h.undoes(other)
		h.undoes(part)
		is(t, "all is home", h.texts(id), "customer: one | customer: two")
		is(t, "the other", h.texts(other), "customer: other")
	})
}

// What cannot be merged, and who may not.
func TestWhatCannotBeMerged(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		lamp, chair, desk := h.question("lamp"), h.question("chair"), h.question("desk")
		merge := func(keep, lose conversation.ID) func(context.Context, *db.Tx) error {
			return func(ctx context.Context, tx *db.Tx) error {
				_, err := conversation.Merge(ctx, tx, keep, lose)
				return err
			}
		}
		is(t, "with itself", h.fails(h.minji, merge(lamp, lamp)), "invalid")
		h.merges(chair, lamp)
		is(t, "one that is merged", h.fails(h.minji, merge(desk, lamp)), "conflict")
		is(t, "into what leads to itself", h.fails(h.minji, merge(lamp, chair)), "invalid")
		is(t, "by somebody who may not", h.fails(h.sora, merge(desk, chair)), "forbidden")
		is(t, "the log of the one that stays", h.facts(chair), "opened received merged")
	})
}

// A part that is split off is a talk of its own; undoing it brings all home that was said in the meantime.
func TestSplittingOffAndBack(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.question("Where is my lamp?")
		second := h.writes("haram@solip.example", "And the chair?", id)
		h.writes("haram@solip.example", "And the desk?", id)
		is(t, "what would leave nothing", h.fails(h.minji, func(ctx context.Context, tx *db.Tx) error {
			first, err := conversation.Messages(ctx, tx, id, 0, 100)
			if err == nil {
				_, err = conversation.SplitOff(ctx, tx, id, first[0].ID, true, "")
			}
			return err
		}), "conflict")
		one := h.splits(id, second.Message, false)
		is(t, "one message", h.texts(one.ID), "customer: And the chair?")
		is(t, "what is left", h.texts(id), "customer: Where is my lamp? | customer: And the desk?")
		is(t, "its log", h.facts(one.ID), "opened")
		is(t, "the other's", h.facts(id), "opened received received received split")
		h.writes("haram@solip.example", "The blue one.", one.ID)
		h.undoes(one.ID)
		is(t, "all is home", h.texts(id), "customer: Where is my lamp? | customer: And the chair? | customer: And the desk? | customer: The blue one.")
		is(t, "the part leads home", h.get(one.ID).MergedInto, id)
		is(t, "messages", h.get(id).Messages, 4)
		rest := h.splits(id, second.Message, true)
		is(t, "from there on", h.texts(rest.ID), "customer: And the chair? | customer: And the desk? | customer: The blue one.")
		is(t, "its subject", rest.Subject, "lamp")
		is(t, "what has to do with it", ask(h, h.minji, func(ctx context.Context, tx *db.Tx) (string, error) {
			list, err := conversation.Relations(ctx, tx, rest.ID)
			if len(list) != 1 {
				return "", err
			}
			return list[0].Kind + " " + list[0].ID.String(), err
		}), "split "+id.String())
	})
}
