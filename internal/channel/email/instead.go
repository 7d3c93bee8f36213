package email

import (
	"context"

	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
)

// Instead sends an answer by mail that could not be given where the customer
// wrote: through the oldest inbox that can send. Without one it stays queued, and
// waits for him to come back.
func (m *Mail) Instead(ctx context.Context, tx *db.Tx, id conversation.MessageID, to conversation.Address) error {
	msg, err := conversation.GetMessage(ctx, tx, id)
	if err != nil || msg.Delivery != conversation.Queued {
		return err
	}
	c, err := conversation.Get(ctx, tx, msg.Conversation)
	if err != nil {
		return err
	}
	in, _, err := m.sender(ctx, tx, 0)
	if err != nil || in.ID == 0 {
		return err
	}
	if err := conversation.Invite(ctx, tx, c.ID, to.Address); err != nil {
		return err
	}
	msg.Recipients = conversation.Recipients{To: []conversation.Address{to}}
	return m.post(ctx, tx, in, c, msg)
}

// Onward sends an answer by mail in a conversation that came another way and goes on by mail, such as a form's: to whom
// the agent chose, else to the address that the customer gave last; through the conversation's own inbox, or where that
// cannot send, the oldest that can.
func (m *Mail) Onward(ctx context.Context, tx *db.Tx, id conversation.MessageID) error {
	msg, err := conversation.GetMessage(ctx, tx, id)
	if err != nil || msg.Delivery != conversation.Queued {
		return err
	}
	c, err := conversation.Get(ctx, tx, msg.Conversation)
	if err != nil {
		return err
	}
	in, _, err := m.sender(ctx, tx, c.Inbox)
	if err != nil {
		return err
	}
	if in.ID == 0 {
		return conversation.SetDelivery(ctx, tx, id, conversation.Failed, 0, "No inbox can send mail yet.")
	}
	return m.post(ctx, tx, in, c, msg)
}

// sender is the inbox that is preferred (0: none is), if it can send, else the oldest that can; zero: none can.
func (m *Mail) sender(ctx context.Context, tx *db.Tx, preferred inbox.ID) (in inbox.Inbox, account Account, err error) {
	all, err := inbox.List(ctx, tx)
	if err != nil {
		return in, account, err
	}
	for _, i := range all {
		if i.Channel != "email" || !i.Enabled || in.ID != 0 && (in.ID == preferred || i.ID > in.ID && i.ID != preferred) {
			continue
		}
		a, err := m.Account(ctx, tx, i.ID)
		if err != nil {
			return in, account, err
		}
		if a.SMTP.Set() {
			in, account = i, a
		}
	}
	return in, account, nil
}
