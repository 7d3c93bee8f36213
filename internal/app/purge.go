package app

import (
	"context"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/job"
	"baraji/internal/webhook"
)

// purge is the job of overwriting on the disk what was erased from the tables:
// an index keeps deleted words until it is told to let go.
type purge struct{}

func (purge) JobKind() string { return "app.purge" }

// afterErasure takes away what others may have said of whom was erased, and asks for a purge soon; several erasures share one.
func (a *App) afterErasure(ctx context.Context, tx *db.Tx) error {
	if err := webhook.Erase(ctx, tx); err != nil {
		return err
	}
	return job.Add(ctx, tx, purge{}, job.Options{At: tx.Now().Add(10 * time.Second), Key: "app.purge"})
}

func (a *App) onErased(ctx context.Context, tx *db.Tx, _ contact.Erased) error {
	return a.afterErasure(ctx, tx)
}

func (a *App) onDeleted(ctx context.Context, tx *db.Tx, _ conversation.Deleted) error {
	return a.afterErasure(ctx, tx)
}

func (a *App) purge(ctx context.Context, run *job.Run, _ purge) error {
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		if err := run.Finish(ctx, tx); err != nil {
			return err
		}
		if err := contact.Purge(ctx, tx); err != nil {
			return err
		}
		return conversation.Purge(ctx, tx)
	})
	if err != nil {
		return err
	}
	return a.DB.Checkpoint(ctx)
}
