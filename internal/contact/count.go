package contact

import (
	"context"
	"fmt"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/team"
)

// Count says how many people a filter leaves. Who sees masked data gets no count
// of a search: it would tell what he does not see. Then it is 0.
func Count(ctx context.Context, tx *db.Tx, f Filter) (int, error) {
	if err := team.Allow(ctx, team.ReadContacts); err != nil {
		return 0, err
	}
	if team.From(ctx).Masked && strings.TrimSpace(f.Query) != "" {
		return 0, nil
	}
	var a db.Args
	n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM contact c WHERE c.merged_into = 0`+f.where(tx, &a), a.List()...)
	if err != nil {
		return 0, fmt.Errorf("count customers: %w", err)
	}
	return n, nil
}

// CountCompanies says how many companies a filter leaves.
func CountCompanies(ctx context.Context, tx *db.Tx, f CompanyFilter) (int, error) {
	if err := team.Allow(ctx, team.ReadContacts); err != nil {
		return 0, err
	}
	var a db.Args
	n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM contact_company o WHERE o.merged_into = 0`+f.where(tx, &a), a.List()...)
	if err != nil {
		return 0, fmt.Errorf("count companies: %w", err)
	}
	return n, nil
}

// PeopleIn counts the people of companies.
func PeopleIn(ctx context.Context, tx *db.Tx, companies []CompanyID) (map[CompanyID]int, error) {
	if err := team.Allow(ctx, team.ReadContacts); err != nil {
		return nil, err
	}
	people := map[CompanyID]int{}
	var a db.Args
	err := db.Each(ctx, tx, func(r db.Row) error {
		var id CompanyID
		var n int
		err := r.Scan(&id, &n)
		people[id] = n
		return err
	}, `SELECT company_id, COUNT(*) FROM contact WHERE merged_into = 0 AND company_id IN `+db.In(&a, companies)+` GROUP BY company_id`, a.List()...)
	return people, err
}

// CompanyNames are the names of companies, for lists of people.
func CompanyNames(ctx context.Context, tx *db.Tx, companies []CompanyID) (map[CompanyID]string, error) {
	if err := team.Allow(ctx, team.ReadContacts); err != nil {
		return nil, err
	}
	names := map[CompanyID]string{}
	var a db.Args
	err := db.Each(ctx, tx, func(r db.Row) error {
		var id CompanyID
		var name string
		err := r.Scan(&id, &name)
		names[id] = name
		return err
	}, `SELECT id, name FROM contact_company WHERE id IN `+db.In(&a, companies), a.List()...)
	return names, err
}

// CompanyCalled finds the company with exactly this name, whatever the case of
// its letters; 0 when there is none.
func CompanyCalled(ctx context.Context, tx *db.Tx, name string) (CompanyID, error) {
	if err := team.Allow(ctx, team.ReadContacts); err != nil {
		return 0, err
	}
	list, err := db.All(ctx, tx, func(r db.Row) (id CompanyID, err error) { return id, r.Scan(&id) },
		`SELECT id FROM contact_company WHERE name_key = $1 AND merged_into = 0 ORDER BY id LIMIT 1`, fold(clean(name, maxName)))
	if err != nil || len(list) == 0 {
		return 0, err
	}
	return list[0], nil
}
