package contact

import (
	"context"
	"fmt"

	"baraji/internal/kit/db"
)

// onlyClaims finds people who have no address, but the claim of one.
const onlyClaims = ` FROM contact_claim s JOIN contact c ON c.id = s.contact_id WHERE s.kind = $1 AND s.value = $2
	AND c.merged_into = 0 AND NOT EXISTS (SELECT 1 FROM contact_address a WHERE a.contact_id = c.id)`

// Claimed finds the person of whom nothing is known but that he calls himself by a
// mail address that he has shown not to be his, or makes one. He is never whoever
// that address belongs to; people may merge the two. Like Resolve it asks for no right.
func Claimed(ctx context.Context, tx *db.Tx, s Sender) (Contact, error) {
	said := lenient(Email, s.Email)
	if said.Value == "" {
		return Contact{}, ErrNoAddress
	}
	found, err := db.All(ctx, tx, scan, `SELECT `+columns+onlyClaims+` ORDER BY c.id LIMIT 1`, said.Kind, said.Value)
	if err != nil {
		return Contact{}, fmt.Errorf("find who claims an address: %w", err)
	}
	if len(found) > 0 {
		return meet(ctx, tx, found[0], s, nil, []Address{said}, nil)
	}
	c := s.contact(tx, nil)
	_, err = add(ctx, tx, &c, nil, []Address{said})
	return c, err
}

// claimants are those of whom nothing is known but that they claim one of the addresses.
func claimants(ctx context.Context, tx *db.Tx, of []Address) (all []ID, err error) {
	for _, a := range of {
		ids, err := db.All(ctx, tx, func(r db.Row) (id ID, err error) { return id, r.Scan(&id) }, `SELECT c.id`+onlyClaims+` ORDER BY c.id`, a.Kind, a.Value)
		if err != nil {
			return nil, err
		}
		all = append(all, ids...)
	}
	return all, nil
}
