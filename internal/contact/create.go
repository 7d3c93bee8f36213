package contact

import (
	"context"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Create makes a person by hand. Unlike Resolve it refuses what is no address
// and an address that somebody has.
func Create(ctx context.Context, tx *db.Tx, s Sender) (Contact, error) {
	if err := team.Allow(ctx, team.EditContacts); err != nil {
		return Contact{}, err
	}
	proved, err := s.strict()
	if err != nil {
		return Contact{}, err
	}
	if _, found, err := find(ctx, tx, proved); err != nil || len(found) > 0 {
		return Contact{}, orTaken(err)
	}
	c := s.contact(tx, proved)
	c.LastSeenAt = time.Time{} // he has not written
	ok, err := add(ctx, tx, &c, proved, nil)
	if err == nil && !ok {
		err = errTaken()
	}
	return c, err
}

func orTaken(err error) error {
	if err == nil {
		return errTaken()
	}
	return err
}

func (s Sender) strict() ([]Address, error) {
	var list []Address
	for _, given := range []struct {
		kind Kind
		text string
	}{{External, s.ExternalID}, {Email, s.Email}, {Phone, s.Phone}} {
		if given.text == "" {
			continue
		}
		a, err := Normal(given.kind, given.text)
		if err != nil {
			return nil, err
		}
		a.Verified = s.Verified
		list = append(list, a)
	}
	if len(list) == 0 {
		return nil, problem.For("email", "Enter an e-mail address or a phone number.")
	}
	return list, nil
}
