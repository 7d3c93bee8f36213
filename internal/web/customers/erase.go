package customers

import (
	"net/http"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/web/ui"

	"golang.org/x/text/unicode/norm"
)

// erasing is the page before a person is taken away for good.
type erasing struct {
	side
	Mergers []contact.MergeOf
	Errors  ui.Errors
}

// erasePage is GET /customers/{id}/erase.
func (a area) erasePage(w http.ResponseWriter, r *http.Request) error {
	return a.showErase(w, r, nil, http.StatusOK)
}

func (a area) showErase(w http.ResponseWriter, r *http.Request, wrong ui.Errors, status int) error {
	who, err := idOf(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	e := erasing{Errors: wrong}
	err = a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if e.side, err = readSide(ctx, tx, who); err != nil {
			return err
		}
		e.Mergers, err = contact.Mergers(ctx, tx, e.ID)
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, status, eraseView(e))
	return nil
}

// erase is POST /customers/{id}/erase. It cannot be undone, so the name has to be
// typed. What other packages keep goes with the person (contact.Part).
func (a area) erase(w http.ResponseWriter, r *http.Request) error {
	who, err := idOf(r)
	if err != nil {
		return err
	}
	ctx, typed := r.Context(), false
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		c, err := contact.Get(ctx, tx, who)
		if err != nil {
			return err
		}
		if typed = same(r.FormValue("name"), nameOf(ctx, c)); !typed {
			return nil
		}
		return contact.Erase(ctx, tx, c.ID)
	})
	if err != nil {
		return err
	}
	if !typed {
		return a.showErase(w, r, ui.Errors{{Name: "name", Text: i18n.T(ctx, "customers.erase_other_name")}}, http.StatusUnprocessableEntity)
	}
	ui.SayThere(w, r, ui.Toast{Text: i18n.T(ctx, "customers.erased")}, "/customers")
	return nil
}

// same compares names as people type them: Hangul may come in parts.
func same(a, b string) bool {
	plain := func(s string) string { return strings.Join(strings.Fields(norm.NFC.String(s)), " ") }
	return strings.EqualFold(plain(a), plain(b))
}
