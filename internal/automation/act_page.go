package automation

import (
	"context"
	"strconv"
	"time"

	"baraji/internal/kit/id"
	"baraji/internal/oncall"
	"baraji/internal/promise"
)

// page wakes whoever is on call.
var page = Action{Key: "page", Params: []Param{{Name: "service", Choose: "service"}, {Name: "text"}, {Name: "urgent", Choices: words([]string{"yes", "no"}), May: true}},
	do: func(ctx context.Context, c *Case, with map[string]string) error {
		of, err := id.Read[oncall.ServiceID](with["service"])
		if err != nil {
			return err
		}
		talk, err := c.Talk()
		if err != nil {
			return err
		}
		_, err = oncall.Open(ctx, c.tx, of, oncall.Call{Conversation: talk.ID, Key: c.subject(), Title: with["text"], Reason: with["text"], Urgent: with["urgent"] != "no"})
		return err
	}}

// owe notes a promise to the customer.
var owe = Action{Key: "promise", Params: []Param{{Name: "text"}, {Name: "days", Choose: "days"}, {Name: "person", Choose: "person", May: true}},
	do: func(ctx context.Context, c *Case, with map[string]string) error {
		p, err := c.mustCustomer()
		if err != nil {
			return err
		}
		talk, err := c.Talk()
		if err != nil {
			return err
		}
		owner, err := c.person(with["person"])
		if err != nil {
			return err
		}
		days, err := strconv.Atoi(with["days"])
		if err != nil {
			return err
		}
		if owner == 0 {
			owner = c.owner
		}
		_, err = promise.Make(ctx, c.tx, promise.Given{Words: with["text"], Owner: owner, Contact: p.ID, Company: p.Company, Conversation: talk.ID, Due: c.now().Add(time.Duration(days) * 24 * time.Hour), AllDay: true})
		return err
	}}
