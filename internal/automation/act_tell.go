package automation

import (
	"context"

	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/notice"
	"baraji/internal/team"
)

// tell tells somebody. The text stands there as it was written in the rule: what leaves the house by mail or Slack says nothing about customers.
var tell = Action{Key: "tell", Params: []Param{{Name: "person", Choose: "person", May: true}, {Name: "team", Choose: "team", May: true}, {Name: "text"}},
	check: func(_ context.Context, _ *db.Tx, with map[string]string, c *problem.Check, at string) error {
		c.That(with["person"] != "" || with["team"] != "", at+".person", "Choose who is told.")
		return nil
	},
	do: func(ctx context.Context, c *Case, with map[string]string) error {
		if err := team.Allow(ctx, team.Note); err != nil { // by a macro: as who may mention somebody in a note
			return err
		}
		of := team.TeamID(0)
		if with["team"] != "" {
			var err error
			if of, err = id.Read[team.TeamID](with["team"]); err != nil {
				return err
			}
		}
		who, err := c.Whom(with["person"], of)
		if err != nil {
			return err
		}
		n := notice.Notice{Kind: notice.Rule, Subject: c.subject(), Words: "notice.rule", Args: map[string]string{"text": with["text"]}}
		talk, err := c.Talk()
		if err != nil {
			return err
		}
		if talk.ID != 0 {
			n.Subject, n.Link = talk.ID.String(), "/inbox/"+talk.ID.String()
		} else if p, err := c.Customer(); err == nil && p.ID != 0 {
			n.Link = "/customers/" + p.ID.String()
		}
		for _, p := range who {
			n.Person = p
			if _, err := notice.Tell(ctx, c.tx, n); err != nil {
				return err
			}
		}
		return nil
	}}

// Whom are those who are meant: a person (an id, "assignee", "owner"), the people of a team (0: none), or both.
func (c *Case) Whom(person string, of team.TeamID) (list []team.ID, err error) {
	who, err := c.person(person)
	if err != nil {
		return nil, err
	}
	if who != 0 {
		list = append(list, who)
	}
	if of == 0 {
		return list, nil
	}
	people, err := team.People(team.AsSystem(c.ctx), c.tx, team.Filter{State: team.Active, Team: of})
	for _, p := range people {
		if p.ID != who {
			list = append(list, p.ID)
		}
	}
	return list, err
}
