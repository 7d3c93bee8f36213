package portal

import (
	"net/http"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/portal"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

func (a area) signIn(w http.ResponseWriter, v visit) error {
	ui.Render(w, v.r, http.StatusOK, signInPage(v.r.URL.Query().Get("email"), v.r.URL.Query().Has("asked"), ui.Trouble{}))
	return nil
}

// ask is answered the same for every address.
func (a area) ask(w http.ResponseWriter, v visit) error {
	email := v.r.PostFormValue("email")
	err := a.write(v, func(tx *db.Tx) error { return a.Portal.Ask(v.ctx, tx, email, desk.From(v.r), i18n.Of(v.ctx).Locale) })
	if err != nil {
		trouble, err := ui.TroubleOf(w, v.r, err)
		if err != nil {
			return err
		}
		ui.Render(w, v.r, trouble.Status, signInPage(email, false, trouble))
		return nil
	}
	http.Redirect(w, v.r, "/portal/sign-in?asked&lang="+string(i18n.Of(v.ctx).Locale), http.StatusSeeOther)
	return nil
}

// door asks whether to come in: what looks at links by itself, such as a mail server, uses none up.
func (a area) door(w http.ResponseWriter, v visit) error {
	var address string
	err := a.DB.Read(v.ctx, func(tx *db.Tx) (err error) { address, err = portal.Peek(v.ctx, tx, v.r.PathValue("token")); return err })
	if err != nil {
		return a.spent(w, v, err)
	}
	w.Header().Set("Referrer-Policy", "no-referrer") // the address of this page is a secret
	ui.Render(w, v.r, http.StatusOK, doorPage(v.r.URL.Path, contact.MaskEmail(address)))
	return nil
}

func (a area) enter(w http.ResponseWriter, v visit) error {
	var token string
	err := a.write(v, func(tx *db.Tx) (err error) {
		token, err = portal.Enter(v.ctx, tx, v.r.PathValue("token"), v.r.UserAgent(), i18n.Of(v.ctx).Locale)
		return err
	})
	if err != nil {
		return a.spent(w, v, err)
	}
	setCookie(w, v.r, token)
	http.Redirect(w, v.r, "/portal", http.StatusSeeOther)
	return nil
}

// spent is the page of a link that is not good: the way to a new one.
func (a area) spent(w http.ResponseWriter, v visit, err error) error {
	trouble, err := ui.TroubleOf(w, v.r, err)
	if err != nil {
		return err
	}
	ui.Render(w, v.r, trouble.Status, signInPage("", false, trouble))
	return nil
}

func (a area) signOut(w http.ResponseWriter, v visit) error {
	if err := a.write(v, func(tx *db.Tx) error { return portal.End(v.ctx, tx, v.Guest, v.ID) }); err != nil {
		return err
	}
	setCookie(w, v.r, "")
	http.Redirect(w, v.r, "/portal/sign-in", http.StatusSeeOther)
	return nil
}
