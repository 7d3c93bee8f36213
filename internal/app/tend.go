package app

import (
	"context"
	"errors"

	"baraji/internal/contact"
	"baraji/internal/conversation"
)

// tend keeps the search indexes compact.
func (a *App) tend(ctx context.Context) error {
	return errors.Join(contact.Settle(ctx, a.DB), conversation.Settle(ctx, a.DB))
}
