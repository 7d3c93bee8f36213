package contact

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/fulltext"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// movedCompany is what a merge of two companies did, for undoing it.
type movedCompany struct {
	Domains []string                   `json:"domains,omitempty"`
	People  []ID                       `json:"people,omitempty"`
	Values  []FieldID                  `json:"values,omitempty"`
	Filled  []filled                   `json:"filled,omitempty"`
	Guessed bool                       `json:"guessed,omitempty"` // keep was only guessed
	Updated time.Time                  `json:"updated"`           // keep's, before
	Parts   map[string]json.RawMessage `json:"parts,omitempty"`
}

// MergeCompanies makes lose the same company as keep: its people, domains, conversations
// and values go there. Where both say something, keep's stays; notes are put together.
func MergeCompanies(ctx context.Context, tx *db.Tx, keep, lose CompanyID) (CompanyMergeID, error) {
	if err := team.Allow(ctx, team.EditContacts); err != nil {
		return 0, err
	}
	k, err := loadCompany(ctx, tx, keep)
	if err != nil {
		return 0, err
	}
	l, err := loadCompany(ctx, tx, lose)
	if err != nil {
		return 0, err
	}
	if k.ID == l.ID {
		return 0, problem.New(problem.Invalid, "These two are one company already.")
	}
	m, err := moveCompany(ctx, tx, k, l)
	if err != nil {
		return 0, fmt.Errorf("merge %s into %s: %w", l.ID, k.ID, err)
	}
	b, err := json.Marshal(m)
	if err != nil {
		return 0, err
	}
	id := CompanyMergeID(tx.NewID())
	if _, err := tx.Exec(ctx, `INSERT INTO contact_company_merge (id, keep_id, lose_id, moved, at) VALUES ($1, $2, $3, $4, $5)`,
		id, k.ID, l.ID, string(b), tx.Now()); err != nil {
		return 0, fmt.Errorf("note the merge of %s: %w", l.ID, err)
	}
	return id, event.Record(ctx, tx, CompanyMerged{id, k.ID, l.ID})
}

func moveCompany(ctx context.Context, tx *db.Tx, k, l Company) (m movedCompany, err error) {
	m.Domains, m.Guessed, m.Updated = l.Domains, k.Guessed, k.UpdatedAt
	if m.People, err = db.All(ctx, tx, func(r db.Row) (id ID, err error) { return id, r.Scan(&id) },
		`UPDATE contact SET company_id = $2 WHERE company_id = $1 RETURNING id`, l.ID, k.ID); err != nil {
		return m, err
	}
	if m.Values, err = copyValues(ctx, tx, int64(l.ID), int64(k.ID)); err != nil {
		return m, err
	}
	for _, stmt := range []string{
		`UPDATE contact_company_domain SET company_id = $2 WHERE company_id = $1`,
		`UPDATE contact_company SET merged_into = $2 WHERE id = $1`,
	} {
		if _, err := tx.Exec(ctx, stmt, l.ID, k.ID); err != nil {
			return m, err
		}
	}
	if err := fulltext.Delete(ctx, tx, searchTable, int64(l.ID)); err != nil {
		return m, err
	}
	k.Domains = append(k.Domains, l.Domains...)
	m.fill(&k, l)
	if err := saveCompany(ctx, tx, k); err != nil {
		return m, err
	}
	m.Parts, err = moveCompanyParts(ctx, tx, l.ID, k.ID)
	return m, err
}

// copyValues gives keep what it does not say of lose's own fields, which stay with lose too.
func copyValues(ctx context.Context, tx *db.Tx, lose, keep int64) ([]FieldID, error) {
	return db.All(ctx, tx, func(r db.Row) (id FieldID, err error) { return id, r.Scan(&id) }, `
		INSERT INTO contact_value (holder_id, field_id, text, number)
		SELECT $2, field_id, text, number FROM contact_value WHERE holder_id = $1 AND field_id NOT IN (SELECT field_id FROM contact_value WHERE holder_id = $2)
		RETURNING field_id`, lose, keep)
}

func moveCompanyParts(ctx context.Context, tx *db.Tx, lose, keep CompanyID) (map[string]json.RawMessage, error) {
	memos := map[string]json.RawMessage{}
	for _, p := range partsOf(tx) {
		if p.MoveCompany == nil {
			continue
		}
		memo, err := p.MoveCompany(ctx, tx, lose, keep)
		if err != nil {
			return nil, fmt.Errorf("move %s: %w", p.Name, err)
		}
		if memo != nil {
			memos[p.Name] = memo
		}
	}
	return memos, nil
}

// companyField is a field of a company that a merge may fill. What an account is worth
// is one field with its currency.
type companyField struct {
	name string
	get  func(Company) string
	set  func(*Company, string)
}

func companyText(name string, at func(*Company) *string) companyField {
	return companyField{name, func(o Company) string { return *at(&o) }, func(o *Company, s string) { *at(o) = s }}
}

var companyFields = []companyField{
	companyText("name", func(o *Company) *string { return &o.Name }),
	companyText("industry", func(o *Company) *string { return &o.Industry }),
	companyText("size", func(o *Company) *string { return &o.Size }),
	companyText("tier", func(o *Company) *string { return &o.Tier }),
	companyText("notes", func(o *Company) *string { return &o.Notes }),
	{"value", func(o Company) string {
		if o.Value == 0 {
			return ""
		}
		return strconv.FormatInt(o.Value, 10) + " " + o.Currency
	}, func(o *Company, s string) {
		amount, currency, _ := strings.Cut(s, " ")
		o.Value, _ = strconv.ParseInt(amount, 10, 64)
		o.Currency = currency
	}},
	{"owner_id", func(o Company) string {
		if o.Owner == 0 {
			return ""
		}
		return o.Owner.String()
	}, func(o *Company, s string) {
		o.Owner = 0
		_ = o.Owner.UnmarshalText([]byte(s)) // written by get; "" is nobody
	}},
}

func (m *movedCompany) fill(k *Company, l Company) {
	was := *k
	for _, f := range companyFields {
		before, after := f.get(was), oneCompany(f.name, was, l, f.get(was), f.get(l))
		if before == after {
			continue
		}
		f.set(k, after)
		m.Filled = append(m.Filled, filled{f.name, before, after})
	}
}

// oneCompany is what one field says when two companies are one. A name that somebody
// has typed goes before one that was guessed.
func oneCompany(name string, k, l Company, its, other string) string {
	switch {
	case other == "" || other == its:
		return its
	case its == "" || name == "name" && k.Guessed && !l.Guessed:
		return other
	case name == "notes" && !strings.Contains(its, other):
		return its + "\n\n" + other
	}
	return its
}
