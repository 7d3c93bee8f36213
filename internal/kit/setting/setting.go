// Package setting keeps the choices of a firm that are one value each: its name,
// its language, how long something lasts. A setting has a name, a type and a
// default; it is stored as JSON and read within the transaction that needs it.
//
//	var firm = setting.Of[Firm]{Name: "team.firm", Default: Firm{Language: "en"}}
//	f, err := setting.Get(ctx, tx, firm)
package setting

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"baraji/internal/kit/db"
)

// Of is a setting of type T. The package that owns it declares it once; Name
// begins with that package's name.
type Of[T any] struct {
	Name    string
	Default T // what holds until somebody chooses
}

// Get reads a setting. Fields that were added to T since it was written have the
// values of Default.
func Get[T any](ctx context.Context, tx *db.Tx, s Of[T]) (T, error) {
	text, err := db.Value[string](ctx, tx, `SELECT value FROM setting WHERE name = $1`, s.Name)
	if errors.Is(err, db.ErrNoRow) {
		return copyOf(s)
	}
	if err != nil {
		return s.Default, fmt.Errorf("read setting %s: %w", s.Name, err)
	}
	v, err := copyOf(s)
	if err == nil {
		err = json.Unmarshal([]byte(text), &v)
	}
	if err != nil {
		return s.Default, fmt.Errorf("read setting %s: %w", s.Name, err)
	}
	return v, nil
}

// copyOf gives a Default that shares no map or slice with the declared one, so
// that nobody who changes what Get returned changes the default.
func copyOf[T any](s Of[T]) (v T, err error) {
	b, err := json.Marshal(s.Default)
	if err == nil {
		err = json.Unmarshal(b, &v)
	}
	return v, err
}

// Set writes a setting. Recording the fact is up to the command that calls it.
func Set[T any](ctx context.Context, tx *db.Tx, s Of[T], v T) error {
	b, err := json.Marshal(v)
	if err == nil {
		_, err = tx.Exec(ctx, `
			INSERT INTO setting (name, value) VALUES ($1, $2)
			ON CONFLICT (name) DO UPDATE SET value = excluded.value`, s.Name, string(b))
	}
	if err != nil {
		return fmt.Errorf("write setting %s: %w", s.Name, err)
	}
	return nil
}

// Forget goes back to the default.
func Forget[T any](ctx context.Context, tx *db.Tx, s Of[T]) error {
	if _, err := tx.Exec(ctx, `DELETE FROM setting WHERE name = $1`, s.Name); err != nil {
		return fmt.Errorf("forget setting %s: %w", s.Name, err)
	}
	return nil
}
