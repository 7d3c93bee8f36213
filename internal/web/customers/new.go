package customers

import (
	"net/http"
	"net/url"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// newPerson is the form for somebody who has not written yet.
type newPerson struct {
	Form   url.Values
	Errors ui.Errors
	Owners []team.Person
	Known  contact.ID // who has the address already
}

// newForm is GET /customers/new.
func (a area) newForm(w http.ResponseWriter, r *http.Request) error {
	return a.showNew(w, r, newPerson{Form: r.URL.Query()}, http.StatusOK)
}

func (a area) showNew(w http.ResponseWriter, r *http.Request, n newPerson, status int) error {
	err := a.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		n.Owners, err = team.People(r.Context(), tx, team.Filter{})
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, status, newPage(n))
	return nil
}

// create is POST /customers/new.
func (a area) create(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(problem.Invalid, "This form is broken. Load the page again.")
	}
	ctx, f := r.Context(), r.PostForm
	var c contact.Contact
	err := a.DB.Write(ctx, func(tx *db.Tx) (err error) {
		c, err = contact.Create(ctx, tx, contact.Sender{Name: f.Get("name"), Email: f.Get("email"), Phone: f.Get("phone"), Language: f.Get("language")})
		if err != nil {
			return err
		}
		org, err := companyOf(ctx, tx, f.Get("company"))
		if err != nil {
			return err
		}
		owner, err := ownerOf(ctx, tx, f.Get("owner"))
		if err != nil {
			return err
		}
		_, err = contact.Update(ctx, tx, c.ID, func(c *contact.Contact) error {
			c.Title, c.Stage, c.Owner = f.Get("title"), contact.Stage(f.Get("stage")), owner
			if org != 0 {
				c.Company = org
			}
			return nil
		})
		return err
	})
	back := newPerson{Form: f, Errors: ui.ErrorsOf(ctx, err)}
	if problem.KindOf(err) == problem.Conflict {
		back.Known, err = a.whoHas(r, f)
		back.Errors = ui.Errors{{Name: "email", Text: i18n.T(ctx, "customers.known_already")}}
	}
	if len(back.Errors) > 0 {
		return a.showNew(w, r, back, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	ui.SayThere(w, r, ui.Toast{Text: i18n.T(ctx, "customers.added")}, personURL(c.ID))
	return nil
}

// whoHas finds the one who has the address already, so that the page can lead to him.
func (a area) whoHas(r *http.Request, f url.Values) (who contact.ID, err error) {
	err = a.DB.Read(r.Context(), func(tx *db.Tx) error {
		for _, words := range []string{f.Get("email"), f.Get("phone")} {
			if words == "" || who != 0 {
				continue
			}
			list, _, err := contact.List(r.Context(), tx, contact.Filter{Query: `"` + words + `"`, Limit: 1})
			if err != nil {
				return err
			}
			for _, c := range list {
				who = c.ID
			}
		}
		return nil
	})
	return who, err
}
