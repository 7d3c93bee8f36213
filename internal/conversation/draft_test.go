package conversation_test

import (
	"context"
	"testing"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
)

func (h *house) drafts(who person, id conversation.ID, kind conversation.Kind, body string) {
	h.t.Helper()
	h.does(who, func(ctx context.Context, tx *db.Tx) error { return conversation.SaveDraft(ctx, tx, id, kind, body) })
}

func (h *house) draft(who person, id conversation.ID, kind conversation.Kind) string {
	h.t.Helper()
	return ask(h, who, func(ctx context.Context, tx *db.Tx) (conversation.Draft, error) {
		return conversation.GetDraft(ctx, tx, id, kind)
	}).Body
}

// Everybody has drafts of his own, one for the answer and one for the note. What is sent takes its own along and no other.
func TestDrafts(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.question("Where is my lamp?")
		h.does(h.minji, func(ctx context.Context, tx *db.Tx) error { return conversation.Follow(ctx, tx, id, h.dohyun.id) })
		h.drafts(h.minji, id, conversation.FromAgent, "On its")
		h.drafts(h.minji, id, conversation.FromAgent, "On its way")
		h.drafts(h.minji, id, conversation.Note, "Ask Bora")
		h.drafts(h.dohyun, id, conversation.FromAgent, "Hello")
		is(t, "hers", h.draft(h.minji, id, conversation.FromAgent), "On its way")
		is(t, "his", h.draft(h.dohyun, id, conversation.FromAgent), "Hello")
		h.replies(h.minji, id, conversation.Answer{Text: "On its way."})
		is(t, "hers after the answer", h.draft(h.minji, id, conversation.FromAgent), "")
		is(t, "her note after the answer", h.draft(h.minji, id, conversation.Note), "Ask Bora")
		is(t, "his after her answer", h.draft(h.dohyun, id, conversation.FromAgent), "Hello")
		h.drafts(h.dohyun, id, conversation.FromAgent, " \n")
		is(t, "his when he has emptied it", h.draft(h.dohyun, id, conversation.FromAgent), "")
		is(t, "the log keeps no drafts", h.facts(id), "opened received followed replied assigned")
	})
}

// An answer can be taken back until it leaves: what the row says of it goes, its words are the draft again.
func TestTakingAnAnswerBack(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.question("Where is my lamp?")
		asked := h.get(id)
		unsend := func(m conversation.MessageID) func(context.Context, *db.Tx) error {
			return func(ctx context.Context, tx *db.Tx) error { _, err := conversation.Unsend(ctx, tx, m); return err }
		}
		h.Clock.Advance(time.Minute)
		m := h.replies(h.minji, id, conversation.Answer{Text: "It fell off the lorry.", SendAt: h.Now().Add(10 * time.Second)})
		is(t, "somebody waits meanwhile", h.get(id).WaitingSince.IsZero(), true)
		h.does(h.minji, unsend(m.ID))
		got := h.get(id)
		is(t, "waits since", got.WaitingSince, asked.WaitingSince)
		is(t, "first answer", got.FirstReplyAt.IsZero(), true)
		is(t, "snippet", got.Snippet, "Where is my lamp?")
		is(t, "last said at", got.LastAt, asked.LastAt)
		is(t, "messages", got.Messages, 1)
		is(t, "the draft", h.draft(h.minji, id, conversation.FromAgent), "It fell off the lorry.")
		is(t, "found by its words", h.hits("lorry"), 0)
		is(t, "again", h.fails(h.minji, unsend(m.ID)), "conflict")
		late := h.replies(h.minji, id, conversation.Answer{SendAt: h.Now().Add(10 * time.Second)})
		h.Clock.Advance(10 * time.Second)
		is(t, "too late", h.fails(h.minji, unsend(late.ID)), "conflict")
		is(t, "the log", h.facts(id), "opened received replied assigned unsent replied")
	})
}

func (h *house) hits(words string) int {
	h.t.Helper()
	return ask(h, h.minji, func(ctx context.Context, tx *db.Tx) (int, error) {
		list, _, err := conversation.Search(ctx, tx, words, conversation.Filter{}, conversation.Page{Limit: 100})
		return len(list), err
	})
}
