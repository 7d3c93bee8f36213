package conversation_test

import (
	"context"
	"fmt"
	"testing"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/team"
)

func (h *house) participants(id conversation.ID) string {
	h.t.Helper()
	list := ask(h, h.minji, func(ctx context.Context, tx *db.Tx) ([]conversation.Participant, error) {
		return conversation.Participants(ctx, tx, id)
	})
	var out []string
	for _, p := range list {
		out = append(out, p.Address)
	}
	return fmt.Sprint(out)
}

func (h *house) followers(id conversation.ID) []team.ID {
	h.t.Helper()
	return ask(h, h.minji, func(ctx context.Context, tx *db.Tx) ([]team.ID, error) { return conversation.Followers(ctx, tx, id) })
}

// Two conversations that were put together by mistake go apart with their people: nobody of the one may write into
// the other, gets its answers, or reads it. Who has had a part in both keeps it.
func TestAnUndoneMergeTakesItsPeopleAlong(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		copied := func(address string) func(*conversation.Inbound) {
			return func(in *conversation.Inbound) { in.Recipients.Cc = []conversation.Address{{Address: address}} }
		}
		kept := h.writes("jiyun@home.example", "Where is my lamp?", 0, copied("both@x.example")).Conversation
		lost := h.writes("bora@firm.example", "Our contract", 0, copied("lawyer@firm.example")).Conversation
		h.writes("bora@firm.example", "And another thing", lost, copied("both@x.example"))
		yuna := h.person("Yuna", team.Agent, team.Actor{Rights: []team.Right{team.ReadConversations}, See: team.SeeMine})
		h.does(h.minji, func(ctx context.Context, tx *db.Tx) error { return conversation.Follow(ctx, tx, lost, yuna.id) })
		before, follow := h.participants(kept), h.followers(kept)
		h.merges(kept, lost)
		is(t, "together", h.participants(kept) != before, true)
		is(t, "yuna reads it", ask(h, yuna, func(ctx context.Context, tx *db.Tx) (conversation.ID, error) {
			c, err := conversation.Get(ctx, tx, kept)
			return c.ID, err
		}), kept)
		h.writes("late@firm.example", "I join here", kept)
		h.undoes(kept)
		is(t, "apart", h.participants(kept), "[jiyun@home.example late@firm.example both@x.example]")
		is(t, "the other's", h.participants(lost), "[bora@firm.example both@x.example lawyer@firm.example]")
		is(t, "followers", h.followers(kept), follow)
		is(t, "yuna", h.fails(yuna, func(ctx context.Context, tx *db.Tx) error { _, err := conversation.Get(ctx, tx, kept); return err }), "not found")
	})
}

// Whoever sees no more than he follows may split off a part: he follows that as well.
func TestSplittingLosesNoFollower(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.question("Where is my lamp?")
		second := h.writes("jiyun@home.example", "And my chair?", id)
		yuna := h.person("Yuna", team.Agent, team.Actor{Rights: []team.Right{team.ReadConversations, team.Handle}, See: team.SeeMine})
		h.does(h.minji, func(ctx context.Context, tx *db.Tx) error { return conversation.Follow(ctx, tx, id, yuna.id) })
		h.does(yuna, func(ctx context.Context, tx *db.Tx) error {
			part, err := conversation.SplitOff(ctx, tx, id, second.Message, false, "Chair")
			if err != nil {
				return err
			}
			_, err = conversation.Get(ctx, tx, part.ID)
			return err
		})
	})
}
