package hookin

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// ID is the id of a hook.
type ID = id.Of[idKind]

type idKind struct{}

func (idKind) Prefix() string { return "hkn" }

// Hook is an address at which another system tells what happened there.
type Hook struct {
	ID        ID
	Name      string
	Address   string // the last part of it
	Proof     Proof
	On        bool
	Mapping   Mapping
	Refused   int64 // how many requests proved nothing
	RefusedAt time.Time
	TakenAt   time.Time // when something last came
	OldUntil  time.Time // an old secret is valid until then
	CreatedBy team.ID
	CreatedAt time.Time

	sealed, oldSealed string
}

// Path is where it takes what comes.
func (h Hook) Path() string { return "/in/" + h.Address }

const columns = `id, name, address, scheme, header, encoding, id_header, sealed, old_sealed, old_until, enabled, mapping, refused, refused_at, taken_at, created_by, created_at`

func scan(r db.Row) (h Hook, err error) {
	var mapping string
	err = r.Scan(&h.ID, &h.Name, &h.Address, &h.Proof.Scheme, &h.Proof.Header, &h.Proof.Encoding, &h.Proof.IDHeader, &h.sealed, &h.oldSealed, db.Time(&h.OldUntil), &h.On, &mapping,
		&h.Refused, db.Time(&h.RefusedAt), db.Time(&h.TakenAt), &h.CreatedBy, db.Time(&h.CreatedAt))
	if err != nil {
		return h, err
	}
	return h, json.Unmarshal([]byte(mapping), &h.Mapping)
}

// may is nil for those who give programs what they may do, and may change customers themselves: what comes here does.
func may(ctx context.Context) error {
	if err := team.Allow(ctx, team.ManageTokens); err != nil {
		return err
	}
	if team.From(ctx).Masked {
		return problem.New(problem.Forbidden, "You see customers' data masked only, and here it is shown as it came.")
	}
	return team.Allow(ctx, team.EditContacts)
}

// List returns all hooks, by name.
func List(ctx context.Context, tx *db.Tx) ([]Hook, error) {
	if err := may(ctx); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, scan, `SELECT `+columns+` FROM hookin ORDER BY name, id`)
}

// Get returns a hook.
func Get(ctx context.Context, tx *db.Tx, id ID) (Hook, error) {
	if err := may(ctx); err != nil {
		return Hook{}, err
	}
	return load(ctx, tx, id)
}

func load(ctx context.Context, tx *db.Tx, id ID) (Hook, error) {
	h, err := db.One(ctx, tx, scan, `SELECT `+columns+` FROM hookin WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return h, problem.New(problem.NotFound, "There is no such incoming webhook.")
	}
	return h, err
}

// Named is what makers of rules may know of a hook.
type Named struct {
	ID     ID
	Name   string
	Values []string // the values that rules can look at
}

// Names lists the hooks for makers of rules.
func Names(ctx context.Context, tx *db.Tx) (out []Named, err error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return nil, err
	}
	list, err := db.All(ctx, tx, scan, `SELECT `+columns+` FROM hookin ORDER BY name, id`)
	for _, h := range list {
		out = append(out, Named{h.ID, h.Name, h.Mapping.values()})
	}
	return out, err
}

// values are the names of what rules can look at.
func (m Mapping) values() (names []string) {
	for _, r := range m.Rows {
		if t, own := targetOf(r.To); t.Key == "value." {
			names = append(names, own)
		}
	}
	return slices.Compact(slices.Sorted(slices.Values(names)))
}
