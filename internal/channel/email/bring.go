package email

import (
	"context"

	"baraji/internal/inbox"
)

// Bring takes a mail that no server brought, such as one from an archive, as if
// it had arrived now. name tells it from others: brought twice, it is taken once.
func (m *Mail) Bring(ctx context.Context, to inbox.ID, name, envelopeFrom string, raw []byte) error {
	return m.store(ctx, []arrival{{raw: raw, Item: Item{Inbox: to, Source: "file:" + name, EnvelopeFrom: envelopeFrom, ReceivedAt: m.db.Now()}}}, nil)
}
