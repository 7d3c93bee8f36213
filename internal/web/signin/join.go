package signin

import (
	"net/http"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

func (d door) askJoin(w http.ResponseWriter, r *http.Request) error {
	l, err := d.link(r, d.Door.Invitation)
	if err != nil {
		return d.deadLink(w, r, err)
	}
	r = speaking(r, l.Language)
	ui.Render(w, r, http.StatusOK, joinPage(l.Email, l.Name, ui.Trouble{}))
	return nil
}

// join accepts an invitation and lets the new colleague in.
func (d door) join(w http.ResponseWriter, r *http.Request) error {
	l, err := d.link(r, d.Door.Invitation)
	if err != nil {
		return d.deadLink(w, r, err)
	}
	r = speaking(r, l.Language)
	name, password := r.FormValue("name"), r.FormValue("password")
	email, device, err := d.accept(r, name, password)
	if err != nil {
		trouble, err := ui.TroubleOf(w, r, err)
		if err != nil {
			return err
		}
		trouble = trouble.With(nameless(r, name))
		ui.Render(w, r, trouble.Status, joinPage(l.Email, name, trouble))
		return nil
	}
	return d.enterAnew(w, r, email, password, device)
}

func (d door) accept(r *http.Request, name, password string) (email, device string, err error) {
	hashed, err := d.Door.Hash(r.Context(), password)
	if err != nil {
		return "", "", err
	}
	err = d.DB.Write(r.Context(), func(tx *db.Tx) (err error) {
		email, device, err = d.Door.Join(r.Context(), tx, r.PathValue("token"), name, hashed, desk.From(r))
		return err
	})
	return email, device, err
}

// nameless is said together with what is wrong with the password.
func nameless(r *http.Request, name string) ui.Errors {
	var c problem.Check
	c.That(strings.TrimSpace(name) != "", "name", "Enter a name.")
	return ui.ErrorsOf(r.Context(), c.Err())
}
