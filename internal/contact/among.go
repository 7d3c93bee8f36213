package contact

import (
	"context"
	"fmt"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/team"
)

// Group is some people who have something in common: a tag, a company, or the value of an own field, which is theirs or
// their company's. One of the three is said.
type Group struct {
	Tag     string
	Company CompanyID
	Holder  Holder
	Field   string
	Value   string
}

// Among are the people who are in one of some groups, each once, the oldest first.
func Among(ctx context.Context, tx *db.Tx, groups []Group) ([]ID, error) {
	if err := team.Allow(ctx, team.ReadContacts); err != nil || len(groups) == 0 {
		return nil, err
	}
	var a db.Args
	var or []string
	for _, g := range groups {
		switch {
		case g.Tag != "":
			or = append(or, `SELECT contact_id FROM contact_tag WHERE tag = `+a.Add(fold(clean(g.Tag, 60))))
		case g.Company != 0:
			or = append(or, `SELECT c.id FROM contact c WHERE c.company_id = `+a.Add(g.Company))
		case g.Holder == OfContact:
			or = append(or, `SELECT c.id FROM contact c WHERE `+holding(&a, "c.id", OfContact, g.Field, g.Value))
		default:
			or = append(or, `SELECT c.id FROM contact c WHERE `+holding(&a, "c.company_id", OfCompany, g.Field, g.Value))
		}
	}
	list, err := db.All(ctx, tx, func(r db.Row) (id ID, err error) { return id, r.Scan(&id) },
		`SELECT p.id FROM contact p WHERE p.merged_into = 0 AND p.id IN (`+strings.Join(or, ` UNION `)+`) ORDER BY p.id`, a.List()...)
	if err != nil {
		return nil, fmt.Errorf("find people in groups: %w", err)
	}
	return list, nil
}
