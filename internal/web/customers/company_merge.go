package customers

import (
	"context"
	"net/http"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/web/ui"
)

// uniting is the page on which two companies become one: first which the other
// is, then what of which stays.
type uniting struct {
	One   firm
	Other firm // of no id: still to be found
	Asked string
	Found []contact.Company
	Keep  contact.CompanyID // which is proposed to stay
}

// firm is one of the two.
type firm struct {
	contact.Company
	People int
	Sum    conversation.Sum
}

// uniteForm is GET /companies/{id}/merge?q=words or ?other=cmp_….
func (a area) uniteForm(w http.ResponseWriter, r *http.Request) error {
	which, err := orgOf(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	u := uniting{Asked: strings.TrimSpace(r.FormValue("q"))}
	other, _ := id.Read[contact.CompanyID](r.FormValue("other"))
	err = a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if u.One, err = readFirm(ctx, tx, which); err != nil {
			return err
		}
		if other == 0 {
			return u.find(ctx, tx)
		}
		u.Other, err = readFirm(ctx, tx, other)
		return err
	})
	if err != nil {
		return err
	}
	if u.Other.ID == u.One.ID {
		return problem.New(problem.Invalid, "These two are one company already.")
	}
	u.Keep = u.proposed()
	ui.Render(w, r, http.StatusOK, uniteView(u))
	return nil
}

func readFirm(ctx context.Context, tx *db.Tx, which contact.CompanyID) (f firm, err error) {
	if f.Company, err = contact.OneCompany(ctx, tx, which); err != nil {
		return f, err
	}
	if f.People, err = contact.Count(ctx, tx, contact.Filter{Company: f.ID}); err != nil {
		return f, err
	}
	f.Sum, err = conversation.SumOfCompany(ctx, tx, f.ID)
	return f, err
}

// find looks for the other one: by the words, or by the first word of this one's name.
func (u *uniting) find(ctx context.Context, tx *db.Tx) error {
	words := u.Asked
	if words == "" {
		words, _, _ = strings.Cut(strings.TrimSpace(u.One.Name), " ")
	}
	list, _, err := contact.Companies(ctx, tx, contact.CompanyFilter{Query: words, Limit: 20})
	for _, o := range list {
		if o.ID != u.One.ID {
			u.Found = append(u.Found, o)
		}
	}
	return err
}

// proposed is the one that somebody has touched, or has more people, or is known longer.
func (u uniting) proposed() contact.CompanyID {
	one, other := u.One, u.Other
	switch {
	case other.ID == 0:
		return one.ID
	case one.Guessed != other.Guessed:
		if one.Guessed {
			return other.ID
		}
		return one.ID
	case other.People > one.People || other.People == one.People && other.CreatedAt.Before(one.CreatedAt):
		return other.ID
	}
	return one.ID
}

// unite is POST /companies/{id}/merge with other and keep.
func (a area) unite(w http.ResponseWriter, r *http.Request) error {
	one, err := orgOf(r)
	if err != nil {
		return err
	}
	other, err := id.Read[contact.CompanyID](r.FormValue("other"))
	if err != nil {
		return problem.New(problem.NotFound, "This company is not there.")
	}
	keep, lose := one, other
	if r.FormValue("keep") == other.String() {
		keep, lose = other, one
	}
	ctx := r.Context()
	var done contact.CompanyMergeID
	err = a.DB.Write(ctx, func(tx *db.Tx) (err error) { done, err = contact.MergeCompanies(ctx, tx, keep, lose); return err })
	if err != nil {
		return err
	}
	ui.SayThere(w, r, ui.Toast{Text: i18n.T(ctx, "customers.united"), Undo: companyURL(keep) + "/unmerge/" + done.String()}, companyURL(keep))
	return nil
}

// part is POST /companies/{id}/unmerge/{merge}.
func (a area) part(w http.ResponseWriter, r *http.Request) error {
	which, err := orgOf(r)
	if err != nil {
		return err
	}
	merge, err := id.Read[contact.CompanyMergeID](r.PathValue("merge"))
	if err != nil {
		return problem.New(problem.NotFound, "This merge is not there.")
	}
	ctx := r.Context()
	if err := a.DB.Write(ctx, func(tx *db.Tx) error { return contact.UnmergeCompanies(ctx, tx, merge) }); err != nil {
		return err
	}
	ui.SayThere(w, r, ui.Toast{Text: i18n.T(ctx, "customers.unmerged")}, companyURL(which))
	return nil
}
