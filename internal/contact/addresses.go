package contact

import (
	"context"
	"errors"
	"fmt"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// AddAddress gives a person one more address. One that is somebody else's is refused.
func AddAddress(ctx context.Context, tx *db.Tx, id ID, kind Kind, s string) (AddressID, error) {
	if err := team.Allow(ctx, team.EditContacts); err != nil {
		return 0, err
	}
	a, err := Normal(kind, s)
	if err != nil {
		return 0, err
	}
	c, err := load(ctx, tx, id)
	if err != nil {
		return 0, err
	}
	had, err := owned(ctx, tx, a)
	if err == nil && had.Contact == c.ID {
		return had.ID, nil
	}
	if !errors.Is(err, db.ErrNoRow) {
		return 0, orTaken(err)
	}
	fact, err := give(ctx, tx, c.ID, a)
	if err != nil {
		return 0, err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM contact_claim WHERE contact_id = $1 AND kind = $2 AND value = $3`, c.ID, a.Kind, a.Value); err != nil {
		return 0, err
	}
	if err := refresh(ctx, tx, c.ID); err != nil {
		return 0, err
	}
	return fact.Address, event.Record(ctx, tx, fact)
}

// owned finds an address by kind and value, whoever has it.
func owned(ctx context.Context, tx *db.Tx, a Address) (Address, error) {
	return db.One(ctx, tx, scanAddress, `SELECT `+addressColumns+` FROM contact_address WHERE kind = $1 AND value = $2`, a.Kind, a.Value)
}

// address finds a person's address by its id.
func address(ctx context.Context, tx *db.Tx, id ID, address AddressID) (Address, error) {
	a, err := db.One(ctx, tx, scanAddress, `SELECT `+addressColumns+` FROM contact_address WHERE id = $1 AND contact_id = $2`, address, id)
	if errors.Is(err, db.ErrNoRow) {
		return a, problem.New(problem.NotFound, "This address is not there.")
	}
	return a, err
}

// RemoveAddress takes an address from a person. Mail from it makes a new person then.
func RemoveAddress(ctx context.Context, tx *db.Tx, id ID, which AddressID) error {
	return onAddress(ctx, tx, id, which, func(a Address) (event.Fact, error) {
		_, err := tx.Exec(ctx, `DELETE FROM contact_address WHERE id = $1`, a.ID)
		if err == nil && a.Primary {
			_, err = tx.Exec(ctx, `UPDATE contact_address SET is_primary = TRUE WHERE id = (SELECT MIN(id) FROM contact_address WHERE contact_id = $1 AND kind = $2)`,
				a.Contact, a.Kind)
		}
		return AddressRemoved{a.Contact, a.ID, a.Kind}, err
	})
}

// MakePrimary makes an address the first of its kind: what is shown and written to.
func MakePrimary(ctx context.Context, tx *db.Tx, id ID, which AddressID) error {
	return onAddress(ctx, tx, id, which, func(a Address) (event.Fact, error) {
		_, err := tx.Exec(ctx, `UPDATE contact_address SET is_primary = (id = $3) WHERE contact_id = $1 AND kind = $2`, a.Contact, a.Kind, a.ID)
		return Changed{a.Contact, []string{string(a.Kind)}}, err
	})
}

// Verify notes that a person has proved an address: by a link in a mail, a code on a phone.
func Verify(ctx context.Context, tx *db.Tx, id ID, which AddressID) error {
	return onAddress(ctx, tx, id, which, func(a Address) (event.Fact, error) {
		_, err := tx.Exec(ctx, `UPDATE contact_address SET verified = TRUE WHERE id = $1`, a.ID)
		return AddressVerified{a.Contact, a.ID}, err
	})
}

func onAddress(ctx context.Context, tx *db.Tx, id ID, which AddressID, do func(Address) (event.Fact, error)) error {
	if err := team.Allow(ctx, team.EditContacts); err != nil {
		return err
	}
	c, err := load(ctx, tx, id)
	if err != nil {
		return err
	}
	a, err := address(ctx, tx, c.ID, which)
	if err != nil {
		return err
	}
	fact, err := do(a)
	if err != nil {
		return fmt.Errorf("change address %s: %w", a.ID, err)
	}
	if err := refresh(ctx, tx, c.ID); err != nil {
		return err
	}
	return event.Record(ctx, tx, fact)
}
