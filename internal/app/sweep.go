package app

import (
	"context"
	"time"

	"baraji/internal/assistant"
	"baraji/internal/automation"
	"baraji/internal/channel/email"
	"baraji/internal/conversation"
	"baraji/internal/flow"
	"baraji/internal/form"
	"baraji/internal/hookin"
	"baraji/internal/incident"
	"baraji/internal/kit/blob"
	"baraji/internal/kit/db"
	"baraji/internal/kit/job"
	"baraji/internal/knowledge"
	"baraji/internal/macro"
	"baraji/internal/moment"
	"baraji/internal/notice"
	"baraji/internal/outcall"
	"baraji/internal/slack"
	"baraji/internal/webhook"
)

// sweep removes what is kept only for a while, and what nothing points to: uploads that were never sent, and files
// that a process wrote before it died. What is younger than a day stays.
func (a *App) sweep(ctx context.Context, _ *job.Run) error {
	before := a.DB.Now().Add(-24 * time.Hour)
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		if err := flow.Forget(ctx, tx, a.DB.Now().Add(-flow.Keep)); err != nil {
			return err
		}
		if err := notice.Forget(ctx, tx, a.DB.Now().Add(-notice.Keep)); err != nil {
			return err
		}
		if err := automation.Forget(ctx, tx); err != nil {
			return err
		}
		if err := moment.Forget(ctx, tx); err != nil {
			return err
		}
		if err := webhook.Forget(ctx, tx); err != nil {
			return err
		}
		if err := hookin.Forget(ctx, tx); err != nil {
			return err
		}
		if err := outcall.Forget(ctx, tx); err != nil {
			return err
		}
		if err := slack.Forget(ctx, tx); err != nil {
			return err
		}
		if err := incident.Forget(ctx, tx); err != nil {
			return err
		}
		if err := macro.Forget(ctx, tx, tx.Now().Add(-macro.Kept)); err != nil {
			return err
		}
		return conversation.DropUploads(ctx, tx, before)
	})
	if err != nil {
		return err
	}
	if f, ok := a.Blobs.(*blob.Folder); ok {
		if _, err := f.Sweep(before); err != nil {
			return err
		}
	}
	for e, err := range a.Blobs.Each(ctx) {
		if err != nil {
			return err
		}
		if !e.Changed.Before(before) {
			continue
		}
		used, err := a.usesBlob(ctx, e.Key)
		if err != nil {
			return err
		}
		if used {
			continue
		}
		if err := a.Blobs.Delete(ctx, e.Key); err != nil {
			return err
		}
	}
	return nil
}

func (a *App) usesBlob(ctx context.Context, key blob.Key) (used bool, err error) {
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		if used, err = conversation.UsesBlob(ctx, tx, string(key)); used || err != nil {
			return err
		}
		if used, err = email.UsesBlob(ctx, tx, string(key)); used || err != nil {
			return err
		}
		if used, err = form.UsesBlob(ctx, tx, string(key)); used || err != nil {
			return err
		}
		if used, err = knowledge.UsesBlob(ctx, tx, string(key)); used || err != nil {
			return err
		}
		if used, err = assistant.UsesBlob(ctx, tx, string(key)); used || err != nil {
			return err
		}
		used, err = macro.UsesBlob(ctx, tx, string(key))
		return err
	})
	return used, err
}
