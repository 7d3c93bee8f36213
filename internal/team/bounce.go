package team

import (
	"context"
	"errors"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
)

// failing is how many notices come back before no more are sent.
const failing = 3

// NoticeBounced notes that one of our own notices to an address came back. After
// the third nothing more is sent there until somebody trusts the address again. An
// address of nobody who works here is none of our business.
func NoticeBounced(ctx context.Context, tx *db.Tx, address string) error {
	type hit struct {
		person  ID
		bounces int
	}
	address = strings.ToLower(strings.TrimSpace(address))
	h, err := db.One(ctx, tx, func(r db.Row) (h hit, err error) { return h, r.Scan(&h.person, &h.bounces) },
		`UPDATE team_person SET bounces = bounces + 1 WHERE email = $1 RETURNING id, bounces`, address)
	if errors.Is(err, db.ErrNoRow) {
		return nil
	}
	if err != nil || h.bounces != failing {
		return err
	}
	return event.Record(ctx, tx, AddressFailing{h.person, address})
}

// MayNotify says whether notices by mail go to a person: he can come in, and they
// do not keep coming back.
func MayNotify(ctx context.Context, tx *db.Tx, person ID) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM team_person WHERE id = $1 AND state = 'active' AND bounces < $2`, person, failing)
}

// TrustAddress lets notices go to a person's address again: his own, or that of
// somebody whom whoever acts manages.
func TrustAddress(ctx context.Context, tx *db.Tx, person ID) error {
	if me := From(ctx).Person; me == 0 || me != person {
		if err := mayManage(ctx, tx, person); err != nil {
			return err
		}
	}
	n, err := tx.Exec(ctx, `UPDATE team_person SET bounces = 0 WHERE id = $1 AND bounces > 0`, person)
	if err != nil || n == 0 {
		return err
	}
	return event.Record(ctx, tx, AddressTrusted{person})
}
