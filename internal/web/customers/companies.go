package customers

import (
	"net/http"
	"net/url"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// orgs is the page of all companies.
type orgs struct {
	Asked  string
	Owner  string
	List   []contact.Company
	Total  int
	Pages  ui.PagerProps
	People map[contact.CompanyID]int
	Open   map[contact.CompanyID]int
	Names  map[team.ID]string
	Owners []team.Person
	self   string
}

// companies is GET /companies.
func (a area) companies(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	p := orgs{Asked: strings.TrimSpace(r.FormValue("q")), Owner: r.FormValue("owner"), self: r.URL.RequestURI()}
	f := contact.CompanyFilter{Query: p.Asked, Cursor: r.FormValue("after"), Limit: pageSize}
	f.Owner, _ = id.Read[team.ID](p.Owner)
	var next string
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.List, next, err = contact.Companies(ctx, tx, f); err != nil {
			return err
		}
		if p.Total, err = contact.CountCompanies(ctx, tx, f); err != nil {
			return err
		}
		if p.Names, err = team.Names(ctx, tx); err != nil {
			return err
		}
		if p.Owners, err = team.People(ctx, tx, team.Filter{}); err != nil {
			return err
		}
		var ids []contact.CompanyID
		for _, o := range p.List {
			ids = append(ids, o.ID)
		}
		if p.People, err = contact.PeopleIn(ctx, tx, ids); err != nil {
			return err
		}
		p.Open, err = conversation.OpenOfCompanies(ctx, tx, ids)
		return err
	})
	if err != nil {
		return err
	}
	p.Pages = pages(r, len(p.List), p.Total, next)
	ui.Render(w, r, http.StatusOK, companiesPage(p))
	return nil
}

// companyNames is GET /companies/names: what a field for a company offers.
func (a area) companyNames(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	words := r.FormValue("company")
	var names []string
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		list, _, err := contact.Companies(ctx, tx, contact.CompanyFilter{Query: words, Limit: 20})
		for _, o := range list {
			names = append(names, o.Name)
		}
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, companyNamesList(names))
	return nil
}

// peopleOf is the list of the people of a company.
func peopleOf(o contact.Company) string {
	return address("/customers", url.Values{"company": {o.Name}})
}
