package contact

import (
	"context"
	"fmt"
	"slices"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
)

// meet notes that a known person wrote: when, and what was not known of him yet.
func meet(ctx context.Context, tx *db.Tx, c Contact, s Sender, proved, said []Address, found []match) (Contact, error) {
	learned := c.learn(s)
	if learned || tx.Now().Sub(c.LastSeenAt) >= seenEvery {
		c.LastSeenAt = tx.Now()
		if _, err := tx.Exec(ctx, `UPDATE contact SET last_seen_at = $2, name = $3, name_key = $4, language = $5, time_zone = $6 WHERE id = $1`,
			c.ID, millis(c.LastSeenAt), c.Name, fold(c.Name), c.Language, c.TimeZone); err != nil {
			return c, fmt.Errorf("note that %s wrote: %w", c.ID, err)
		}
	}
	fresh, facts, err := more(ctx, tx, c, proved, found)
	if err != nil {
		return c, err
	}
	if err := claim(ctx, tx, c.ID, said); err != nil {
		return c, err
	}
	if !learned && !fresh && len(said) == 0 {
		return c, event.Record(ctx, tx, facts...)
	}
	if err := refresh(ctx, tx, c.ID); err != nil {
		return c, err
	}
	if err := event.Record(ctx, tx, facts...); err != nil || !fresh {
		return c, err
	}
	return row(ctx, tx, c.ID)
}

// learn takes what was not known, and says whether that was anything. The name
// of a known person is never overwritten: senders call themselves what they like.
func (c *Contact) learn(s Sender) bool {
	before := *c
	if name := clean(s.Name, maxName); name != "" && c.nameless() {
		c.Name = name
	}
	if c.Language == "" {
		c.Language = languageTag(s.Language)
	}
	if c.TimeZone == "" {
		c.TimeZone = zone(s.TimeZone)
	}
	return *c != before
}

// more gives a known person the proved addresses that are nobody's yet, and
// notes new proofs. What is somebody else's stays his: that is a merge, and people decide it.
func more(ctx context.Context, tx *db.Tx, c Contact, proved []Address, found []match) (fresh bool, facts []event.Fact, err error) {
	for _, p := range proved {
		i := slices.IndexFunc(found, func(m match) bool { return m.address.Kind == p.Kind && m.address.Value == p.Value })
		switch {
		case i < 0:
			f, err := give(ctx, tx, c.ID, p)
			if err != nil {
				return fresh, nil, err
			}
			fresh, facts = true, append(facts, f)
		case p.Verified && !found[i].address.Verified && found[i].ID == c.ID:
			if _, err := tx.Exec(ctx, `UPDATE contact_address SET verified = TRUE WHERE id = $1`, found[i].address.ID); err != nil {
				return fresh, nil, err
			}
			facts = append(facts, AddressVerified{c.ID, found[i].address.ID})
		}
	}
	return fresh, facts, nil
}

// give stores one more address of a person; the first of its kind is the primary one.
func give(ctx context.Context, tx *db.Tx, id ID, a Address) (AddressAdded, error) {
	a.ID = AddressID(tx.NewID())
	n, err := tx.Exec(ctx, `INSERT INTO contact_address (id, contact_id, kind, value, shown, is_primary, verified, created_at)
		VALUES ($1, $2, $3, $4, $5, NOT EXISTS (SELECT 1 FROM contact_address WHERE contact_id = $2 AND kind = $3), $6, $7)
		ON CONFLICT (kind, value) DO NOTHING`, a.ID, id, a.Kind, a.Value, a.Shown, a.Verified, tx.Now())
	if err != nil {
		return AddressAdded{}, fmt.Errorf("give %s an address: %w", id, err)
	}
	if n == 0 {
		return AddressAdded{}, errTaken()
	}
	return AddressAdded{id, a.ID, a.Kind}, nil
}
