package contact

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Mergers lists the merges into a person that are not undone, the newest first.
func Mergers(ctx context.Context, tx *db.Tx, id ID) ([]MergeOf, error) {
	if err := team.Allow(ctx, team.ReadContacts); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, scanMerge, `SELECT id, keep_id, lose_id, moved, at, undone_at FROM contact_merge WHERE keep_id = $1 AND undone_at IS NULL ORDER BY id DESC`, id)
}

// MergeOf is one merge.
type MergeOf struct {
	ID     MergeID
	Keep   ID
	Lose   ID
	At     time.Time
	Undone time.Time
	moved  string
}

func scanMerge(r db.Row) (m MergeOf, err error) {
	return m, r.Scan(&m.ID, &m.Keep, &m.Lose, &m.moved, db.Time(&m.At), db.Time(&m.Undone))
}

// Unmerge undoes a merge: what it moved goes back, what it filled in is emptied
// unless somebody has changed it since. What came later stays with keep.
func Unmerge(ctx context.Context, tx *db.Tx, id MergeID) error {
	if err := team.Allow(ctx, team.EditContacts); err != nil {
		return err
	}
	m, err := db.One(ctx, tx, scanMerge, `SELECT id, keep_id, lose_id, moved, at, undone_at FROM contact_merge WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return problem.New(problem.NotFound, "This merge is not there.")
	}
	if err != nil {
		return fmt.Errorf("read merge %s: %w", id, err)
	}
	if !m.Undone.IsZero() {
		return nil
	}
	k, err := row(ctx, tx, m.Keep)
	if err != nil {
		return err
	}
	if k.MergedInto != 0 {
		return problem.New(problem.Conflict, "This customer was merged again later. Undo that first.")
	}
	if err := m.undo(ctx, tx, k); err != nil {
		return fmt.Errorf("undo merge %s: %w", id, err)
	}
	return event.Record(ctx, tx, Unmerged{id, m.Keep, m.Lose})
}

func (m MergeOf) undo(ctx context.Context, tx *db.Tx, k Contact) error {
	var did moved
	if err := json.Unmarshal([]byte(m.moved), &did); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE contact SET merged_into = 0 WHERE id = $1`, m.Lose); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE contact_merge SET undone_at = $2, moved = '{}' WHERE id = $1`, m.ID, tx.Now()); err != nil {
		return err
	}
	for _, step := range []func(context.Context, *db.Tx, MergeOf) error{did.addressesBack, did.claimsBack, did.notesBack, did.tagsBack, did.valuesBack, did.blockBack} {
		if err := step(ctx, tx, m); err != nil {
			return err
		}
	}
	if err := did.empty(ctx, tx, m, k); err != nil {
		return err
	}
	if err := refresh(ctx, tx, m.Lose); err != nil {
		return err
	}
	return partsBack(ctx, tx, m, did.Parts)
}

func partsBack(ctx context.Context, tx *db.Tx, m MergeOf, memos map[string]json.RawMessage) error {
	for _, p := range partsOf(tx) {
		if memo, ok := memos[p.Name]; ok && p.Back != nil {
			if err := p.Back(ctx, tx, m.Lose, m.Keep, memo); err != nil {
				return fmt.Errorf("move %s back: %w", p.Name, err)
			}
		}
	}
	return nil
}

func (did moved) addressesBack(ctx context.Context, tx *db.Tx, m MergeOf) error {
	for _, a := range did.Addresses {
		if _, err := tx.Exec(ctx, `UPDATE contact_address SET contact_id = $3, is_primary = $4 WHERE id = $1 AND contact_id = $2`, a.ID, m.Keep, m.Lose, a.Primary); err != nil {
			return err
		}
	}
	for _, who := range []ID{m.Keep, m.Lose} { // somebody may have made another one the first
		if err := onePrimary(ctx, tx, who); err != nil {
			return err
		}
	}
	return nil
}

// onePrimary makes the oldest address of a kind the first one where none is.
func onePrimary(ctx context.Context, tx *db.Tx, id ID) error {
	_, err := tx.Exec(ctx, `UPDATE contact_address SET is_primary = TRUE WHERE id IN (SELECT MIN(id) FROM contact_address WHERE contact_id = $1
		GROUP BY kind HAVING SUM(CASE WHEN is_primary THEN 1 ELSE 0 END) = 0)`, id)
	return err
}

func (did moved) claimsBack(ctx context.Context, tx *db.Tx, m MergeOf) error {
	for _, c := range did.NewClaims {
		if _, err := tx.Exec(ctx, `DELETE FROM contact_claim WHERE contact_id = $1 AND kind = $2 AND value = $3`, m.Keep, c.Kind, c.Value); err != nil {
			return err
		}
	}
	return claim(ctx, tx, m.Lose, did.Claims)
}

func (did moved) notesBack(ctx context.Context, tx *db.Tx, m MergeOf) error {
	var a db.Args
	_, err := tx.Exec(ctx, `UPDATE contact_note SET contact_id = `+a.Add(m.Lose)+` WHERE contact_id = `+a.Add(m.Keep)+` AND id IN `+db.In(&a, did.Notes), a.List()...)
	return err
}

func (did moved) tagsBack(ctx context.Context, tx *db.Tx, m MergeOf) error {
	var a db.Args
	_, err := tx.Exec(ctx, `DELETE FROM contact_tag WHERE contact_id = `+a.Add(m.Keep)+` AND tag IN `+db.In(&a, did.Tags), a.List()...)
	return err
}

// valuesBack takes away what keep has from lose, unless it was changed since.
func (did moved) valuesBack(ctx context.Context, tx *db.Tx, m MergeOf) error {
	var a db.Args
	keep, lose := a.Add(m.Keep), a.Add(m.Lose)
	_, err := tx.Exec(ctx, `DELETE FROM contact_value WHERE holder_id = `+keep+` AND field_id IN `+db.In(&a, did.Values)+`
		AND text = (SELECT o.text FROM contact_value o WHERE o.holder_id = `+lose+` AND o.field_id = contact_value.field_id)`, a.List()...)
	return err
}

// blockBack unblocks keep if only lose's block stands.
func (did moved) blockBack(ctx context.Context, tx *db.Tx, m MergeOf) error {
	if !did.Blocked {
		return nil
	}
	_, err := tx.Exec(ctx, `UPDATE contact SET blocked = '', blocked_at = NULL
		WHERE id = $1 AND blocked_at = (SELECT l.blocked_at FROM contact l WHERE l.id = $2)`, m.Keep, m.Lose)
	return err
}

// empty takes out of keep's row what the merge put in, and brings it in line with its addresses.
func (did moved) empty(ctx context.Context, tx *db.Tx, m MergeOf, k Contact) error {
	was := k
	for _, f := range fields {
		for _, in := range did.Filled {
			if in.Name == f.name && f.get(k) == in.After {
				f.set(&k, in.Before)
			}
		}
	}
	if k.Company != was.Company && k.Company != 0 { // that may have become another one since, or be gone
		o, err := loadCompany(ctx, tx, k.Company)
		if err != nil && problem.KindOf(err) != problem.NotFound {
			return err
		}
		k.Company = o.ID
	}
	if k.LastSeenAt.Equal(did.Seen[1]) {
		k.LastSeenAt = did.Seen[0]
	}
	if err := save(ctx, tx, k); err != nil {
		return err
	}
	if !was.UpdatedAt.Equal(m.At) {
		return nil
	}
	_, err := tx.Exec(ctx, `UPDATE contact SET updated_at = $2 WHERE id = $1`, k.ID, did.Updated)
	return err
}
