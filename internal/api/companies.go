package api

import (
	"context"
	"net/http"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

func companies(rt *routes) {
	get(rt, "/companies", "List companies, by name", listCompanies)
	post(rt, "/companies", "Add a company", addCompany, status(http.StatusCreated))
	get(rt, "/companies/{id}", "Get a company", getCompany)
	patch(rt, "/companies/{id}", "Change a company", changeCompany)
	remove(rt, "/companies/{id}", "Remove a company; its people stay", removeCompany)
}

// Company is a company as it leaves.
type Company struct {
	ID        string            `json:"id"`
	Name      string            `json:"name"`
	Guessed   bool              `json:"guessed" doc:"Made from a mail domain, and nobody has touched it since"`
	Industry  string            `json:"industry"`
	Size      string            `json:"size"`
	Tier      string            `json:"tier"`
	Value     Money             `json:"value" doc:"What the account is worth in a year"`
	Notes     string            `json:"notes"`
	OwnerID   ref               `json:"owner_id"`
	Domains   []string          `json:"domains" nullable:"false" doc:"Of its people's mail addresses; not in a list"`
	Fields    map[string]string `json:"fields" doc:"Own fields, by key; not in a list"`
	CreatedAt stamp             `json:"created_at"`
	UpdatedAt stamp             `json:"updated_at"`
}

// Money is an amount in the smallest unit of its currency.
type Money struct {
	Amount   int64  `json:"amount" example:"12900"`
	Currency string `json:"currency" example:"KRW" maxLength:"3"`
}

func showCompany(o contact.Company) Company {
	return Company{ID: o.ID.String(), Name: o.Name, Guessed: o.Guessed, Industry: o.Industry, Size: o.Size, Tier: o.Tier, Value: Money{o.Value, o.Currency},
		Notes: o.Notes, OwnerID: refOf(o.Owner), Domains: list(o.Domains), Fields: map[string]string{}, CreatedAt: stamp(o.CreatedAt), UpdatedAt: stamp(o.UpdatedAt)}
}

// companyQuery narrows a list of companies.
type companyQuery struct {
	Q     string `query:"q" maxLength:"500"`
	Tier  string `query:"tier"`
	Owner string `query:"owner"`
	Field string `query:"field" maxLength:"100"`
	Value string `query:"value" maxLength:"500"`
	Span
}

func listCompanies(ctx context.Context, tx *db.Tx, in *companyQuery) (page[Company], error) {
	owner, err := named[team.ID]("owner", in.Owner)
	if err != nil {
		return page[Company]{}, err
	}
	l, next, err := contact.Companies(ctx, tx, contact.CompanyFilter{Query: in.Q, Tier: in.Tier, Owner: owner, Field: in.Field, Value: in.Value,
		Cursor: in.Cursor, Limit: in.Limit})
	return paged(l, next, showCompany), err
}

func companyAt(ctx context.Context, s string, need team.Right) (contact.CompanyID, error) {
	if err := team.Allow(ctx, need); err != nil {
		return 0, err
	}
	return target[contact.CompanyID](s)
}

func getCompany(ctx context.Context, tx *db.Tx, in *one) (Company, error) {
	id, err := companyAt(ctx, in.ID, team.ReadContacts)
	if err != nil {
		return Company{}, err
	}
	return wholeCompany(ctx, tx, id)
}

func wholeCompany(ctx context.Context, tx *db.Tx, id contact.CompanyID) (Company, error) {
	o, err := contact.OneCompany(ctx, tx, id)
	if err != nil {
		return Company{}, err
	}
	out := showCompany(o)
	values, err := contact.CompanyValues(ctx, tx, id)
	if values != nil {
		out.Fields = values
	}
	return out, err
}

// CompanyHead is what may be written of a company.
type CompanyHead struct {
	Industry *string           `json:"industry,omitempty" maxLength:"200"`
	Size     *string           `json:"size,omitempty" maxLength:"60"`
	Tier     *string           `json:"tier,omitempty" maxLength:"60"`
	Value    *Money            `json:"value,omitempty"`
	Notes    *string           `json:"notes,omitempty" maxLength:"20000"`
	OwnerID  maybe[string]     `json:"owner_id,omitempty"`
	Domains  *[]string         `json:"domains,omitempty" maxItems:"100"`
	Fields   map[string]string `json:"fields,omitempty"`
}

func (h CompanyHead) onto(ctx context.Context, tx *db.Tx, o *contact.Company) error {
	for _, f := range []struct{ from, to *string }{{h.Industry, &o.Industry}, {h.Size, &o.Size}, {h.Tier, &o.Tier}, {h.Notes, &o.Notes}} {
		if f.from != nil {
			*f.to = *f.from
		}
	}
	if h.Value != nil {
		o.Value, o.Currency = h.Value.Amount, h.Value.Currency
	}
	if h.Domains != nil {
		o.Domains = *h.Domains
	}
	if !h.OwnerID.Set {
		return nil
	}
	var err error
	o.Owner, err = colleague(ctx, tx, "owner_id", h.OwnerID.Value)
	return err
}

// newCompany adds a company.
type newCompany struct {
	Body struct {
		Name string `json:"name" maxLength:"300"`
		CompanyHead
	}
}

func addCompany(ctx context.Context, tx *db.Tx, in *newCompany) (Company, error) {
	if err := team.Allow(ctx, team.EditContacts); err != nil {
		return Company{}, err
	}
	o := contact.Company{Name: in.Body.Name}
	if err := in.Body.onto(ctx, tx, &o); err != nil {
		return Company{}, err
	}
	o, err := contact.CreateCompany(ctx, tx, o)
	if err != nil {
		return Company{}, err
	}
	return in.Body.fill(ctx, tx, o.ID)
}

func (h CompanyHead) fill(ctx context.Context, tx *db.Tx, id contact.CompanyID) (Company, error) {
	if len(h.Fields) > 0 {
		if err := contact.SetCompanyValues(ctx, tx, id, h.Fields); err != nil {
			return Company{}, err
		}
	}
	return wholeCompany(ctx, tx, id)
}

// companyPatch changes a company.
type companyPatch struct {
	ID   string `path:"id"`
	Body struct {
		Name *string `json:"name,omitempty" maxLength:"300"`
		CompanyHead
	}
}

func changeCompany(ctx context.Context, tx *db.Tx, in *companyPatch) (Company, error) {
	id, err := companyAt(ctx, in.ID, team.EditContacts)
	if err != nil {
		return Company{}, err
	}
	_, err = contact.UpdateCompany(ctx, tx, id, func(o *contact.Company) error {
		if in.Body.Name != nil {
			o.Name = *in.Body.Name
		}
		return in.Body.onto(ctx, tx, o)
	})
	if err != nil {
		return Company{}, err
	}
	return in.Body.fill(ctx, tx, id)
}

func removeCompany(ctx context.Context, tx *db.Tx, in *one) error {
	id, err := companyAt(ctx, in.ID, team.EditContacts)
	if err != nil {
		return err
	}
	if _, err := contact.OneCompany(ctx, tx, id); problem.KindOf(err) == problem.NotFound {
		return err
	}
	return contact.RemoveCompany(ctx, tx, id)
}
