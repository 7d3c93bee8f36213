package automation

import (
	"context"

	"baraji/internal/conversation"
	"baraji/internal/kit/id"
	"baraji/internal/team"
)

var assign = Action{Key: "assign", Params: []Param{{Name: "person", Choose: "person"}},
	do: func(ctx context.Context, c *Case, with map[string]string) error {
		talk, err := c.mustTalk()
		if err != nil {
			return err
		}
		who, err := c.person(with["person"])
		if err != nil || who == talk.Assignee {
			return err
		}
		return conversation.Assign(ctx, c.tx, talk.ID, who)
	}}

var setTeam = Action{Key: "team", Params: []Param{{Name: "team", Choose: "team"}},
	do: func(ctx context.Context, c *Case, with map[string]string) error {
		talk, err := c.mustTalk()
		if err != nil {
			return err
		}
		to, err := id.Read[team.TeamID](with["team"])
		if err != nil || to == talk.Team {
			return err
		}
		return conversation.SetTeam(ctx, c.tx, talk.ID, to)
	}}

var follow = Action{Key: "follow", Params: []Param{{Name: "person", Choose: "person"}},
	do: func(ctx context.Context, c *Case, with map[string]string) error {
		talk, err := c.mustTalk()
		if err != nil {
			return err
		}
		who, err := c.person(with["person"])
		if err != nil || who == 0 {
			return err
		}
		return conversation.Follow(ctx, c.tx, talk.ID, who)
	}}
