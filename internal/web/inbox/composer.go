package inbox

import (
	"context"
	"slices"
	"strings"

	"baraji/internal/channel/chat"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// composer is where an answer or a note is written.
type composer struct {
	Reply, Note   conversation.Draft
	To            conversation.Address // of the customer; none: nobody can be answered
	By            string               // the channel that an answer goes by, unless one chooses
	Ways          []string             // the channels that it can go by, if there is a choice
	Cc            string               // those who take part beside him
	Last          conversation.MessageID
	Signature     string
	EnterSends    bool
	CanReply      bool
	CanNote       bool
	CanHandle     bool
	Blocked       bool // the customer wants no mail
	Colleagues    []colleague
	StartWithNote bool
}

// colleague can be named in a note.
type colleague struct {
	ID   team.ID
	Name string
}

func readComposer(ctx context.Context, tx *db.Tx, t talk) (c composer, err error) {
	actor := team.From(ctx)
	c.CanReply, c.CanNote, c.CanHandle = actor.Can(team.Reply), actor.Can(team.Note), actor.Can(team.Handle)
	c.EnterSends = session(ctx).Choices.EnterSends
	err = tx.Together(ctx,
		func(tx *db.Tx) (err error) {
			c.Reply, err = conversation.GetDraft(ctx, tx, t.ID, conversation.FromAgent)
			return err
		},
		func(tx *db.Tx) (err error) {
			c.Note, err = conversation.GetDraft(ctx, tx, t.ID, conversation.Note)
			return err
		},
		func(tx *db.Tx) (err error) { c.Last, err = conversation.LastFromCustomer(ctx, tx, t.ID); return err },
		func(tx *db.Tx) (err error) { c.Signature, err = signature(ctx, tx, t); return err },
		func(tx *db.Tx) (err error) {
			if c.To, c.Cc, err = recipients(ctx, tx, t); err != nil {
				return err
			}
			return c.readWays(ctx, tx, t)
		},
	)
	c.StartWithNote = !c.CanReply || c.Reply.Body == "" && c.Note.Body != ""
	for id, name := range t.People {
		c.Colleagues = append(c.Colleagues, colleague{id, name})
	}
	slices.SortFunc(c.Colleagues, func(a, b colleague) int { return strings.Compare(a.Name, b.Name) })
	return c, err
}

// readWays finds by which channels the customer can be answered: in the chat where he
// wrote, and by mail where he has an address.
func (c *composer) readWays(ctx context.Context, tx *db.Tx, t talk) (err error) {
	if c.By, err = conversation.LastBy(ctx, tx, t.Conversation); err != nil {
		return err
	}
	there, err := chat.Visitors(ctx, tx, t.ID)
	if err != nil || len(there) == 0 {
		return err
	}
	if c.To.Address == "" {
		if c.To, err = chat.LeftAddress(ctx, tx, t.ID); err != nil {
			return err
		}
	}
	if c.To.Address != "" {
		c.Ways = []string{chat.Channel, "email"}
	}
	return nil
}

// reachable says whether an answer can get to the customer.
func (t talk) reachable() bool { return t.Composer.By == chat.Channel || t.Composer.To.Address != "" }

// recipients are whom an answer goes to: the address that the customer last wrote
// from, and those who had an open copy of what was last said. Who got a blind
// copy is never named again.
func recipients(ctx context.Context, tx *db.Tx, t talk) (to conversation.Address, cc string, err error) {
	if to, err = conversation.LastSender(ctx, tx, t.ID); err != nil {
		return to, "", err
	}
	if to.Address == "" && t.Contact != 0 {
		to.Name = t.ContactName
		to.Address, err = contact.Reach(ctx, tx, t.Contact, contact.Email)
		if err != nil && problem.KindOf(err) != problem.NotFound {
			return to, "", err
		}
	}
	doors, err := inbox.List(ctx, tx)
	if err != nil {
		return to, "", err
	}
	var list []string
	for _, a := range t.copies() {
		address := strings.ToLower(a.Address)
		ours := slices.ContainsFunc(doors, func(d inbox.Inbox) bool { return d.Address == address })
		if !ours && address != strings.ToLower(to.Address) && !slices.Contains(list, address) {
			list = append(list, address)
		}
	}
	return to, strings.Join(list, ", "), nil
}

// copies are those beside sender and receiver of what was last said.
func (t talk) copies() []conversation.Address {
	for _, e := range slices.Backward(t.Entries) {
		if e.Message == nil || e.Message.Auto {
			continue
		}
		switch e.Message.Kind {
		case conversation.FromCustomer:
			return append(slices.Clone(e.Message.Recipients.To), e.Message.Recipients.Cc...)
		case conversation.FromAgent:
			return e.Message.Recipients.Cc
		}
	}
	return nil
}

// signature is what the inbox puts under the answer.
func signature(ctx context.Context, tx *db.Tx, t talk) (string, error) {
	language := t.Language
	if language == "" {
		language = t.Door.Language
	}
	s, err := inbox.Text(ctx, tx, t.Inbox, inbox.Signature, language)
	if err != nil || s == "" {
		return "", err
	}
	return strings.NewReplacer("{agent}", team.From(ctx).Name, "{firm}", t.Door.Name).Replace(s), nil
}
