package slack

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// ID is the id of a workspace.
type ID = id.Of[idKind]

type idKind struct{}

func (idKind) Prefix() string { return "slk" }

// Workspace is where the firm talks.
type Workspace struct {
	ID          ID
	Key         string // Slack's id of it
	Name        string
	URL         string
	Bot         string // Slack's id of who we are there
	BotName     string
	Scopes      []string
	Options     Options
	Trouble     Why // why nothing goes out; "" is nothing
	Said        string
	TroubleAt   time.Time
	HeldUntil   time.Time // Slack asked to be left alone until then
	HeardAt     time.Time // when Slack last told something
	Refused     int64     // how many requests proved nothing
	RefusedAt   time.Time
	ListedAt    time.Time // when the channels were last read
	ConnectedBy team.ID
	ConnectedAt time.Time

	token, signing string // sealed
}

// Options say what may be said there.
type Options struct {
	Customers bool   `json:"customers"` // names, subjects and texts of customers
	Notes     bool   `json:"notes"`     // notes are repeated in the threads
	Pages     string `json:"pages"`     // the channel in which calls of on call are told too; "" is none
}

const columns = `id, workspace, name, url, bot, bot_name, scopes, token, signing, options, trouble, said, trouble_at, held_until, heard_at, refused, refused_at, listed_at, connected_by, connected_at`

func scan(r db.Row) (w Workspace, err error) {
	var options, scopes string
	err = r.Scan(&w.ID, &w.Key, &w.Name, &w.URL, &w.Bot, &w.BotName, &scopes, &w.token, &w.signing, &options, &w.Trouble, &w.Said, db.Time(&w.TroubleAt), db.Time(&w.HeldUntil), db.Time(&w.HeardAt),
		&w.Refused, db.Time(&w.RefusedAt), db.Time(&w.ListedAt), &w.ConnectedBy, db.Time(&w.ConnectedAt))
	if err != nil {
		return w, err
	}
	w.Scopes = splitScopes(scopes)
	return w, json.Unmarshal([]byte(options), &w.Options)
}

// Get returns the workspace, without what it is reached with; one whose ID is 0 where none is connected.
func Get(ctx context.Context, tx *db.Tx) (Workspace, error) {
	if err := team.Allow(ctx, team.ManageTokens); err != nil {
		return Workspace{}, err
	}
	return load(ctx, tx)
}

// load returns the workspace, for the program itself.
func load(ctx context.Context, tx *db.Tx) (Workspace, error) {
	w, err := db.One(ctx, tx, scan, `SELECT `+columns+` FROM slack`)
	if errors.Is(err, db.ErrNoRow) {
		return Workspace{}, nil
	}
	return w, err
}

// Is says whether a workspace is connected: makers of rules may know.
func Is(ctx context.Context, tx *db.Tx) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM slack`)
}

// Reveals says whether names, subjects and texts of customers may stand there.
func Reveals(ctx context.Context, tx *db.Tx) (bool, error) {
	w, err := load(ctx, tx)
	return w.Options.Customers, err
}

// must is the workspace, without which there is nothing to do.
func must(ctx context.Context, tx *db.Tx) (Workspace, error) {
	w, err := load(ctx, tx)
	if err == nil && w.ID == 0 {
		err = problem.New(problem.Conflict, "Slack is not connected.")
	}
	return w, err
}
