package settings

import (
	"net/http"
	"regexp"
	"strings"

	"baraji/internal/channel/email"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/web/ui"
)

var (
	domainForm   = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}$`)
	selectorForm = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
)

// dkim makes a key pair to sign with, or stops signing. The private key never
// leaves the desk: only the record for the DNS is shown.
func (a area) dkim(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	d, err := a.loadInbox(r)
	if err != nil {
		return err
	}
	back := "/settings/inboxes/" + d.ID.String() + "#dkim"
	next := email.DKIM{}
	if r.FormValue("do") != "stop" {
		domain, selector := strings.ToLower(strings.TrimSpace(r.FormValue("domain"))), strings.ToLower(strings.TrimSpace(r.FormValue("selector")))
		var c problem.Check
		c.That(domainForm.MatchString(domain), "domain", "Enter a domain such as shop.example.")
		c.That(selectorForm.MatchString(selector), "selector", "Enter a short word of letters and digits, such as baraji.")
		if err := c.Err(); err != nil {
			if d.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
				return err
			}
			d.Account.DKIM = email.DKIM{}
			return a.showInbox(w, r, d.Trouble.Status, d)
		}
		if next, err = email.NewDKIM(domain, selector, r.FormValue("kind")); err != nil {
			return err
		}
	}
	d.Account.DKIM = next
	if err := a.DB.Write(ctx, func(tx *db.Tx) error { return a.Mail.SetAccount(ctx, tx, d.Account) }); err != nil {
		return err
	}
	if next.Domain == "" {
		return done(w, r, back, "dkim_stopped")
	}
	return done(w, r, back, "dkim_made")
}
