package automation

import (
	"context"
	"slices"

	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
)

// write begins a conversation with the customer by mail. What is done after it is about that one.
var write = Action{Key: "write", Params: []Param{{Name: "subject"}, {Name: "korean_subject", May: true}, {Name: "text", Choose: "text"},
	{Name: "korean", Choose: "text", May: true}, {Name: "inbox", Choose: "inbox", May: true}},
	do: func(ctx context.Context, c *Case, with map[string]string) error {
		p, err := c.mustCustomer()
		if err != nil {
			return err
		}
		if p.Email == "" {
			return problem.New(problem.Conflict, "The customer has no e-mail address.")
		}
		in, err := c.from(ctx, with["inbox"])
		if err != nil {
			return err
		}
		subject, text := with["subject"], with["text"]
		if p.Language == "ko" && with["korean"] != "" && with["korean_subject"] != "" {
			subject, text = with["korean_subject"], with["korean"]
		}
		b := conversation.Beginning{Inbox: in, Contact: p.Contact, Answer: conversation.Answer{To: []conversation.Address{{Name: p.Name, Address: p.Email}}}}
		if b.Subject, err = c.fill(subject); err != nil {
			return err
		}
		if b.Text, err = c.fill(text); err != nil {
			return err
		}
		talk, _, err := conversation.Start(ctx, c.tx, b)
		c.of.conversation = talk.ID
		return err
	}}

// from is the inbox that is chosen, else that of the conversation, else the first that sends mail.
func (c *Case) from(ctx context.Context, chosen string) (inbox.Inbox, error) {
	if chosen != "" {
		which, err := id.Read[inbox.ID](chosen)
		if err != nil {
			return inbox.Inbox{}, problem.New(problem.Invalid, "There is no such inbox.")
		}
		return inbox.Get(ctx, c.tx, which)
	}
	talk, err := c.Talk()
	if err != nil {
		return inbox.Inbox{}, err
	}
	list, err := inbox.List(ctx, c.tx)
	if err != nil {
		return inbox.Inbox{}, err
	}
	list = slices.DeleteFunc(list, func(i inbox.Inbox) bool { return i.Channel != "email" || !i.Enabled })
	if len(list) == 0 {
		return inbox.Inbox{}, problem.New(problem.Conflict, "There is no inbox that sends mail.")
	}
	return list[max(0, slices.IndexFunc(list, func(i inbox.Inbox) bool { return i.ID == talk.Inbox }))], nil
}
