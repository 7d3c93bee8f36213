package conversation_test

import (
	"context"
	"encoding/json"
	"testing"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/team"
)

func assign(id conversation.ID, to team.ID) func(context.Context, *db.Tx) error {
	return func(ctx context.Context, tx *db.Tx) error { return conversation.Assign(ctx, tx, id, to) }
}

// One looks after it or nobody; the log says from whom to whom, and nothing where nothing changed.
func TestHandingOver(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.question("Where is my lamp?")
		for _, c := range []struct{ from, to team.ID }{{0, h.dohyun.id}, {h.dohyun.id, h.minji.id}, {h.minji.id, 0}} {
			h.does(h.minji, assign(id, c.to))
			h.does(h.minji, assign(id, c.to)) // again: nothing happens
			is(t, "who has it", h.get(id).Assignee, c.to)
			e := h.lastFact(id)
			var f conversation.Assigned
			if err := json.Unmarshal(e.Body, &f); err != nil || f.From != c.from || f.To != c.to || e.Actor != h.minji.id.String() {
				t.Errorf("the log says %s: %+v, %v", e.Actor, f, err)
			}
		}
		is(t, "the log", h.facts(id), "opened received assigned assigned assigned")
		is(t, "to nobody who works here", h.fails(h.minji, assign(id, 12345)), "invalid assignee_id")
		h.does(h.minji, func(ctx context.Context, tx *db.Tx) error { return team.Disable(ctx, tx, h.dohyun.id) })
		is(t, "to somebody who left", h.fails(h.minji, assign(id, h.dohyun.id)), "invalid assignee_id")
		h.does(h.minji, func(ctx context.Context, tx *db.Tx) error { return conversation.Follow(ctx, tx, id, h.sora.id) })
		is(t, "by somebody who may not", h.fails(h.sora, assign(id, h.sora.id)), "forbidden")
	})
}

// A team's people see what is its; who hands it on no longer does.
func TestATeamGetsIt(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.question("Where is my lamp?")
		set := func(to team.TeamID) func(context.Context, *db.Tx) error {
			return func(ctx context.Context, tx *db.Tx) error { return conversation.SetTeam(ctx, tx, id, to) }
		}
		h.does(h.minji, set(h.night))
		h.does(h.minji, set(h.night))
		is(t, "seen by the team", h.sees(h.dohyun, id), true)
		is(t, "a team that is none", h.fails(h.minji, set(12345)), "invalid team_id")
		h.does(h.dohyun, set(0))
		is(t, "seen afterwards", h.sees(h.dohyun, id), false)
		is(t, "the log", h.facts(id), "opened received team_set team_set")
	})
}

// Whoever answers what nobody has, looks after it from then on; else it stays where it is.
func TestWhoAnswersLooksAfterIt(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.question("Where is my lamp?")
		h.replies(h.minji, id, conversation.Answer{})
		is(t, "who has it", h.get(id).Assignee, h.minji.id)
		is(t, "the log", h.facts(id), "opened received replied assigned")
		h.does(h.minji, func(ctx context.Context, tx *db.Tx) error { return conversation.Follow(ctx, tx, id, h.dohyun.id) })
		h.replies(h.dohyun, id, conversation.Answer{})
		is(t, "who has it after another one answered", h.get(id).Assignee, h.minji.id)
	})
}

// Following lets one see; whom a note names follows; each can go.
func TestFollowing(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.question("Where is my lamp?")
		follow := func(who team.ID) func(context.Context, *db.Tx) error {
			return func(ctx context.Context, tx *db.Tx) error { return conversation.Follow(ctx, tx, id, who) }
		}
		unfollow := func(who team.ID) func(context.Context, *db.Tx) error {
			return func(ctx context.Context, tx *db.Tx) error { return conversation.Unfollow(ctx, tx, id, who) }
		}
		followers := func() []team.ID {
			return ask(h, h.minji, func(ctx context.Context, tx *db.Tx) ([]team.ID, error) { return conversation.Followers(ctx, tx, id) })
		}
		h.notes(h.minji, id, conversation.Remark{Text: "@Sora, do you know?", Mentions: []team.ID{h.sora.id}})
		is(t, "followers", followers(), []team.ID{h.sora.id})
		is(t, "Sora sees it", h.sees(h.sora, id), true)
		is(t, "her mentions", ask(h, h.sora, conversation.MentionCount), 1)
		is(t, "Sora brings in somebody else", h.fails(h.sora, follow(h.dohyun.id)), "forbidden")
		h.does(h.minji, follow(h.dohyun.id))
		h.does(h.minji, follow(h.dohyun.id))
		h.does(h.sora, unfollow(h.sora.id))
		is(t, "Sora sees it afterwards", h.sees(h.sora, id), false)
		is(t, "her mentions afterwards", ask(h, h.sora, conversation.MentionCount), 0)
		h.does(h.minji, unfollow(h.sora.id))
		is(t, "followers afterwards", followers(), []team.ID{h.dohyun.id})
		is(t, "the log", h.facts(id), "opened received noted followed followed unfollowed")
		is(t, "somebody who is nobody", h.fails(h.minji, follow(12345)), "invalid person")
		is(t, "a mention of nobody", h.fails(h.minji, func(ctx context.Context, tx *db.Tx) error {
			_, err := conversation.AddNote(ctx, tx, id, conversation.Remark{Text: "@x", Mentions: []team.ID{12345}})
			return err
		}), "invalid mentions")
	})
}
