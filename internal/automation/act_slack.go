package automation

import (
	"context"
	"slices"

	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/slack"
	"baraji/internal/team"
)

// chat says something in Slack: in a channel, to one person, or both. The text is filled in here and now; a job sends it.
var chat = Action{Key: "slack", Params: []Param{{Name: "channel", Choose: "slack_channel", May: true}, {Name: "person", Choose: "person", May: true}, {Name: "text", Choose: "text"}},
	check: func(ctx context.Context, tx *db.Tx, with map[string]string, c *problem.Check, at string) error {
		is, err := slack.Is(ctx, tx)
		c.That(is, at+".channel", "Slack is not connected. An administrator connects it under Settings, Slack.")
		c.That(!is || with["channel"] != "" || with["person"] != "" && with["person"] != "nobody", at+".channel", "Choose a channel or a person.")
		return err
	}, do: doChat}

func doChat(ctx context.Context, c *Case, with map[string]string) error {
	text, err := c.fillFor(with["text"])
	if err != nil {
		return err
	}
	talk, err := c.Talk()
	if err != nil {
		return err
	}
	customer, err := c.Customer()
	if err != nil {
		return err
	}
	m := slack.Message{Conversation: talk.ID, Contact: customer.ID, Text: text, Owner: c.owner}
	if m.Owner == 0 {
		m.Owner = team.From(ctx).Person
	}
	if with["channel"] != "" {
		m.Channel = with["channel"]
		if _, err := slack.Tell(ctx, c.tx, m); err != nil {
			return err
		}
	}
	if m.Person, err = c.person(with["person"]); err != nil || m.Person == 0 {
		return err
	}
	m.Channel = ""
	_, err = slack.Tell(ctx, c.tx, m)
	return err
}

// harmless are the placeholders that say nothing of customers.
var harmless = []string{"conversation.number", "conversation.id", "customer.id", "event.id", "agent.name", "firm.name", "conversation.status", "conversation.priority", "conversation.severity", "conversation.type", "conversation.stage"}

// fillFor fills in a text for Slack: where the firm keeps customers' data to itself, only what says nothing of them.
func (c *Case) fillFor(text string) (string, error) {
	reveals, err := slack.Reveals(c.ctx, c.tx)
	if err != nil || reveals {
		if err != nil {
			return "", err
		}
		return c.fill(text)
	}
	return c.fill(hole.ReplaceAllStringFunc(text, func(s string) string {
		if slices.Contains(harmless, s[1:len(s)-1]) {
			return s
		}
		return "–"
	}))
}

// someChannel says whether a channel is one that whoever acts can choose.
func someChannel(ctx context.Context, tx *db.Tx, v string) (bool, error) {
	list, err := slack.Channels(ctx, tx, "", 0)
	return slices.ContainsFunc(list, func(c slack.Channel) bool { return c.ID == v }), err
}
