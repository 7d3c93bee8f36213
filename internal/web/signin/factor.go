package signin

import (
	"errors"
	"net/http"

	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

func (d door) askCode(w http.ResponseWriter, r *http.Request) error {
	to := ui.Local(r.FormValue("to"))
	if !team.From(r.Context()).Nobody() || desk.Cookie(r) == "" {
		ui.Redirect(w, r, to)
		return nil
	}
	ui.Render(w, r, http.StatusOK, codePage(to, ui.Trouble{}))
	return nil
}

// confirm takes the code of the app, or one of the codes that were written down.
func (d door) confirm(w http.ResponseWriter, r *http.Request) error {
	to := ui.Local(r.FormValue("to"))
	in, err := d.Door.Confirm(r.Context(), desk.Cookie(r), r.FormValue("code"), device(r), desk.From(r))
	if err == nil {
		return d.enter(w, r, in, to)
	}
	if errors.Is(err, team.ErrSignedOut) { // ten minutes are over; or it was sent twice, and the cookie is a good one by now
		if team.From(r.Context()).Nobody() {
			to = "/sign-in"
		}
		ui.Redirect(w, r, to)
		return nil
	}
	trouble, err := ui.TroubleOf(w, r, err)
	if err != nil {
		return err
	}
	ui.Render(w, r, trouble.Status, codePage(to, trouble))
	return nil
}
