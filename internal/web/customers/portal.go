package customers

import (
	"net/http"

	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/portal"
	"baraji/internal/web/ui"
)

// sendPortal is POST /customers/{id}/portal: a link to his own conversations is mailed to the customer.
func (a area) sendPortal(w http.ResponseWriter, r *http.Request) error {
	who, err := idOf(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	if err := a.DB.Write(ctx, func(tx *db.Tx) error { return a.Portal.Invite(ctx, tx, who) }); err != nil {
		return err
	}
	ui.SayThere(w, r, ui.Toast{Text: i18n.T(ctx, "customers.portal_sent")}, personURL(who))
	return nil
}

// sharePortal is POST /companies/{id}/portal: whether its people see each other's conversations in the portal.
func (a area) sharePortal(w http.ResponseWriter, r *http.Request) error {
	which, err := orgOf(r)
	if err != nil {
		return err
	}
	ctx, on := r.Context(), r.FormValue("on") == "true"
	if err := a.DB.Write(ctx, func(tx *db.Tx) error { return portal.ShareCompany(ctx, tx, which, on) }); err != nil {
		return err
	}
	word := "customers.portal_unshared"
	if on {
		word = "customers.portal_shared"
	}
	ui.SayThere(w, r, ui.Toast{Text: i18n.T(ctx, word)}, companyURL(which))
	return nil
}
