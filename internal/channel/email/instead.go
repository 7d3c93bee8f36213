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
	in, _, err := m.sender(ctx, tx)
	if err != nil || in.ID == 0 {
		return err
	}
	msg.Recipients = conversation.Recipients{To: []conversation.Address{to}}
	return m.post(ctx, tx, in, c, msg)
}

// sender is the oldest inbox that can send; zero: none can.
func (m *Mail) sender(ctx context.Context, tx *db.Tx) (in inbox.Inbox, account Account, err error) {
	all, err := inbox.List(ctx, tx)
	if err != nil {
		return in, account, err
	}
	for _, i := range all {
		if i.Channel != "email" || !i.Enabled || in.ID != 0 && i.ID > in.ID {
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
