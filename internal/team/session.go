package team

import (
	"context"
	"errors"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/secret"
)

// SessionID is the id of a session.
type SessionID = id.Of[sessionKind]

type sessionKind struct{}

func (sessionKind) Prefix() string { return "ses" }

// Session is one browser that is signed in.
type Session struct {
	ID        SessionID
	Person    ID
	Kept      bool // "remember me on this device"
	CreatedAt time.Time
	SeenAt    time.Time // to a few minutes
	ExpiresAt time.Time // at the latest
	Address   string
	Agent     string

	// What Authenticate adds.
	Choices Choices
	Email   string
	idle    time.Duration
	Must    bool // his role needs a second factor and he has none: he may do nothing but set one up
}

const (
	halfWhole = 10 * time.Minute // between the password and the second factor
	seenEvery = 3 * time.Minute
)

const sessionColumns = `id, person_id, kept, created_at, seen_at, expires_at, address, agent`

func scanSession(row db.Row) (s Session, err error) {
	return s, row.Scan(&s.ID, &s.Person, &s.Kept, db.Time(&s.CreatedAt), db.Time(&s.SeenAt), db.Time(&s.ExpiresAt), &s.Address, &s.Agent)
}

// begin makes a session and returns what goes into the cookie.
func begin(ctx context.Context, tx *db.Tx, person ID, half, kept bool, from, agent string) (token string, s Session, err error) {
	l, err := GetLengths(ctx, tx)
	if err != nil {
		return "", s, err
	}
	token = secret.Token()
	last := l.whole(kept)
	if half {
		last = halfWhole
	}
	s = Session{ID: SessionID(tx.NewID()), Person: person, Kept: kept, CreatedAt: tx.Now(), SeenAt: tx.Now(),
		ExpiresAt: tx.Now().Add(last), Address: clip(from, 64), Agent: clip(agent, 200)}
	_, err = tx.Exec(ctx, `
		INSERT INTO team_session (id, digest, person_id, half, kept, created_at, seen_at, expires_at, address, agent)
		VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9)`,
		s.ID, secret.Hash(token), s.Person, half, s.Kept, s.CreatedAt, s.ExpiresAt, s.Address, s.Agent)
	return token, s, err
}

// rotate gives a session a new token, for when what it may do has grown: a token
// that somebody saw before is then worth nothing.
func rotate(ctx context.Context, tx *db.Tx, s SessionID) (token string, err error) {
	token = secret.Token()
	n, err := change(ctx, tx, `UPDATE team_session SET digest = $2 WHERE id = $1`, s, secret.Hash(token))
	if err == nil && n == 0 {
		err = ErrSignedOut
	}
	return token, err
}

// Sessions lists where whoever acts is signed in, last seen first.
func Sessions(ctx context.Context, tx *db.Tx) ([]Session, error) {
	return sessionsOf(ctx, tx, From(ctx).Person)
}

// SessionsOf lists where somebody is signed in.
func SessionsOf(ctx context.Context, tx *db.Tx, person ID) ([]Session, error) {
	if err := mayManage(ctx, tx, person); err != nil {
		return nil, err
	}
	return sessionsOf(ctx, tx, person)
}

func sessionsOf(ctx context.Context, tx *db.Tx, person ID) ([]Session, error) {
	all, err := db.All(ctx, tx, scanSession, `SELECT `+sessionColumns+` FROM team_session
		WHERE person_id = $1 AND NOT half AND expires_at > $2 ORDER BY seen_at DESC, id DESC`, person, tx.Now())
	if err != nil {
		return nil, err
	}
	l, err := GetLengths(ctx, tx)
	live := all[:0]
	for _, s := range all {
		if s.bound(l); s.open(tx.Now()) {
			live = append(live, s)
		}
	}
	return live, err
}

// EndSession ends one session of whoever acts.
func EndSession(ctx context.Context, tx *db.Tx, s SessionID) error {
	me := From(ctx).Person
	n, err := change(ctx, tx, `DELETE FROM team_session WHERE id = $1 AND person_id = $2`, s, me)
	if err != nil {
		return err
	}
	if n == 0 {
		return problem.New(problem.NotFound, "This device is signed out already.")
	}
	return event.Record(ctx, tx, SignedOut{me, s})
}

// EndOtherSessions ends every session of whoever acts but one.
func EndOtherSessions(ctx context.Context, tx *db.Tx, keep SessionID) error {
	me := From(ctx).Person
	if me == 0 {
		return problem.New(problem.Forbidden, "Sign in first.")
	}
	return endSessions(ctx, tx, me, keep, "asked")
}

// EndSessionsOf ends every session of a person.
func EndSessionsOf(ctx context.Context, tx *db.Tx, person ID) error {
	if err := mayManage(ctx, tx, person); err != nil {
		return err
	}
	return endSessions(ctx, tx, person, 0, "asked")
}

func endSessions(ctx context.Context, tx *db.Tx, person ID, keep SessionID, reason string) error {
	n, err := change(ctx, tx, `DELETE FROM team_session WHERE person_id = $1 AND id <> $2`, person, keep)
	if err != nil || n == 0 {
		return err
	}
	return event.Record(ctx, tx, SessionsEnded{person, reason, n})
}

// SignOut ends the session that a cookie opens; one that opens nothing is no error.
func SignOut(ctx context.Context, tx *db.Tx, token string) error {
	s, err := db.One(ctx, tx, scanSession, `DELETE FROM team_session WHERE digest = $1 RETURNING `+sessionColumns, secret.Hash(token))
	if errors.Is(err, db.ErrNoRow) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := forgetKnown(ctx, tx); err != nil {
		return err
	}
	return event.Record(event.As(ctx, s.Person.String()), tx, SignedOut{s.Person, s.ID})
}

// Present says whether anybody who works here did something since a moment.
func Present(ctx context.Context, tx *db.Tx, since time.Time) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM team_session WHERE NOT half AND expires_at > $1 AND seen_at > $2`, tx.Now(), since)
}

// Seen is everybody who works here and did something since a moment.
func Seen(ctx context.Context, tx *db.Tx, since time.Time) (map[ID]bool, error) {
	out := map[ID]bool{}
	return out, db.Each(ctx, tx, func(r db.Row) error {
		var p ID
		err := r.Scan(&p)
		out[p] = true
		return err
	}, `SELECT DISTINCT person_id FROM team_session WHERE NOT half AND expires_at > $1 AND seen_at > $2`, tx.Now(), since)
}
