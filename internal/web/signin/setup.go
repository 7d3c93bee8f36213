package signin

import (
	"net/http"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

// start is the set-up form as it was sent.
type start struct {
	Firm        team.Firm
	Name, Email string
	Trouble     ui.Trouble
}

func (d door) setUpNeeded(r *http.Request) (needed bool, err error) {
	err = d.DB.Read(r.Context(), func(tx *db.Tx) error {
		needed, err = team.SetUpNeeded(r.Context(), tx)
		return err
	})
	return needed, err
}

// askSetUp shows the first-run page: once, then it is gone for ever.
func (d door) askSetUp(w http.ResponseWriter, r *http.Request) error {
	needed, err := d.setUpNeeded(r)
	if err != nil {
		return err
	}
	if !needed {
		desk.NotFound(w, r)
		return nil
	}
	ui.Render(w, r, http.StatusOK, setUpPage(begun(r)))
	return nil
}

// begun is the form with what can be guessed: the language of the reader and the
// zone that goes with it (the script puts the browser's in its place).
func begun(r *http.Request) start {
	s := start{Firm: team.Firm{Language: string(ui.Of(r.Context()).Locale)}}
	if s.Firm.Language == "ko" {
		s.Firm.Zone = "Asia/Seoul"
	}
	return s
}

func (d door) setUp(w http.ResponseWriter, r *http.Request) error {
	needed, err := d.setUpNeeded(r)
	if err != nil {
		return err
	}
	if !needed {
		desk.NotFound(w, r)
		return nil
	}
	s := start{Firm: team.Firm{Name: r.FormValue("firm"), Language: r.FormValue("language"), Zone: r.FormValue("zone")},
		Name: r.FormValue("name"), Email: r.FormValue("email")}
	password := r.FormValue("password")
	if err := d.makeDesk(r, s, password); err != nil {
		if s.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
			return err
		}
		s.Trouble = s.Trouble.With(s.missing(r))
		ui.Render(w, r, s.Trouble.Status, setUpPage(s))
		return nil
	}
	in, err := d.Door.SignIn(r.Context(), attempt(r, s.Email, password, true))
	if err != nil {
		return err
	}
	return d.enter(w, r, in, "/settings/inboxes")
}

func (d door) makeDesk(r *http.Request, s start, password string) error {
	hashed, err := d.Door.Hash(r.Context(), password)
	if err != nil {
		return err
	}
	return d.DB.Write(r.Context(), func(tx *db.Tx) error {
		_, err := team.SetUp(r.Context(), tx, s.Firm, s.Email, s.Name, hashed)
		return err
	})
}

// missing is every empty field, so that one look is enough.
func (s start) missing(r *http.Request) ui.Errors {
	var c problem.Check
	c.That(strings.TrimSpace(s.Firm.Name) != "", "firm", "Enter the name of your firm.")
	c.That(s.Firm.Zone != "", "zone", "Choose a time zone.")
	c.That(strings.TrimSpace(s.Name) != "", "name", "Enter a name.")
	c.That(strings.Contains(s.Email, "@"), "email", "Enter an e-mail address such as name@example.com.")
	return ui.ErrorsOf(r.Context(), c.Err())
}
