package app

import (
	"context"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/job"
	"baraji/internal/shift"
	"baraji/internal/sla"
	"baraji/internal/team"
)

// jobs is who does which job, beside those that parts take over themselves (the
// channel: fetching, taking and sending mail; the door: mail about accounts).
func (a *App) jobs() {
	job.Handle(a.Jobs, job.Kind{}, a.wakeUp)
	job.Handle(a.Jobs, job.Kind{}, a.ring)
	job.Handle(a.Jobs, job.Kind{}, a.tick)
	job.Handle(a.Jobs, job.Kind{}, func(ctx context.Context, _ *job.Run, b conversation.Bulk) error { return b.Run(ctx, a.DB) })
	job.Handle(a.Jobs, job.Kind{Limit: 30 * time.Minute}, a.purge)
	job.Every(a.Jobs, "app.sweep", job.Kind{Limit: 30 * time.Minute}, job.Interval(6*time.Hour), a.sweep)
}

// wakeUp ends a snooze.
func (a *App) wakeUp(ctx context.Context, run *job.Run, w conversation.Wake) error {
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		if err := run.Finish(ctx, tx); err != nil {
			return err
		}
		return conversation.WakeUp(ctx, tx, w.Conversation)
	})
}

// ring looks at the clocks of a conversation when one of them is due.
func (a *App) ring(ctx context.Context, run *job.Run, r sla.Ring) error {
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		if err := run.Finish(ctx, tx); err != nil {
			return err
		}
		return sla.Rung(team.AsSystem(ctx), tx, r.Conversation)
	})
}

// tick tells whose turns began and ended in a rota.
func (a *App) tick(ctx context.Context, run *job.Run, t shift.Tick) error {
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		if err := run.Finish(ctx, tx); err != nil {
			return err
		}
		return shift.Ticked(team.AsSystem(ctx), tx, t.Rota)
	})
}

// conversations is the conversations' part in a person.
func (a *App) conversations() contact.Part {
	p := conversation.Part()
	p.Line = conversation.Line
	return p
}
