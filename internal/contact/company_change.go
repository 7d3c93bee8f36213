package contact

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/fulltext"
	"baraji/internal/kit/problem"
	"baraji/internal/team"

	"golang.org/x/net/idna"
)

// CreateCompany makes a company by hand.
func CreateCompany(ctx context.Context, tx *db.Tx, o Company) (Company, error) {
	if err := team.Allow(ctx, team.EditContacts); err != nil {
		return o, err
	}
	if err := o.tidy(); err != nil {
		return o, err
	}
	o.ID, o.Guessed = CompanyID(tx.NewID()), false
	if err := insertCompany(ctx, tx, o); err != nil {
		return o, err
	}
	if err := saveCompany(ctx, tx, o); err != nil {
		return o, err
	}
	if err := adopt(ctx, tx, o, o.Domains); err != nil {
		return o, err
	}
	if err := event.Record(ctx, tx, CompanyCreated{o.ID}); err != nil {
		return o, err
	}
	return loadCompany(ctx, tx, o.ID)
}

// UpdateCompany changes a company: change gets it as it is. People of a domain
// that it gets come into it unless they are in a company already.
func UpdateCompany(ctx context.Context, tx *db.Tx, id CompanyID, change func(*Company) error) (Company, error) {
	if err := team.Allow(ctx, team.EditContacts); err != nil {
		return Company{}, err
	}
	was, err := loadCompany(ctx, tx, id)
	if err != nil {
		return was, err
	}
	o := was
	o.Domains = slices.Clone(was.Domains)
	if err := change(&o); err != nil {
		return was, err
	}
	if err := o.tidy(); err != nil {
		return was, err
	}
	names := o.differs(was)
	if len(names) == 0 {
		return was, nil
	}
	if err := setDomains(ctx, tx, o); err != nil {
		return was, err
	}
	if err := saveCompany(ctx, tx, o); err != nil {
		return was, err
	}
	if err := adopt(ctx, tx, o, newIn(o.Domains, was.Domains)); err != nil {
		return was, err
	}
	if err := event.Record(ctx, tx, CompanyChanged{o.ID, names}); err != nil {
		return was, err
	}
	return loadCompany(ctx, tx, o.ID)
}

func newIn(is, was []string) []string {
	return slices.DeleteFunc(slices.Clone(is), func(d string) bool { return slices.Contains(was, d) })
}

// RemoveCompany takes a company away. Its people stay, in no company.
func RemoveCompany(ctx context.Context, tx *db.Tx, id CompanyID) error {
	if err := team.Allow(ctx, team.EraseContacts); err != nil {
		return err
	}
	o, err := loadCompany(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := dropCompany(ctx, tx, o.ID); err != nil {
		return fmt.Errorf("remove %s: %w", o.ID, err)
	}
	return event.Record(ctx, tx, CompanyRemoved{o.ID})
}

// dropCompany takes those along that were merged into it.
func dropCompany(ctx context.Context, tx *db.Tx, id CompanyID) error {
	merged, err := db.All(ctx, tx, func(r db.Row) (id CompanyID, err error) { return id, r.Scan(&id) }, `SELECT id FROM contact_company WHERE merged_into = $1 AND merged_into <> 0`, id)
	if err != nil {
		return err
	}
	for _, m := range merged {
		if err := dropCompany(ctx, tx, m); err != nil {
			return err
		}
	}
	for _, stmt := range []string{
		`UPDATE contact SET company_id = 0 WHERE company_id = $1`,
		`DELETE FROM contact_value WHERE holder_id = $1`,
		`DELETE FROM contact_company_merge WHERE keep_id = $1 OR lose_id = $1`,
		`DELETE FROM contact_company WHERE id = $1`,
	} {
		if _, err := tx.Exec(ctx, stmt, id); err != nil {
			return err
		}
	}
	return fulltext.Delete(ctx, tx, searchTable, int64(id))
}

func saveCompany(ctx context.Context, tx *db.Tx, o Company) error {
	_, err := tx.Exec(ctx, `UPDATE contact_company SET name = $2, name_key = $3, guessed = FALSE, industry = $4, size = $5, tier = $6, value = $7,
		currency = $8, notes = $9, owner_id = $10, updated_at = $11 WHERE id = $1`,
		o.ID, o.Name, fold(o.Name), o.Industry, o.Size, o.Tier, o.Value, o.Currency, o.Notes, o.Owner, tx.Now())
	if err != nil {
		return fmt.Errorf("store %s: %w", o.ID, err)
	}
	return indexCompany(ctx, tx, o)
}

// adopt takes in the people of new domains.
func adopt(ctx context.Context, tx *db.Tx, o Company, domains []string) error {
	for _, d := range domains {
		if _, err := tx.Exec(ctx, `UPDATE contact SET company_id = $1 WHERE company_id = 0 AND merged_into = 0 AND id IN
			(SELECT contact_id FROM contact_address WHERE kind = 'email' AND (value LIKE $2 ESCAPE '\' OR value LIKE $3 ESCAPE '\'))`,
			o.ID, "%@"+db.Like(d), "%."+db.Like(d)); err != nil {
			return fmt.Errorf("take people into %s: %w", o.ID, err)
		}
	}
	return nil
}

func (o *Company) tidy() error {
	for _, s := range []*string{&o.Name, &o.Industry, &o.Size, &o.Tier} {
		*s = clean(*s, maxName)
	}
	o.Currency = strings.ToUpper(clean(o.Currency, 10))
	o.Notes = cleanText(o.Notes, maxText)
	var check problem.Check
	check.That(o.Name != "", "name", "Enter a name.")
	check.That(o.Value >= 0, "value", "Enter an amount of zero or more.")
	check.That(o.Currency == "" || len(o.Currency) == 3, "currency", "Enter a currency such as KRW.")
	for i, d := range o.Domains {
		host, err := idna.Lookup.ToASCII(strings.TrimPrefix(strings.TrimSpace(d), "@"))
		check.That(err == nil && strings.Contains(host, "."), "domains", "Enter a domain such as example.com.")
		check.That(!freeMail[host], "domains", "%s is a mail service for everybody, not a company's domain.", d)
		o.Domains[i] = host
	}
	slices.Sort(o.Domains)
	o.Domains = slices.Compact(o.Domains)
	return check.Err()
}

// differs names the fields in which o is not as it was.
func (o Company) differs(was Company) (names []string) {
	for _, f := range []struct {
		name string
		same bool
	}{{"name", o.Name == was.Name}, {"industry", o.Industry == was.Industry}, {"size", o.Size == was.Size}, {"tier", o.Tier == was.Tier},
		{"value", o.Value == was.Value && o.Currency == was.Currency}, {"notes", o.Notes == was.Notes}, {"owner_id", o.Owner == was.Owner},
		{"domains", slices.Equal(o.Domains, was.Domains)}} {
		if !f.same {
			names = append(names, f.name)
		}
	}
	return names
}
