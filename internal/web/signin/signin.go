package signin

import (
	"net/http"

	"baraji/internal/kit/db"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

// entry is the sign-in form as it was sent.
type entry struct {
	Email   string
	Keep    bool
	To      string // the page that was wanted
	Trouble ui.Trouble
}

func (d door) askSignIn(w http.ResponseWriter, r *http.Request) error {
	to := ui.Local(r.FormValue("to"))
	if !team.From(r.Context()).Nobody() {
		ui.Redirect(w, r, to)
		return nil
	}
	needed, err := d.setUpNeeded(r)
	if err != nil {
		return err
	}
	if needed {
		ui.Redirect(w, r, "/set-up")
		return nil
	}
	ui.Render(w, r, http.StatusOK, signInPage(entry{To: to, Keep: true}))
	return nil
}

func (d door) signIn(w http.ResponseWriter, r *http.Request) error {
	f := entry{Email: r.FormValue("email"), Keep: r.FormValue("keep") != "", To: ui.Local(r.FormValue("to"))}
	in, err := d.Door.SignIn(r.Context(), attempt(r, f.Email, r.FormValue("password"), f.Keep))
	if err == nil {
		return d.enter(w, r, in, f.To)
	}
	if f.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	ui.Render(w, r, f.Trouble.Status, signInPage(f))
	return nil
}

func (d door) askSignOut(w http.ResponseWriter, r *http.Request) error {
	if team.From(r.Context()).Nobody() {
		ui.Redirect(w, r, "/sign-in")
		return nil
	}
	ui.Render(w, r, http.StatusOK, signOutPage())
	return nil
}

func (d door) signOut(w http.ResponseWriter, r *http.Request) error {
	token := desk.Cookie(r)
	err := d.DB.Write(r.Context(), func(tx *db.Tx) error { return team.SignOut(r.Context(), tx, token) })
	if err != nil {
		return err
	}
	desk.SetCookie(w, r, "", false)
	ui.Redirect(w, r, "/sign-in")
	return nil
}
