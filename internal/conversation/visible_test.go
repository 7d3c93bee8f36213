package conversation_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Who sees what: the rule as SQL (lists, single reads, counts, search) and as Go (the live stream) say the same.
func TestWhoSeesWhat(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		const me, other = 1, 2
		var day team.TeamID
		h.does(h.minji, func(ctx context.Context, tx *db.Tx) (err error) {
			day, err = team.MakeTeam(ctx, tx, "Day", "")
			return err
		})
		who := map[int]team.ID{0: 0, me: h.dohyun.id, other: h.minji.id}
		reads := []team.Right{team.ReadConversations}
		actors := map[string]team.Actor{
			"everything": {Person: h.dohyun.id, Rights: reads, See: team.SeeEverything},
			"teams":      {Person: h.dohyun.id, Rights: reads, See: team.SeeTeams, Teams: []team.TeamID{h.night}},
			"no team":    {Person: h.dohyun.id, Rights: reads, See: team.SeeTeams},
			"mine":       {Person: h.dohyun.id, Rights: reads, See: team.SeeMine, Teams: []team.TeamID{h.night}},
			"team token": {Token: 9, Rights: reads, See: team.SeeTeams, Teams: []team.TeamID{h.night}},
			"my token":   {Token: 9, Rights: reads, See: team.SeeMine},
			"no right":   {Person: h.dohyun.id, Rights: []team.Right{team.Reply, team.Handle}, See: team.SeeEverything},
			"no view":    {Person: h.dohyun.id, Rights: reads},
			"nobody":     {},
		}
		for _, c := range []struct {
			assignee int
			team     team.TeamID
			follower int
			seenBy   string // the actors above
		}{
			{0, 0, 0, "everything"},
			{0, h.night, 0, "everything, teams, team token"},
			{0, day, 0, "everything"},
			{me, 0, 0, "everything, teams, no team, mine"},
			{me, h.night, 0, "everything, teams, no team, mine, team token"},
			{me, day, other, "everything, teams, no team, mine"},
			{other, h.night, 0, "everything, teams, team token"},
			{other, day, 0, "everything"},
			{other, day, me, "everything, teams, no team, mine"},
			{0, 0, me, "everything, teams, no team, mine"},
			{0, 0, other, "everything"},
		} {
			id := h.question("Where is my lamp?")
			h.does(h.minji, func(ctx context.Context, tx *db.Tx) error {
				if err := conversation.Assign(ctx, tx, id, who[c.assignee]); err != nil {
					return err
				}
				if err := conversation.SetTeam(ctx, tx, id, c.team); err != nil || c.follower == 0 {
					return err
				}
				return conversation.Follow(ctx, tx, id, who[c.follower])
			})
			row, names := h.get(id), strings.Split(c.seenBy, ", ")
			followers := ask(h, h.minji, func(ctx context.Context, tx *db.Tx) ([]team.ID, error) { return conversation.Followers(ctx, tx, id) })
			for name, actor := range actors {
				p := person{actor.Person, team.With(t.Context(), actor)}
				what, want := fmt.Sprintf("%+v, %s", c, name), slices.Contains(names, name)
				is(t, what+": the row", h.sees(p, id), want)
				is(t, what+": in the list", h.lists(p, id), want)
				is(t, what+": in the search", h.finds(p, id), want)
				is(t, what+": live", conversation.Sees(actor, row, followers), want)
			}
		}
		for name, actor := range actors { // the counts see what the lists see
			ctx := team.With(t.Context(), actor)
			n, err := conversation.NewCounter(h.DB).Of(ctx)
			if err != nil {
				t.Fatal(err)
			}
			open := ask(h, person{ctx: ctx}, func(ctx context.Context, tx *db.Tx) (int, error) {
				list, _, err := conversation.List(ctx, tx, conversation.Filter{Status: []conversation.Status{conversation.Open}}, conversation.Page{Limit: 100})
				return len(list), err
			})
			is(t, name+": open ones counted", n.All, open)
		}
	})
}

// What one may not see is not there, whatever one does to it.
func TestOutOfSightIsOutOfReach(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.question("Where is my lamp?")
		mine := h.question("And mine?")
		h.does(h.minji, func(ctx context.Context, tx *db.Tx) error { return conversation.Assign(ctx, tx, mine, h.dohyun.id) })
		m := h.replies(h.minji, id, conversation.Answer{})
		said, head := h.texts(id), h.get(id)
		subject := "mine"
		for name, fn := range map[string]func(context.Context, *db.Tx) error{
			"read": func(ctx context.Context, tx *db.Tx) error { _, err := conversation.Get(ctx, tx, id); return err },
			"by number": func(ctx context.Context, tx *db.Tx) error {
				_, err := conversation.ByNumber(ctx, tx, head.Number)
				return err
			},
			"message": func(ctx context.Context, tx *db.Tx) error {
				_, err := conversation.GetMessage(ctx, tx, m.ID)
				return err
			},
			"reply": func(ctx context.Context, tx *db.Tx) error {
				_, err := conversation.Reply(ctx, tx, id, conversation.Answer{Text: "x"})
				return err
			},
			"note": func(ctx context.Context, tx *db.Tx) error {
				_, err := conversation.AddNote(ctx, tx, id, conversation.Remark{Text: "x"})
				return err
			},
			"assign": func(ctx context.Context, tx *db.Tx) error { return conversation.Assign(ctx, tx, id, h.dohyun.id) },
			"team":   func(ctx context.Context, tx *db.Tx) error { return conversation.SetTeam(ctx, tx, id, h.night) },
			"follow": func(ctx context.Context, tx *db.Tx) error { return conversation.Follow(ctx, tx, id, h.dohyun.id) },
			"change": func(ctx context.Context, tx *db.Tx) error {
				return conversation.Update(ctx, tx, id, conversation.Change{Subject: &subject})
			},
			"tag": func(ctx context.Context, tx *db.Tx) error { return conversation.Tag(ctx, tx, id, "x") },
			"draft": func(ctx context.Context, tx *db.Tx) error {
				return conversation.SaveDraft(ctx, tx, id, conversation.Note, "x")
			},
			"seen": func(ctx context.Context, tx *db.Tx) error { return conversation.Seen(ctx, tx, id, m.ID) },
			"merge": func(ctx context.Context, tx *db.Tx) error {
				_, err := conversation.Merge(ctx, tx, mine, id)
				return err
			},
			"merge into": func(ctx context.Context, tx *db.Tx) error {
				_, err := conversation.Merge(ctx, tx, id, mine)
				return err
			},
			"split": func(ctx context.Context, tx *db.Tx) error {
				_, err := conversation.SplitOff(ctx, tx, id, m.ID, true, "")
				return err
			},
			"foreign part": func(ctx context.Context, tx *db.Tx) error {
				_, err := conversation.SplitOff(ctx, tx, mine, m.ID, true, "")
				return err
			},
			"undo": func(ctx context.Context, tx *db.Tx) error { _, err := conversation.Undo(ctx, tx, id); return err },
			"values": func(ctx context.Context, tx *db.Tx) error {
				return conversation.SetValues(ctx, tx, id, map[string]string{"x": "y"})
			},
		} {
			is(t, name, h.fails(h.dohyun, fn), "not found")
		}
		none := ask(h, h.dohyun, func(ctx context.Context, tx *db.Tx) (int, error) {
			list, err := conversation.Messages(ctx, tx, id, 0, 10)
			return len(list), err
		})
		is(t, "messages", none, 0)
		is(t, "what is said", h.texts(id), said)
		is(t, "the log", h.facts(id), "opened received replied assigned")
		is(t, "the log of his own", h.facts(mine), "opened received assigned")
	})
}

// sees, lists and finds say whether somebody comes upon a conversation.
func (h *house) sees(who person, id conversation.ID) bool {
	h.t.Helper()
	return ask(h, who, func(ctx context.Context, tx *db.Tx) (bool, error) {
		_, err := conversation.Get(ctx, tx, id)
		if problem.KindOf(err) == problem.NotFound {
			return false, nil
		}
		return err == nil, err
	})
}

func (h *house) lists(who person, id conversation.ID) bool {
	h.t.Helper()
	return ask(h, who, func(ctx context.Context, tx *db.Tx) (bool, error) {
		list, _, err := conversation.List(ctx, tx, conversation.Filter{}, conversation.Page{Limit: 100})
		return slices.ContainsFunc(list, func(c conversation.Conversation) bool { return c.ID == id }), err
	})
}

func (h *house) finds(who person, id conversation.ID) bool {
	h.t.Helper()
	return ask(h, who, func(ctx context.Context, tx *db.Tx) (bool, error) {
		list, _, err := conversation.Search(ctx, tx, "lamp", conversation.Filter{}, conversation.Page{Limit: 100})
		return slices.ContainsFunc(list, func(x conversation.Hit) bool { return x.Conversation.ID == id }), err
	})
}
