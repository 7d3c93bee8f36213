package app

import (
	"context"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/job"
	"baraji/internal/routing"
	"baraji/internal/shift"
	"baraji/internal/sla"
	"baraji/internal/team"
)

// jobs is who does which job, beside those that parts take over themselves (the
// channel: fetching, taking and sending mail; the door: mail about accounts).
func (a *App) jobs() {
	once(a, func(ctx context.Context, tx *db.Tx, w conversation.Wake) error {
		return conversation.WakeUp(ctx, tx, w.Conversation)
	})
	once(a, func(ctx context.Context, tx *db.Tx, r sla.Ring) error { return sla.Rung(ctx, tx, r.Conversation) })
	once(a, func(ctx context.Context, tx *db.Tx, t shift.Tick) error { return shift.Ticked(ctx, tx, t.Rota) })
	once(a, func(ctx context.Context, tx *db.Tx, o routing.Opened) error {
		return routing.Route(ctx, tx, o.Conversation)
	})
	once(a, func(ctx context.Context, tx *db.Tx, _ routing.Next) error { return routing.Serve(ctx, tx) })
	once(a, routing.StaysSilent)
	job.Handle(a.Jobs, job.Kind{}, func(ctx context.Context, _ *job.Run, b conversation.Bulk) error { return b.Run(ctx, a.DB) })
	job.Handle(a.Jobs, job.Kind{Limit: 30 * time.Minute}, a.purge)
	job.Every(a.Jobs, "app.sweep", job.Kind{Limit: 30 * time.Minute}, job.Interval(6*time.Hour), a.sweep)
}

// conversations is the conversations' part in a person.
func (a *App) conversations() contact.Part {
	p := conversation.Part()
	p.Line = conversation.Line
	return p
}

// once takes over a job that is one transaction, done as the program itself.
func once[J job.Args](a *App, do func(context.Context, *db.Tx, J) error) {
	job.Handle(a.Jobs, job.Kind{}, func(ctx context.Context, run *job.Run, j J) error {
		return a.DB.Write(ctx, func(tx *db.Tx) error {
			if err := run.Finish(ctx, tx); err != nil {
				return err
			}
			return do(team.AsSystem(ctx), tx, j)
		})
	})
}
