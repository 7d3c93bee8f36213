package team

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/secret"
)

// Token is what a program shows to use the API.
type Token struct {
	ID        TokenID
	Name      string
	Prefix    string // its first letters, to tell tokens apart
	Person    ID     // in whose name it acts; 0 is its own
	Role      string
	Rights    []Right // fewer than the role's; none is all of them
	Rate      int     // requests a minute; 0 is no limit
	MadeBy    string
	CreatedAt time.Time
	ExpiresAt time.Time // zero is never
	UsedAt    time.Time // to a minute
	UsedFrom  string
	RevokedAt time.Time
}

// DefaultRate is how many requests a minute a token may make unless it was said otherwise.
const DefaultRate = 600

// TokenPrefix begins every token, so that scanners of leaked secrets know it.
const TokenPrefix = "brj_"

// MakeToken makes a token that acts in its own name with a role, and returns what
// its user shows: it is not stored and cannot be shown again.
func MakeToken(ctx context.Context, tx *db.Tx, name, role string, rate int) (string, TokenID, error) {
	return NewToken(ctx, tx, Token{Name: name, Role: role, Rate: rate})
}

// NewToken makes a token from Name, Person, Role, Rights, Rate and ExpiresAt. One
// that belongs to a person has his role, whatever it is at the moment of use. Nobody
// makes one that may do more than he, or that acts in another person's name.
//
// Whoever does not manage tokens may still make some for himself, in a browser: not by a
// token, which could so outlive its own end, and not a faster one than usual.
func NewToken(ctx context.Context, tx *db.Tx, t Token) (string, TokenID, error) {
	if err := t.mayMake(ctx); err != nil {
		return "", 0, err
	}
	if err := t.check(ctx, tx); err != nil {
		return "", 0, err
	}
	text := TokenPrefix + secret.Token()
	t.ID = TokenID(tx.NewID())
	_, err := tx.Exec(ctx, `
		INSERT INTO team_token (id, digest, prefix, name, person_id, role, rights, rate, made_by, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		t.ID, secret.Hash(text), text[:len(TokenPrefix)+4], t.Name, t.Person, t.Role, writeRights(t.Rights), t.Rate, event.Actor(ctx), tx.Now(), t.ExpiresAt)
	if err != nil {
		return "", 0, err
	}
	return text, t.ID, event.Record(ctx, tx, TokenMade{t.ID, t.Name, t.Person, t.Role, t.Rights})
}

func (t *Token) mayMake(ctx context.Context) error {
	me := From(ctx)
	if me.Can(ManageTokens) {
		return nil
	}
	if t.Person == 0 || t.Person != me.Person || me.Token != 0 {
		return Allow(ctx, ManageTokens)
	}
	if t.Rate == 0 || t.Rate > DefaultRate {
		return problem.For("rate", "Enter 1 to %d requests a minute.", DefaultRate)
	}
	return nil
}

func (t *Token) check(ctx context.Context, tx *db.Tx) (err error) {
	if t.Name, err = checkName(t.Name); err != nil {
		return err
	}
	var c problem.Check
	c.That(t.Rate >= 0 && t.Rate <= 1_000_000, "rate", "Enter how many requests a minute, or 0 for no limit.")
	c.That(t.ExpiresAt.IsZero() || t.ExpiresAt.After(tx.Now()), "expires_at", "Choose a day that is still to come.")
	if err := c.Err(); err != nil {
		return err
	}
	me := From(ctx)
	if t.Person != 0 {
		if t.Person != me.Person && !me.system {
			return problem.For("person", "A token acts in your own name or in its own, not in another person's.")
		}
		p, err := Get(ctx, tx, t.Person)
		if err != nil {
			return err
		}
		t.Role = p.Role
	}
	r, err := GetRole(ctx, tx, t.Role)
	if err != nil {
		return err
	}
	t.Rights = readRights(writeRights(t.Rights))
	if len(t.Rights) > 0 {
		r.Rights = both(t.Rights, r.Rights)
		if len(r.Rights) < len(t.Rights) {
			return problem.For("rights", "The role has not all of these rights. Choose fewer, or another role.")
		}
	}
	if t.Person != 0 && t.Person == me.Person { // it sees what he sees, whatever his role would show
		r.See, r.Masked = me.See, me.Masked
	}
	return mayGrant(ctx, r)
}

func both(a, b []Right) []Right {
	var out []Right
	for _, r := range a {
		for _, s := range b {
			if r == s {
				out = append(out, r)
			}
		}
	}
	return out
}

const tokenColumns = `id, name, prefix, person_id, role, rights, rate, made_by, created_at, expires_at, used_at, used_from, revoked_at`

func scanToken(row db.Row) (t Token, err error) {
	var rights string
	err = row.Scan(&t.ID, &t.Name, &t.Prefix, &t.Person, &t.Role, &rights, &t.Rate, &t.MadeBy, db.Time(&t.CreatedAt), db.Time(&t.ExpiresAt),
		db.Time(&t.UsedAt), &t.UsedFrom, db.Time(&t.RevokedAt))
	t.Rights = readRights(rights)
	return t, err
}

// Tokens lists the tokens that open something, newest first.
func Tokens(ctx context.Context, tx *db.Tx) ([]Token, error) {
	if err := Allow(ctx, ManageTokens); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, scanToken, `SELECT `+tokenColumns+` FROM team_token WHERE revoked_at IS NULL ORDER BY id DESC`)
}

// OwnTokens lists the tokens that act in the name of whoever acts, newest first.
func OwnTokens(ctx context.Context, tx *db.Tx) ([]Token, error) {
	me := From(ctx).Person
	if me == 0 {
		return nil, problem.New(problem.Forbidden, "Sign in first.")
	}
	return db.All(ctx, tx, scanToken, `SELECT `+tokenColumns+` FROM team_token WHERE person_id = $1 AND revoked_at IS NULL ORDER BY id DESC`, me)
}

// GetToken returns a token, also a revoked one. Whoever does not manage tokens sees his own.
func GetToken(ctx context.Context, tx *db.Tx, id TokenID) (Token, error) {
	me := From(ctx)
	if me.Nobody() || me.Token != 0 && !me.Can(ManageTokens) {
		return Token{}, Allow(ctx, ManageTokens)
	}
	t, err := db.One(ctx, tx, scanToken, `SELECT `+tokenColumns+` FROM team_token WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) || err == nil && !me.Can(ManageTokens) && (t.Person == 0 || t.Person != me.Person) {
		return Token{}, problem.New(problem.NotFound, "There is no such token.")
	}
	return t, err
}

// RevokeToken makes a token worthless, for good.
func RevokeToken(ctx context.Context, tx *db.Tx, id TokenID) error {
	t, err := GetToken(ctx, tx, id)
	if err != nil {
		return err
	}
	n, err := change(ctx, tx, `UPDATE team_token SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL`, id, tx.Now())
	if err != nil || n == 0 {
		return err
	}
	return event.Record(ctx, tx, TokenRevoked{id, t.Name})
}

// AuthenticateToken says who a token of the API acts for, and what of it. It is as
// strict and as fast as Authenticate. from is noted as where it was last used.
func (d *Door) AuthenticateToken(ctx context.Context, tx *db.Tx, text, from string) (Actor, Token, error) {
	if !strings.HasPrefix(text, TokenPrefix) {
		return Actor{}, Token{}, ErrSignedOut
	}
	v, err := version(ctx, tx)
	if err != nil {
		return Actor{}, Token{}, err
	}
	digest := secret.Hash(text)
	u, ok := d.tokens.get(digest, v)
	if !ok {
		if u, err = readUsed(ctx, tx, digest); err != nil {
			return Actor{}, Token{}, err
		}
		d.tokens.put(digest, v, u)
	}
	if !u.token.ExpiresAt.IsZero() && !u.token.ExpiresAt.After(tx.Now()) {
		return Actor{}, Token{}, ErrSignedOut
	}
	if tx.Now().Sub(u.token.UsedAt) >= time.Minute {
		u.token.UsedAt = tx.Now()
		d.tokens.put(digest, v, u)
		d.noteUse(u.token, from)
	}
	return u.actor, u.token, nil
}

func readUsed(ctx context.Context, tx *db.Tx, digest string) (used, error) {
	u, err := db.One(ctx, tx, scanUsed, `
		SELECT k.id, k.name, k.person_id, k.role, k.rights, k.rate, k.expires_at, k.used_at,
			COALESCE(p.name, ''), COALESCE(p.see, ''), r.name, r.built_in, r.rights, r.see, r.masked, `+teamsOf+`
		FROM team_token k LEFT JOIN team_person p ON p.id = k.person_id JOIN team_role r ON r.name = COALESCE(p.role, k.role)
		WHERE k.digest = $1 AND k.revoked_at IS NULL AND (k.person_id = 0 OR p.state = 'active')`, digest)
	if errors.Is(err, db.ErrNoRow) {
		return u, ErrSignedOut
	}
	return u, err
}

type used struct {
	actor Actor
	token Token
}

func scanUsed(row db.Row) (u used, err error) {
	a, t := &u.actor, &u.token
	var name, rights, teams string
	var own See
	var r storedRole
	err = row.Scan(&t.ID, &t.Name, &t.Person, &t.Role, &rights, &t.Rate, db.Time(&t.ExpiresAt), db.Time(&t.UsedAt),
		&name, &own, &a.Role, &r.builtIn, &r.rights, &r.see, &r.masked, &teams)
	if err != nil {
		return u, err
	}
	r.fill(a, own)
	a.Token, a.Person, a.Name, a.Teams = t.ID, t.Person, t.Name, readTeams(teams)
	if a.Person != 0 {
		a.Name = name
	}
	if t.Rights = readRights(rights); rights != "" { // a right that the program forgot must not widen the token
		a.Rights = both(t.Rights, a.Rights)
	}
	a.Rights, a.Teams = slices.Clip(a.Rights), slices.Clip(a.Teams)
	return u, nil
}

// noteUse remembers that a token is in use, until Flush writes it down.
func (d *Door) noteUse(t Token, from string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.used[t.ID] = use{t.UsedAt, clip(from, 64)}
}
