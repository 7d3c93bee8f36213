package contact

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/fulltext"
	"baraji/internal/kit/secret"
	"baraji/internal/team"
)

// Erase takes a person away for good: himself, those merged into him, those of whom
// nothing is known but that they call themselves by an address of his, and what every
// Part keeps about them. Only keyed digests of his addresses stay. It needs
// the installation's keys attached to the database.
func Erase(ctx context.Context, tx *db.Tx, id ID) error {
	if err := team.Allow(ctx, team.EraseContacts); err != nil {
		return err
	}
	c, err := load(ctx, tx, id)
	if err != nil {
		return err
	}
	ids, err := mergedInto(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	all, err := addresses(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	if err := bury(ctx, tx, all); err != nil {
		return err
	}
	same, err := claimants(ctx, tx, all)
	if err != nil {
		return err
	}
	ids = append(ids, same...)
	companies, err := companiesOf(ctx, tx, append(ids, c.ID))
	if err != nil {
		return err
	}
	if err := eraseParts(ctx, tx, append(ids, c.ID), all); err != nil {
		return fmt.Errorf("erase %s: %w", c.ID, err)
	}
	for _, who := range append(ids, c.ID) {
		if err := eraseRows(ctx, tx, who); err != nil {
			return fmt.Errorf("erase %s: %w", who, err)
		}
	}
	for _, company := range companies {
		if err := leaveCompany(ctx, tx, company); err != nil {
			return err
		}
	}
	return event.Record(ctx, tx, Erased{c.ID, ids})
}

// mergedInto are all who live on in a person, those who were merged last come last.
func mergedInto(ctx context.Context, tx *db.Tx, id ID) (all []ID, err error) {
	direct, err := db.All(ctx, tx, func(r db.Row) (id ID, err error) { return id, r.Scan(&id) }, `SELECT id FROM contact WHERE merged_into = $1 AND merged_into <> 0 ORDER BY id`, id)
	for _, d := range direct {
		deeper, err := mergedInto(ctx, tx, d)
		if err != nil {
			return nil, err
		}
		all = append(append(all, deeper...), d)
	}
	return all, err
}

// eraseParts erases what each Part keeps, one Part after the other: what one knows about
// all of them leads to what the next one keeps.
func eraseParts(ctx context.Context, tx *db.Tx, who []ID, all []Address) error {
	for _, p := range partsOf(tx) {
		if p.Erase == nil {
			continue
		}
		for _, id := range who {
			if err := p.Erase(ctx, tx, id, all); err != nil {
				return fmt.Errorf("%s of %s: %w", p.Name, id, err)
			}
		}
	}
	return nil
}

func eraseRows(ctx context.Context, tx *db.Tx, id ID) error {
	for _, stmt := range []string{
		`DELETE FROM contact_value WHERE holder_id = $1`,
		`DELETE FROM contact_merge WHERE keep_id = $1 OR lose_id = $1`,
		`DELETE FROM contact_view WHERE contact_id = $1`,
		`DELETE FROM contact_address WHERE contact_id = $1`,
		`DELETE FROM contact WHERE id = $1`, // claims, tags and notes go with it
	} {
		if _, err := tx.Exec(ctx, stmt, id); err != nil {
			return err
		}
	}
	return fulltext.Delete(ctx, tx, searchTable, int64(id))
}

func companiesOf(ctx context.Context, tx *db.Tx, ids []ID) ([]CompanyID, error) {
	var a db.Args
	return db.All(ctx, tx, func(r db.Row) (id CompanyID, err error) { return id, r.Scan(&id) },
		`SELECT DISTINCT company_id FROM contact WHERE company_id <> 0 AND id IN `+db.In(&a, ids)+` ORDER BY company_id`, a.List()...)
}

// leaveCompany takes away a company that was only guessed from the address of
// the last of its people: its name may be his.
func leaveCompany(ctx context.Context, tx *db.Tx, id CompanyID) error {
	alone, err := db.Exists(ctx, tx, `SELECT 1 FROM contact_company o WHERE o.id = $1 AND o.guessed AND NOT EXISTS (SELECT 1 FROM contact WHERE company_id = $1)`, id)
	if err != nil || !alone {
		return err
	}
	if err := dropCompany(ctx, tx, id); err != nil {
		return err
	}
	return event.Record(ctx, tx, CompanyRemoved{id})
}

func bury(ctx context.Context, tx *db.Tx, all []Address) error {
	for _, a := range all {
		digest, err := digest(tx, a.Kind, a.Value)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO contact_tombstone (digest, erased_at) VALUES ($1, $2) ON CONFLICT (digest) DO UPDATE SET erased_at = excluded.erased_at`,
			digest, tx.Now()); err != nil {
			return fmt.Errorf("store a tombstone: %w", err)
		}
	}
	return nil
}

func digest(tx *db.Tx, kind Kind, value string) (string, error) {
	keys := db.Attached[*secret.Keys](tx)
	if keys == nil {
		return "", errors.New("no keys are attached to the database")
	}
	return hex.EncodeToString(keys.Sign("tombstone", []byte(kind), []byte(value))), nil
}

// ErasedAt says when the owner of an address was erased; the zero time if he
// never was. A channel that reads a mailbox again leaves out what is older.
func ErasedAt(ctx context.Context, tx *db.Tx, kind Kind, address string) (time.Time, error) {
	digest, err := digest(tx, kind, lenient(kind, address).Value)
	if err != nil {
		return time.Time{}, err
	}
	at, err := db.One(ctx, tx, func(r db.Row) (t time.Time, err error) { return t, r.Scan(db.Time(&t)) },
		`SELECT erased_at FROM contact_tombstone WHERE digest = $1`, digest)
	if errors.Is(err, db.ErrNoRow) {
		return time.Time{}, nil
	}
	return at, err
}

// Purge takes the words of erased people out of the search index's own pages.
// It is a job's: it rewrites the index.
func Purge(ctx context.Context, tx *db.Tx) error { return fulltext.Purge(ctx, tx, searchTable) }

// Settle keeps the search index compact; see [fulltext.Settle].
func Settle(ctx context.Context, d *db.DB) error { return fulltext.Settle(ctx, d, searchTable) }
