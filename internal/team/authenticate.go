package team

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/secret"
)

// ErrSignedOut says that a cookie or token opens nothing (any more): the edge
// shows the sign-in page or answers 401.
var ErrSignedOut = errors.New("nobody is signed in")

// teamsOf is a person's teams as one text, so that everything about who acts
// comes from one query.
const teamsOf = `COALESCE((SELECT string_agg(CAST(m.team_id AS TEXT), ' ') FROM team_member m WHERE m.person_id = p.id), '')`

// Authenticate says who a session cookie belongs to. It is asked on every request,
// and a right that was taken away or a person who was disabled is gone with the
// commit that did it, on every node: see memory.
func (d *Door) Authenticate(ctx context.Context, tx *db.Tx, token string) (Actor, Session, error) {
	if token == "" {
		return Actor{}, Session{}, ErrSignedOut
	}
	v, err := version(ctx, tx)
	if err != nil {
		return Actor{}, Session{}, err
	}
	digest := secret.Hash(token)
	in, ok := d.sessions.get(digest, v)
	if !ok || !in.session.open(tx.Now()) {
		in, err = readEntry(ctx, tx, digest)
		if err != nil {
			return Actor{}, Session{}, err
		}
		d.sessions.put(digest, v, in)
	}
	if tx.Now().Sub(in.session.SeenAt) >= seenEvery {
		in.session.SeenAt = tx.Now()
		d.sessions.put(digest, v, in)
		d.noteSeen(in.session)
	}
	return in.actor, in.session, nil
}

// open says whether a session is neither over nor idle.
func (s Session) open(now time.Time) bool {
	return s.ExpiresAt.After(now) && s.SeenAt.Add(s.idle).After(now)
}

func readEntry(ctx context.Context, tx *db.Tx, digest string) (entry, error) {
	in, err := db.One(ctx, tx, scanEntry, `
		SELECT s.id, s.person_id, s.kept, s.created_at, s.seen_at, s.expires_at, s.address, s.agent,
			p.name, p.email, p.role, p.see, p.language, p.zone, p.theme, p.density, p.shortcuts, p.enter_sends, p.factor <> '',
			r.built_in, r.rights, r.see, r.masked, r.second_factor, `+teamsOf+`
		FROM team_session s JOIN team_person p ON p.id = s.person_id JOIN team_role r ON r.name = p.role
		WHERE s.digest = $1 AND NOT s.half AND p.state = 'active'`, digest)
	if errors.Is(err, db.ErrNoRow) {
		return in, ErrSignedOut
	}
	if err != nil {
		return in, err
	}
	l, err := GetLengths(ctx, tx)
	if err != nil {
		return in, err
	}
	if in.session.bound(l); !in.session.open(tx.Now()) {
		return in, ErrSignedOut
	}
	return in, nil
}

// noteSeen remembers that a session is in use, until Flush writes it down.
func (d *Door) noteSeen(s Session) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.seen[s.ID] = s.SeenAt
}

type entry struct {
	actor   Actor
	session Session
}

func scanEntry(row db.Row) (in entry, err error) {
	s, a := &in.session, &in.actor
	var own See
	var factor bool
	var r storedRole
	var teams string
	err = row.Scan(&s.ID, &s.Person, &s.Kept, db.Time(&s.CreatedAt), db.Time(&s.SeenAt), db.Time(&s.ExpiresAt), &s.Address, &s.Agent,
		&a.Name, &s.Email, &a.Role, &own, &s.Choices.Language, &s.Choices.Zone, &s.Choices.Theme, &s.Choices.Density,
		&s.Choices.Shortcuts, &s.Choices.EnterSends, &factor,
		&r.builtIn, &r.rights, &r.see, &r.masked, &r.factor, &teams)
	if err != nil {
		return in, err
	}
	a.Person = s.Person
	a.Teams = readTeams(teams)
	r.fill(a, own)
	a.Rights, a.Teams = slices.Clip(a.Rights), slices.Clip(a.Teams) // requests share them: appending must copy
	if s.Must = r.factor && !factor; s.Must {
		a.Rights, a.See = nil, SeeMine
	}
	return in, nil
}

// storedRole is what a query that joins the role reads of it.
type storedRole struct {
	builtIn, masked, factor bool
	rights                  string
	see                     See
}

// fill gives the actor the rights of the role that he has. own is what he sees
// if it differs from the role.
func (r storedRole) fill(a *Actor, own See) {
	if r.builtIn {
		role, _ := builtInRole(a.Role)
		a.Rights, a.See, a.Masked = role.Rights, role.See, role.Masked
	} else {
		a.Rights, a.See, a.Masked = readRights(r.rights), r.see, r.masked
	}
	if own != "" {
		a.See = own
	}
}

func readTeams(s string) []TeamID {
	if s == "" {
		return nil
	}
	var list []TeamID
	for _, w := range strings.Fields(s) {
		n, _ := strconv.ParseInt(w, 10, 64)
		list = append(list, TeamID(n))
	}
	slices.Sort(list)
	return list
}
