package contact

import (
	"context"
	"errors"
	"fmt"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/fulltext"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/token"
	"baraji/internal/team"
)

// Company is a firm that customers work for.
type Company struct {
	ID       CompanyID
	Name     string
	Guessed  bool // made from a mail domain, and nobody has touched it since
	Industry string
	Size     string // as the firm divides them: "1-9", "10-99", …
	Tier     string // how much it matters: what targets and routing go by
	Value    int64  // what the account is worth in a year, in the smallest unit of Currency
	Currency string
	Notes    string
	Owner    team.ID

	Domains   []string // of its people's mail addresses; filled in by OneCompany
	CreatedAt time.Time
	UpdatedAt time.Time

	mergedInto CompanyID // which it lives on in
}

const companyColumns = `o.id, o.name, o.guessed, o.industry, o.size, o.tier, o.value, o.currency, o.notes, o.owner_id, o.created_at, o.updated_at, o.merged_into`

func scanCompany(r db.Row) (o Company, err error) {
	return o, r.Scan(&o.ID, &o.Name, &o.Guessed, &o.Industry, &o.Size, &o.Tier, &o.Value, &o.Currency, &o.Notes, &o.Owner, db.Time(&o.CreatedAt), db.Time(&o.UpdatedAt), &o.mergedInto)
}

// OneCompany returns a company with its domains.
func OneCompany(ctx context.Context, tx *db.Tx, id CompanyID) (Company, error) {
	if err := team.Allow(ctx, team.ReadContacts); err != nil {
		return Company{}, err
	}
	return loadCompany(ctx, tx, id)
}

// CompanyValues are a company's own fields, by key.
func CompanyValues(ctx context.Context, tx *db.Tx, id CompanyID) (map[string]string, error) {
	if err := team.Allow(ctx, team.ReadContacts); err != nil {
		return nil, err
	}
	o, err := loadCompany(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	return values(ctx, tx, int64(o.ID))
}

// loadCompany reads a company; of one that was merged, the one that it lives on in.
func loadCompany(ctx context.Context, tx *db.Tx, id CompanyID) (Company, error) {
	o, err := db.One(ctx, tx, scanCompany, `SELECT `+companyColumns+` FROM contact_company o WHERE o.id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return o, problem.New(problem.NotFound, "This company is not there.")
	}
	if err != nil {
		return o, fmt.Errorf("read %s: %w", id, err)
	}
	if o.mergedInto != 0 {
		return loadCompany(ctx, tx, o.mergedInto)
	}
	o.Domains, err = domainsOf(ctx, tx, id)
	return o, err
}

func domainsOf(ctx context.Context, tx *db.Tx, id CompanyID) ([]string, error) {
	return db.All(ctx, tx, func(r db.Row) (s string, err error) { return s, r.Scan(&s) },
		`SELECT domain FROM contact_company_domain WHERE company_id = $1 ORDER BY domain`, id)
}

// companyOf finds the company of a domain, or makes it.
func companyOf(ctx context.Context, tx *db.Tx, domain string) (CompanyID, error) {
	o := Company{ID: CompanyID(tx.NewID()), Name: companyName(domain), Guessed: true, Domains: []string{domain}}
	if err := insertCompany(ctx, tx, o); err != nil {
		return 0, err
	}
	if err := indexCompany(ctx, tx, o); err != nil {
		return 0, err
	}
	return o.ID, event.Record(ctx, tx, CompanyCreated{o.ID})
}

func insertCompany(ctx context.Context, tx *db.Tx, o Company) error {
	_, err := tx.Exec(ctx, `INSERT INTO contact_company (id, name, name_key, guessed, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5)`,
		o.ID, o.Name, fold(o.Name), o.Guessed, tx.Now())
	if err != nil {
		return fmt.Errorf("store a company: %w", err)
	}
	return setDomains(ctx, tx, o)
}

// setDomains makes the domains of a company those of o.
func setDomains(ctx context.Context, tx *db.Tx, o Company) error {
	if _, err := tx.Exec(ctx, `DELETE FROM contact_company_domain WHERE company_id = $1`, o.ID); err != nil {
		return err
	}
	for _, d := range o.Domains {
		n, err := tx.Exec(ctx, `INSERT INTO contact_company_domain (domain, company_id) VALUES ($1, $2) ON CONFLICT (domain) DO NOTHING`, d, o.ID)
		if err != nil {
			return fmt.Errorf("store the domains of %s: %w", o.ID, err)
		}
		if n == 0 {
			return problem.For("domains", "The domain %s belongs to another company.", d)
		}
	}
	return nil
}

func indexCompany(ctx context.Context, tx *db.Tx, o Company) error {
	words := o.Name
	for _, d := range o.Domains {
		words += "\n" + d
	}
	return fulltext.Put(ctx, tx, searchTable, int64(o.ID), token.Index(words))
}
