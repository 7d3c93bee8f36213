package contact

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/fulltext"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// moved is what a merge did, for undoing it.
type moved struct {
	Addresses []movedAddress             `json:"addresses,omitempty"`
	Claims    []Address                  `json:"claims,omitempty"` // that both or only lose had: lose's
	NewClaims []Address                  `json:"new_claims,omitempty"`
	Notes     []NoteID                   `json:"notes,omitempty"`
	Tags      []string                   `json:"tags,omitempty"` // that keep did not have
	Values    []FieldID                  `json:"values,omitempty"`
	Filled    []filled                   `json:"filled,omitempty"`
	Blocked   bool                       `json:"blocked,omitempty"` // keep is, because lose was
	Seen      [2]time.Time               `json:"seen"`              // of keep, before and after
	Updated   time.Time                  `json:"updated"`           // of keep, before
	Parts     map[string]json.RawMessage `json:"parts,omitempty"`
}

type movedAddress struct {
	ID      AddressID `json:"id"`
	Primary bool      `json:"primary,omitempty"` // it was lose's first of its kind
}

// filled is a field of keep that the merge changed.
type filled struct {
	Name   string `json:"name"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// Merge makes lose the same person as keep. Where both say something, keep's
// stays; only what is to be remembered is put together.
func Merge(ctx context.Context, tx *db.Tx, keep, lose ID) (MergeID, error) {
	if err := team.Allow(ctx, team.EditContacts); err != nil {
		return 0, err
	}
	k, err := load(ctx, tx, keep)
	if err != nil {
		return 0, err
	}
	l, err := load(ctx, tx, lose)
	if err != nil {
		return 0, err
	}
	if k.ID == l.ID {
		return 0, problem.New(problem.Invalid, "These two are one customer already.")
	}
	m, err := move(ctx, tx, k, l)
	if err != nil {
		return 0, fmt.Errorf("merge %s into %s: %w", l.ID, k.ID, err)
	}
	id, err := noteMerge(ctx, tx, k.ID, l.ID, m)
	if err != nil {
		return 0, fmt.Errorf("note the merge of %s: %w", l.ID, err)
	}
	return id, event.Record(ctx, tx, Merged{id, k.ID, l.ID})
}

func noteMerge(ctx context.Context, tx *db.Tx, keep, lose ID, m moved) (MergeID, error) {
	b, err := json.Marshal(m)
	if err != nil {
		return 0, err
	}
	id := MergeID(tx.NewID())
	_, err = tx.Exec(ctx, `INSERT INTO contact_merge (id, keep_id, lose_id, moved, at) VALUES ($1, $2, $3, $4, $5)`, id, keep, lose, string(b), tx.Now())
	return id, err
}

func move(ctx context.Context, tx *db.Tx, k, l Contact) (m moved, err error) {
	m.Updated = k.UpdatedAt
	for _, step := range []func(context.Context, *db.Tx, Contact, Contact) error{m.addresses, m.claims, m.notes, m.tags, m.values, m.fill, m.block} {
		if err := step(ctx, tx, k, l); err != nil {
			return m, err
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE contact SET merged_into = $2 WHERE id = $1`, l.ID, k.ID); err != nil {
		return m, err
	}
	if err := fulltext.Delete(ctx, tx, searchTable, int64(l.ID)); err != nil {
		return m, err
	}
	m.Parts, err = moveParts(ctx, tx, l.ID, k.ID)
	return m, err
}

func moveParts(ctx context.Context, tx *db.Tx, lose, keep ID) (map[string]json.RawMessage, error) {
	memos := map[string]json.RawMessage{}
	for _, p := range partsOf(tx) {
		if p.Move == nil {
			continue
		}
		memo, err := p.Move(ctx, tx, lose, keep)
		if err != nil {
			return nil, fmt.Errorf("move %s: %w", p.Name, err)
		}
		if memo != nil {
			memos[p.Name] = memo
		}
	}
	return memos, nil
}

func (m *moved) addresses(ctx context.Context, tx *db.Tx, k, l Contact) error {
	all, err := addresses(ctx, tx, l.ID)
	if err != nil {
		return err
	}
	for _, a := range all {
		m.Addresses = append(m.Addresses, movedAddress{a.ID, a.Primary})
		_, err := tx.Exec(ctx, `UPDATE contact_address SET contact_id = $2, is_primary = is_primary AND
			NOT EXISTS (SELECT 1 FROM contact_address o WHERE o.contact_id = $2 AND o.kind = $3) WHERE id = $1`, a.ID, k.ID, a.Kind)
		if err != nil {
			return err
		}
	}
	return nil
}

func (m *moved) claims(ctx context.Context, tx *db.Tx, k, l Contact) error {
	all, err := claims(ctx, tx, l.ID)
	if err != nil {
		return err
	}
	m.Claims = all
	for _, c := range all {
		n, err := tx.Exec(ctx, `INSERT INTO contact_claim (contact_id, kind, value, shown) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`, k.ID, c.Kind, c.Value, c.Shown)
		if err != nil {
			return err
		}
		if n > 0 {
			m.NewClaims = append(m.NewClaims, c)
		}
	}
	_, err = tx.Exec(ctx, `DELETE FROM contact_claim WHERE contact_id = $1`, l.ID)
	return err
}

func (m *moved) notes(ctx context.Context, tx *db.Tx, k, l Contact) (err error) {
	m.Notes, err = db.All(ctx, tx, func(r db.Row) (id NoteID, err error) { return id, r.Scan(&id) },
		`SELECT id FROM contact_note WHERE contact_id = $1 ORDER BY id`, l.ID)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE contact_note SET contact_id = $2 WHERE contact_id = $1`, l.ID, k.ID)
	return err
}

// tags stay with lose too, so that he is found as he was when the merge is undone.
func (m *moved) tags(ctx context.Context, tx *db.Tx, k, l Contact) error {
	his, err := tags(ctx, tx, l.ID)
	if err != nil {
		return err
	}
	mine, err := tags(ctx, tx, k.ID)
	if err != nil {
		return err
	}
	for _, t := range his {
		if slices.Contains(mine, t) {
			continue
		}
		m.Tags = append(m.Tags, t)
		if _, err := tx.Exec(ctx, `INSERT INTO contact_tag (contact_id, tag) VALUES ($1, $2)`, k.ID, t); err != nil {
			return err
		}
	}
	return nil
}

// values stay with lose too.
func (m *moved) values(ctx context.Context, tx *db.Tx, k, l Contact) (err error) {
	m.Values, err = copyValues(ctx, tx, int64(l.ID), int64(k.ID))
	return err
}

// fill takes into keep's row what it does not say, and brings it in line with its addresses.
func (m *moved) fill(ctx context.Context, tx *db.Tx, k, l Contact) error {
	is := k
	for _, f := range fields {
		before, after := f.get(k), together(f.name, k, l, f.get(k), f.get(l))
		if before == after {
			continue
		}
		f.set(&is, after)
		m.Filled = append(m.Filled, filled{f.name, before, after})
	}
	if l.LastSeenAt.After(k.LastSeenAt) {
		is.LastSeenAt = l.LastSeenAt
	}
	m.Seen = [2]time.Time{k.LastSeenAt, is.LastSeenAt}
	return save(ctx, tx, is)
}

// block keeps the promise that no mail goes to lose.
func (m *moved) block(ctx context.Context, tx *db.Tx, k, l Contact) error {
	if m.Blocked = l.Blocked != "" && k.Blocked == ""; !m.Blocked {
		return nil
	}
	_, err := tx.Exec(ctx, `UPDATE contact SET blocked = $2, blocked_at = $3 WHERE id = $1`, k.ID, l.Blocked, l.BlockedAt)
	return err
}

// together is what one field says when two people are one.
func together(name string, k, l Contact, his, other string) string {
	switch {
	case other == "" || other == his:
		return his
	case his == "" || name == "name" && k.nameless() && !l.nameless():
		return other
	case name == "remember" && !strings.Contains(his, other):
		return his + "\n\n" + other
	}
	return his
}
