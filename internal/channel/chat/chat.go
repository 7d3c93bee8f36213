package chat

import (
	"context"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/secret"
	"baraji/internal/team"
)

// Channel is what inboxes of this kind are called.
const Channel = "chat"

// Patience is how long an answer waits for the visitor's browser before it goes on by mail.
const Patience = 2 * time.Minute

// Chat is the channel.
type Chat struct {
	keys   *secret.Keys
	mail   Mailer
	expect expectations
}

// Mailer sends an answer by mail, where a visitor is gone and has left an address.
type Mailer func(ctx context.Context, tx *db.Tx, msg conversation.MessageID, to conversation.Address) error

// New makes the channel and takes over its jobs.
func New(keys *secret.Keys, jobs *job.Runner, d *db.DB, mail Mailer) *Chat {
	c := &Chat{keys: keys, mail: mail}
	job.Handle(jobs, job.Kind{}, func(ctx context.Context, run *job.Run, j missed) error {
		return d.Write(ctx, func(tx *db.Tx) error { return c.missed(ctx, tx, run, j) })
	})
	job.Handle(jobs, job.Kind{}, func(ctx context.Context, run *job.Run, j due) error {
		return d.Write(ctx, func(tx *db.Tx) error {
			if err := run.Finish(ctx, tx); err != nil {
				return err
			}
			return c.show(team.AsSystem(ctx), tx, j.Replied)
		})
	})
	return c
}

// VisitorID is the id of a browser that has written.
type VisitorID = id.Of[visitorKind]

type visitorKind struct{}

func (visitorKind) Prefix() string { return "vis" }

// ErrStranger says that a visitor's token opens nothing (any more).
var ErrStranger = problem.New(problem.NotFound, "This talk is not here any more. Begin a new one.")

// open is the inbox of a widget that may be used now.
func open(ctx context.Context, tx *db.Tx, key string) (inbox.Inbox, error) {
	in, err := inbox.ByAddress(ctx, tx, Channel, key)
	if err == nil && !in.Enabled {
		err = problem.New(problem.NotFound, "There is no such inbox.")
	}
	return in, err
}
