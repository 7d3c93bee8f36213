package signin

import (
	"net/http"

	"baraji/internal/kit/db"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

func (d door) askForgot(w http.ResponseWriter, r *http.Request) error {
	if r.URL.Query().Has("sent") {
		ui.Render(w, r, http.StatusOK, sentPage())
		return nil
	}
	ui.Render(w, r, http.StatusOK, forgotPage("", ui.Trouble{}))
	return nil
}

// forgot has a link sent. Whether anybody has the address is not told.
func (d door) forgot(w http.ResponseWriter, r *http.Request) error {
	email := r.FormValue("email")
	err := d.DB.Write(r.Context(), func(tx *db.Tx) error { return d.Door.AskReset(r.Context(), tx, email, desk.From(r)) })
	if err == nil {
		ui.Redirect(w, r, "/forgot?sent")
		return nil
	}
	trouble, err := ui.TroubleOf(w, r, err)
	if err != nil {
		return err
	}
	ui.Render(w, r, trouble.Status, forgotPage(email, trouble))
	return nil
}
