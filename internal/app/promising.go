package app

import (
	"context"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/job"
	"baraji/internal/notice"
	"baraji/internal/promise"
	"baraji/internal/team"
)

// promising rings the timers of promises, and tells their owners.
func (a *App) promising() {
	job.Handle(a.Jobs, job.Kind{}, func(ctx context.Context, run *job.Run, r promise.Ring) error {
		return a.DB.Write(ctx, func(tx *db.Tx) error {
			if err := run.Finish(ctx, tx); err != nil {
				return err
			}
			return promise.Rung(team.AsSystem(ctx), tx, r.Promise)
		})
	})
	tell(a, func(ctx context.Context, tx *db.Tx, _ team.ID, f promise.Warned) error {
		return tellOwner(ctx, tx, f.ID, f.Owner, f.Soon, notice.Due, "promise.said_due")
	})
	tell(a, func(ctx context.Context, tx *db.Tx, _ team.ID, f promise.Slipped) error {
		return tellOwner(ctx, tx, f.ID, f.Owner, job.Late(tx.Now(), f.Due), notice.Broken, "promise.said_slipped")
	})
}

func tellOwner(ctx context.Context, tx *db.Tx, p promise.ID, who team.ID, due time.Time, kind notice.Kind, words string) error {
	if who == 0 {
		return nil
	}
	_, err := notice.Tell(ctx, tx, notice.Notice{Person: who, Kind: kind, Subject: p.String(), Words: words, Link: "/promises/" + p.String()}.LateBy(tx.Now(), due))
	return err
}
