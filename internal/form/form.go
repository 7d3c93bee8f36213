package form

import (
	"context"
	"encoding/json"
	"errors"
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

// Channel is what conversations are called that began with a form.
const Channel = "form"

// ID is the id of a form.
type ID = id.Of[formKind]

type formKind struct{}

func (formKind) Prefix() string { return "frm" }

// State says who may use a form; see the package comment.
type State string

// The states.
const (
	Draft  State = "draft"
	Live   State = "live"
	Closed State = "closed"
)

// States lists them.
var States = []State{Draft, Live, Closed}

// Form is one form with its definition of now.
type Form struct {
	ID        ID
	Name      string // what the team calls it
	Slug      string
	Inbox     inbox.ID
	State     State
	Version   int
	Helped    int // how often somebody found his answer before he wrote
	CreatedAt time.Time
	UpdatedAt time.Time
	Definition
}

// Forms is what takes in what customers send.
type Forms struct {
	keys   *secret.Keys
	mail   Mailer
	notify Notifier
}

// Mailer sends an answer of the team by mail.
type Mailer func(ctx context.Context, tx *db.Tx, msg conversation.MessageID) error

// Notifier sends a mail of the program itself. It uses the network.
type Notifier func(ctx context.Context, to, name, subject, text string) error

// New makes the channel and takes over its jobs.
func New(keys *secret.Keys, jobs *job.Runner, d *db.DB, mail Mailer, notify Notifier) *Forms {
	f := &Forms{keys, mail, notify}
	job.Handle(jobs, job.Kind{Pool: "mail out", Tries: 3}, func(ctx context.Context, run *job.Run, j confirm) error { return f.confirm(ctx, d, run, j) })
	job.Every(jobs, "form.forget", job.Kind{}, job.Interval(12*time.Hour), func(ctx context.Context, _ *job.Run) error {
		return d.Write(ctx, func(tx *db.Tx) error { return forget(ctx, tx) })
	})
	return f
}

const columns = `f.id, f.name, f.slug, f.inbox_id, f.state, f.version, f.helped, f.created_at, f.updated_at, v.definition`

const from = ` FROM form f JOIN form_version v ON v.form_id = f.id AND v.version = f.version `

func scan(r db.Row) (f Form, err error) {
	var text string
	err = r.Scan(&f.ID, &f.Name, &f.Slug, &f.Inbox, &f.State, &f.Version, &f.Helped, db.Time(&f.CreatedAt), db.Time(&f.UpdatedAt), &text)
	if err != nil {
		return f, err
	}
	return f, json.Unmarshal([]byte(text), &f.Definition)
}

// List returns every form, for those who arrange how customers come in.
func List(ctx context.Context, tx *db.Tx) ([]Form, error) {
	if err := team.Allow(ctx, team.ManageInboxes); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, scan, `SELECT `+columns+from+`ORDER BY f.name, f.id`)
}

// Get returns one form, for those who arrange how customers come in.
func Get(ctx context.Context, tx *db.Tx, id ID) (Form, error) {
	if err := team.Allow(ctx, team.ManageInboxes); err != nil {
		return Form{}, err
	}
	return load(ctx, tx, id)
}

func load(ctx context.Context, tx *db.Tx, id ID) (Form, error) {
	f, err := db.One(ctx, tx, scan, `SELECT `+columns+from+`WHERE f.id = $1`, id)
	return f, missing(err)
}

// Open returns the form at an address, for customers: one that is live, or was and is closed now. A draft is not there.
func Open(ctx context.Context, tx *db.Tx, slug string) (Form, error) {
	f, err := db.One(ctx, tx, scan, `SELECT `+columns+from+`WHERE f.slug = $1 AND f.state <> 'draft'`, slug)
	return f, missing(err)
}

// Shown are the forms that customers may be led to, by name.
func Shown(ctx context.Context, tx *db.Tx) ([]Form, error) {
	return db.All(ctx, tx, scan, `SELECT `+columns+from+`WHERE f.state = 'live' ORDER BY f.name, f.id`)
}

// version is the definition that a form had.
func version(ctx context.Context, tx *db.Tx, id ID, n int) (d Definition, err error) {
	text, err := db.Value[string](ctx, tx, `SELECT definition FROM form_version WHERE form_id = $1 AND version = $2`, id, n)
	if err != nil {
		return d, missing(err)
	}
	return d, json.Unmarshal([]byte(text), &d)
}

func missing(err error) error {
	if errors.Is(err, db.ErrNoRow) {
		return problem.New(problem.NotFound, "There is no such form.")
	}
	return err
}
