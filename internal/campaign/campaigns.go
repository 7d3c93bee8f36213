package campaign

import (
	"context"
	"log/slog"
	"time"

	"baraji/internal/channel/email"
	"baraji/internal/kit/db"
	"baraji/internal/kit/job"
	"baraji/internal/kit/secret"
	"baraji/internal/team"
)

// Parts are what campaigns need of the program.
type Parts struct {
	DB   *db.DB
	Log  *slog.Logger
	Keys *secret.Keys
	Jobs *job.Runner
	Mail *email.Mail
	URL  string // ours, without a slash at the end
}

// Campaigns sends them.
type Campaigns struct{ Parts }

// New makes it, and takes over its jobs. Mail to many has workers of its own: nobody's answer waits behind it.
func New(p Parts) *Campaigns {
	m := &Campaigns{p}
	job.Handle(p.Jobs, job.Kind{Pool: "mail to many", Tries: forEver, Wait: 5 * time.Second, Most: 10 * time.Minute, Limit: time.Hour},
		func(ctx context.Context, run *job.Run, s send) error { return m.send(team.AsSystem(ctx), run, s) })
	job.Handle(p.Jobs, job.Kind{Limit: 30 * time.Minute},
		func(ctx context.Context, run *job.Run, f forecast) error {
			return m.forecast(team.AsSystem(ctx), run, f)
		})
	job.Handle(p.Jobs, job.Kind{Pool: "mail to many", Tries: 3, Limit: 5 * time.Minute},
		func(ctx context.Context, run *job.Run, t try) error { return m.try(team.AsSystem(ctx), run, t) })
	p.Jobs.Size("mail to many", 3)
	return m
}

const forEver = 1 << 30
