package portal

import (
	"context"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/secret"
)

// Channel is what is heard here.
const Channel = "portal"

// Portal is the door.
type Portal struct {
	keys   *secret.Keys
	mail   Mailer
	notify Notifier
	url    string
}

// Mailer sends an answer of the team by mail.
type Mailer func(ctx context.Context, tx *db.Tx, msg conversation.MessageID) error

// Notifier sends a mail of the program itself. It uses the network.
type Notifier func(ctx context.Context, to, name, subject, text string) error

// Parts are what New needs.
type Parts struct {
	Keys   *secret.Keys
	Jobs   *job.Runner
	DB     *db.DB
	Mail   Mailer
	Notify Notifier
	URL    string // how customers reach us, without a slash at the end
}

// New makes the door and takes over its jobs.
func New(p Parts) *Portal {
	d := &Portal{p.Keys, p.Mail, p.Notify, p.URL}
	job.Handle(p.Jobs, job.Kind{Pool: "mail out", Tries: 4}, func(ctx context.Context, run *job.Run, j letter) error { return d.send(ctx, p.DB, run, j) })
	job.Every(p.Jobs, "portal.forget", job.Kind{}, job.Interval(6*time.Hour), func(ctx context.Context, _ *job.Run) error {
		return p.DB.Write(ctx, func(tx *db.Tx) error { return forget(ctx, tx) })
	})
	return d
}

// SessionID is the id of a session.
type SessionID = id.Of[sessionKind]

type sessionKind struct{}

func (sessionKind) Prefix() string { return "pse" }

// letterID is the id of a mail that was asked for.
type letterID = id.Of[letterKind]

type letterKind struct{}

func (letterKind) Prefix() string { return "plt" }

// ErrStranger says that nobody is signed in here (any more).
var ErrStranger = problem.New(problem.Forbidden, "Sign in first.")

// errLink does not say why: who tries links learns nothing.
var errLink = problem.New(problem.NotFound, "This link is not good any more. Ask for a new one.")

// How long things are good.
const (
	linkGood   = 30 * time.Minute
	inviteGood = 7 * 24 * time.Hour
	idle       = 30 * 24 * time.Hour // a session that nobody used
	seenEvery  = time.Hour           // how exactly the use of a session is noted
)
