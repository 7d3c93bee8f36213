package signin

import (
	"context"
	"net/http"

	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

func (d door) askReset(w http.ResponseWriter, r *http.Request) error {
	l, err := d.link(r, d.Door.Reset)
	if err != nil {
		return d.deadLink(w, r, err)
	}
	r = speaking(r, l.Language)
	ui.Render(w, r, http.StatusOK, resetPage(l.Email, ui.Trouble{}))
	return nil
}

// reset takes the new password and lets its owner in with it.
func (d door) reset(w http.ResponseWriter, r *http.Request) error {
	l, err := d.link(r, d.Door.Reset)
	if err != nil {
		return d.deadLink(w, r, err)
	}
	r = speaking(r, l.Language)
	password := r.FormValue("password")
	hashed, err := d.Door.Hash(r.Context(), password)
	var email, device string
	if err == nil {
		err = d.DB.Write(r.Context(), func(tx *db.Tx) (err error) {
			email, device, err = d.Door.UseReset(r.Context(), tx, r.PathValue("token"), hashed, desk.From(r))
			return err
		})
	}
	if err != nil {
		trouble, err := ui.TroubleOf(w, r, err)
		if err != nil {
			return err
		}
		ui.Render(w, r, trouble.Status, resetPage(l.Email, trouble))
		return nil
	}
	return d.enterAnew(w, r, email, password, device)
}

// enterAnew signs in with the password that was just chosen.
func (d door) enterAnew(w http.ResponseWriter, r *http.Request, email, password, device string) error {
	a := attempt(r, email, password, true)
	a.Device = device
	in, err := d.Door.SignIn(r.Context(), a)
	if err != nil {
		return err
	}
	setDevice(w, r, device) // also when the second factor is still to come
	return d.enter(w, r, in, "/")
}

// link is what the token in the address opens.
func (d door) link(r *http.Request, open func(context.Context, *db.Tx, string) (team.Link, error)) (l team.Link, err error) {
	err = d.DB.Read(r.Context(), func(tx *db.Tx) error {
		l, err = open(r.Context(), tx, r.PathValue("token"))
		return err
	})
	return l, err
}

// deadLink says that a link is used or too old, and where to get a new one.
func (d door) deadLink(w http.ResponseWriter, r *http.Request, err error) error {
	if problem.KindOf(err) != problem.NotFound {
		return err
	}
	ui.Render(w, r, http.StatusNotFound, deadLinkPage())
	return nil
}
