package webhook

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// ID is the id of an endpoint.
type ID = id.Of[idKind]

type idKind struct{}

func (idKind) Prefix() string { return "whk" }

// State says whether an endpoint takes anything; see the package comment.
type State string

// The states.
const (
	On      State = "on"
	Off     State = "off"
	Failing State = "failing"
	Gone    State = "gone"
)

// Endpoint is an address that takes facts.
type Endpoint struct {
	ID           ID
	Address      string
	About        string   // what it is for, in the words of whoever made it
	Kinds        []string // areas ("conversation") and kinds ("conversation.replied"); none is all
	State        State
	Failures     int       // in a row
	FailingSince time.Time // zero: the last thing sent arrived
	PauseUntil   time.Time // nothing is sent before
	SentAt       time.Time // when something last arrived, to the minute
	OffAt        time.Time // when it was last switched off; zero: never
	CreatedBy    team.ID
	CreatedAt    time.Time

	cursor int64 // its place in the log
}

// Name is what people call it: its description, or where it is.
func (e Endpoint) Name() string {
	if e.About != "" {
		return e.About
	}
	return e.Host()
}

// Host is where it is, without the path, which may hold a secret.
func (e Endpoint) Host() string {
	u, err := url.Parse(e.Address)
	if err != nil {
		return ""
	}
	return u.Host
}

// Takes says whether it wants facts of a kind.
func (e Endpoint) Takes(kind string) bool {
	area, _, _ := strings.Cut(kind, ".")
	return len(e.Kinds) == 0 || slices.Contains(e.Kinds, area) || slices.Contains(e.Kinds, kind)
}

const columns = `id, address, about, kinds, state, cursor_seq, failures, failing_since, pause_until, sent_at, off_at, created_by, created_at`

func scan(r db.Row) (e Endpoint, err error) {
	var kinds string
	err = r.Scan(&e.ID, &e.Address, &e.About, &kinds, &e.State, &e.cursor, &e.Failures, db.Time(&e.FailingSince), db.Time(&e.PauseUntil), db.Time(&e.SentAt),
		db.Time(&e.OffAt), &e.CreatedBy, db.Time(&e.CreatedAt))
	e.Kinds = strings.Fields(kinds)
	return e, err
}

// may is nil for those who give programs what they may know, and may read the log themselves: it leaves the house here.
func may(ctx context.Context) error {
	if err := team.Allow(ctx, team.ManageTokens); err != nil {
		return err
	}
	return team.Allow(ctx, team.ReadAudit)
}

// List returns all endpoints, the oldest first.
func List(ctx context.Context, tx *db.Tx) ([]Endpoint, error) {
	if err := may(ctx); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, scan, `SELECT `+columns+` FROM webhook ORDER BY id`)
}

// Get returns an endpoint.
func Get(ctx context.Context, tx *db.Tx, id ID) (Endpoint, error) {
	if err := may(ctx); err != nil {
		return Endpoint{}, err
	}
	return find(ctx, tx, id, "")
}

func find(ctx context.Context, tx *db.Tx, id ID, lock string) (Endpoint, error) {
	e, err := db.One(ctx, tx, scan, `SELECT `+columns+` FROM webhook WHERE id = $1`+lock, id)
	if errors.Is(err, db.ErrNoRow) {
		return e, problem.New(problem.NotFound, "There is no such webhook.")
	}
	return e, err
}
