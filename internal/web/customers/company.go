package customers

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/portal"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// org is what a company's page shows.
type org struct {
	contact.Company
	Fields  []contact.Field
	Values  map[string]string
	People  []contact.Contact
	Count   int // all of its people
	Talks   []conversation.Conversation
	Next    string // the cursor behind them
	Sum     conversation.Sum
	Names   map[team.ID]string
	Owners  []team.Person
	Mergers []contact.CompanyMerge
	Shares  bool // its people see each other's conversations in the portal
	Errors  ui.Errors
	Form    url.Values
}

func orgOf(r *http.Request) (contact.CompanyID, error) {
	which, err := id.Read[contact.CompanyID](r.PathValue("id"))
	if err != nil {
		return 0, problem.New(problem.NotFound, "This company is not there.")
	}
	return which, nil
}

// company is GET /companies/{id}.
func (a area) company(w http.ResponseWriter, r *http.Request) error {
	var o org
	which, err := orgOf(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	err = a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if err = o.load(ctx, tx, which); err != nil {
			return err
		}
		which = o.ID // of an old id: what it was merged into
		if o.Mergers, err = contact.CompanyMergers(ctx, tx, which); err != nil {
			return err
		}
		if o.Shares, err = portal.SharesCompany(ctx, tx, which); err != nil {
			return err
		}
		f := contact.Filter{Company: which, Limit: 25}
		if o.People, _, err = contact.List(ctx, tx, f); err != nil {
			return err
		}
		if o.Count, err = contact.Count(ctx, tx, f); err != nil {
			return err
		}
		if o.Sum, err = conversation.SumOfCompany(ctx, tx, which); err != nil {
			return err
		}
		o.Talks, o.Next, err = conversation.List(ctx, tx, conversation.Filter{Company: which}, conversation.Page{After: r.FormValue("after"), Limit: 25})
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, companyPage(o))
	return nil
}

// load reads a company with what the firm notes of it.
func (o *org) load(ctx context.Context, tx *db.Tx, which contact.CompanyID) (err error) {
	if o.Company, err = contact.OneCompany(ctx, tx, which); err != nil {
		return err
	}
	if o.Fields, err = contact.Fields(ctx, tx, contact.OfCompany); err != nil {
		return err
	}
	if o.Values, err = contact.CompanyValues(ctx, tx, which); err != nil {
		return err
	}
	o.Names, err = team.Names(ctx, tx)
	return err
}

// newCompanyForm is GET /companies/new.
func (a area) newCompanyForm(w http.ResponseWriter, r *http.Request) error {
	return a.showCompanyForm(w, r, org{Form: r.URL.Query()}, 0, http.StatusOK)
}

// editCompany is GET /companies/{id}/edit.
func (a area) editCompany(w http.ResponseWriter, r *http.Request) error {
	which, err := orgOf(r)
	if err != nil {
		return err
	}
	return a.showCompanyForm(w, r, org{}, which, http.StatusOK)
}

func (a area) showCompanyForm(w http.ResponseWriter, r *http.Request, o org, which contact.CompanyID, status int) error {
	ctx := r.Context()
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if which != 0 {
			if err = o.load(ctx, tx, which); err != nil {
				return err
			}
		} else if o.Fields, err = contact.Fields(ctx, tx, contact.OfCompany); err != nil {
			return err
		}
		o.Owners, err = team.People(ctx, tx, team.Filter{})
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, status, companyForm(o))
	return nil
}

// createCompany is POST /companies/new.
func (a area) createCompany(w http.ResponseWriter, r *http.Request) error {
	return a.keepCompany(w, r, 0, func(ctx context.Context, tx *db.Tx) (contact.CompanyID, error) {
		var made contact.Company
		if err := fill(ctx, tx, &made, r.PostForm); err != nil {
			return 0, err
		}
		made, err := contact.CreateCompany(ctx, tx, made)
		return made.ID, err
	})
}

// saveCompany is POST /companies/{id}/edit.
func (a area) saveCompany(w http.ResponseWriter, r *http.Request) error {
	which, err := orgOf(r)
	if err != nil {
		return err
	}
	return a.keepCompany(w, r, which, func(ctx context.Context, tx *db.Tx) (contact.CompanyID, error) {
		_, err := contact.UpdateCompany(ctx, tx, which, func(o *contact.Company) error { return fill(ctx, tx, o, r.PostForm) })
		return which, err
	})
}

// keepCompany stores what a form says of a company, own fields too.
func (a area) keepCompany(w http.ResponseWriter, r *http.Request, which contact.CompanyID, store func(context.Context, *db.Tx) (contact.CompanyID, error)) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(problem.Invalid, "This form is broken. Load the page again.")
	}
	ctx, stored := r.Context(), contact.CompanyID(0)
	err := a.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if stored, err = store(ctx, tx); err != nil {
			return err
		}
		return contact.SetCompanyValues(ctx, tx, stored, ownValues(r.PostForm))
	})
	if wrong := ui.ErrorsOf(ctx, err); len(wrong) > 0 {
		return a.showCompanyForm(w, r, org{Form: r.PostForm, Errors: wrong}, which, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	ui.SayThere(w, r, ui.Toast{Text: i18n.T(ctx, "customers.saved")}, companyURL(stored))
	return nil
}

// fill takes what a form says into a company.
func fill(ctx context.Context, tx *db.Tx, o *contact.Company, f url.Values) error {
	owner, err := ownerOf(ctx, tx, f.Get("owner"))
	if err != nil {
		return err
	}
	o.Name, o.Industry, o.Size, o.Tier, o.Notes, o.Owner = f.Get("name"), f.Get("industry"), f.Get("size"), f.Get("tier"), f.Get("notes"), owner
	o.Domains = strings.FieldsFunc(f.Get("domains"), func(r rune) bool { return strings.ContainsRune(", \n\r\t", r) })
	o.Domains = slices.Clip(o.Domains)
	o.Currency = f.Get("currency")
	amount := strings.ReplaceAll(strings.TrimSpace(f.Get("value")), ",", "")
	if amount == "" {
		o.Value = 0
		return nil
	}
	whole, err := strconv.ParseFloat(amount, 64)
	if err != nil || whole < 0 || whole > 1e15 {
		return problem.For("value", "Enter an amount of zero or more.")
	}
	o.Value = int64(whole*scaleOf(o.Currency) + .5)
	return nil
}

// scaleOf is how many of the smallest unit are one of a currency.
func scaleOf(currency string) float64 {
	switch strings.ToUpper(strings.TrimSpace(currency)) {
	case "KRW", "JPY", "VND", "":
		return 1
	}
	return 100
}

// amount is the value of an account as one types it.
func (o org) amount() string {
	if o.Value == 0 {
		return ""
	}
	return strconv.FormatFloat(float64(o.Value)/scaleOf(o.Currency), 'f', -1, 64)
}

// typed is a field's value: what was typed if it came back, what it is else.
func (o org) typed(name, is string) string {
	if o.Form != nil && o.Form.Has(name) {
		return o.Form.Get(name)
	}
	return is
}

func (o org) action() string {
	if o.ID == 0 {
		return "/companies/new"
	}
	return companyURL(o.ID) + "/edit"
}

func (o org) title(ctx context.Context) string {
	if o.ID == 0 {
		return i18n.T(ctx, "customers.add_company")
	}
	return o.Name
}

func (o org) back() string {
	if o.ID == 0 {
		return "/companies"
	}
	return companyURL(o.ID)
}

func (o org) ownerChoices(ctx context.Context) []ui.Option {
	return person{Profile: contact.Profile{Contact: contact.Contact{Owner: o.Owner}}, Owners: o.Owners, Names: o.Names}.ownerChoices(ctx)
}

// removeCompany is POST /companies/{id}/remove. Its people stay.
func (a area) removeCompany(w http.ResponseWriter, r *http.Request) error {
	which, err := orgOf(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	if err := a.DB.Write(ctx, func(tx *db.Tx) error { return contact.RemoveCompany(ctx, tx, which) }); err != nil {
		return err
	}
	ui.SayThere(w, r, ui.Toast{Text: i18n.T(ctx, "customers.company_removed")}, "/companies")
	return nil
}
