package status

import (
	"net/http"

	"baraji/internal/incident"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/web/ui"

	"github.com/a-h/templ"
)

// sheet is a page about mails: somebody's own, kept by nobody.
func (v visit) sheet(status int, c templ.Component) error {
	v.w.Header().Set("Cache-Control", "no-store")
	v.w.Header().Set("Content-Language", string(v.locale))
	v.w.Header().Set("Referrer-Policy", "no-referrer") // its address opens it
	ui.Render(v.w, v.r, status, c)
	return nil
}

const mostForm = 64 << 10

// subscribe is POST /status/subscribe. Whoever sends a known address reads the same.
func (a area) subscribe(v visit) error {
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, mostForm)
	if err := v.r.ParseForm(); err != nil {
		return problem.New(problem.Invalid, "This form is broken. Load the page again.")
	}
	if v.r.FormValue("website") != "" { // no person sees this field
		return v.sheet(http.StatusOK, sentPage(v))
	}
	err := a.DB.Write(v.ctx, func(tx *db.Tx) error {
		return a.Broken.Subscribe(v.ctx, tx, v.r.FormValue("email"), v.locale, chosen(v.r))
	})
	if err == nil {
		return v.sheet(http.StatusOK, sentPage(v))
	}
	trouble, err := ui.TroubleOf(v.w, v.r, err)
	if err != nil {
		return err
	}
	var list []incident.Component
	err = a.DB.Read(v.ctx, func(tx *db.Tx) (err error) { list, err = incident.Components(v.ctx, tx); return err })
	if err != nil {
		return err
	}
	return v.sheet(trouble.Status, againPage(v, list, trouble))
}

// chosen are the components that a form names.
func chosen(r *http.Request) (list []incident.ComponentID) {
	for _, s := range r.Form["component"] {
		if c, err := id.Read[incident.ComponentID](s); err == nil && len(list) < 100 {
			list = append(list, c)
		}
	}
	return list
}

// own reads whose a link is, and answers in his language.
func (a area) own(v *visit, purpose string) (s incident.Subscriber, list []incident.Component, err error) {
	err = a.DB.Read(v.ctx, func(tx *db.Tx) (err error) {
		if s, err = a.Broken.Open(v.ctx, tx, purpose, v.r.PathValue("id"), v.r.PathValue("token")); err != nil {
			return err
		}
		list, err = incident.Components(v.ctx, tx)
		return err
	})
	if _, asked := i18n.Parse(v.r.URL.Query().Get("lang")); err == nil && !asked {
		viewer := ui.Of(v.ctx)
		viewer.Locale, v.locale = s.Language, s.Language
		v.ctx = ui.With(v.ctx, viewer)
		v.r = v.r.WithContext(v.ctx)
	}
	return s, list, err
}

// confirmForm is GET /status/confirm/…: a button, since programs that look at mails open links.
func (a area) confirmForm(v visit) error {
	if _, _, err := a.own(&v, "confirm"); err != nil {
		return err
	}
	return v.sheet(http.StatusOK, confirmPage(v))
}

func (a area) confirm(v visit) error {
	s, list, err := a.own(&v, "confirm")
	if err != nil {
		return err
	}
	if err := a.DB.Write(v.ctx, func(tx *db.Tx) error { return incident.Confirm(v.ctx, tx, s) }); err != nil {
		return err
	}
	return v.sheet(http.StatusOK, mailsPage(v, s, list, a.Broken.LeavePath(s.ID), "confirmed"))
}

func (a area) mails(v visit) error {
	s, list, err := a.own(&v, "leave")
	if err != nil {
		return err
	}
	return v.sheet(http.StatusOK, mailsPage(v, s, list, v.r.URL.Path, ""))
}

// changeMails is POST /status/mails/…: other components, or none any more. A mail program sends List-Unsubscribe=One-Click (RFC 8058).
func (a area) changeMails(v visit) error {
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, mostForm)
	s, list, err := a.own(&v, "leave")
	if err != nil {
		return err
	}
	if v.r.FormValue("do") == "choose" {
		s.Components = chosen(v.r)
		if err := a.DB.Write(v.ctx, func(tx *db.Tx) error { return incident.Choose(v.ctx, tx, s, s.Components) }); err != nil {
			return err
		}
		return v.sheet(http.StatusOK, mailsPage(v, s, list, v.r.URL.Path, "chosen"))
	}
	if err := a.DB.Write(v.ctx, func(tx *db.Tx) error { return incident.Leave(v.ctx, tx, s) }); err != nil {
		return err
	}
	return v.sheet(http.StatusOK, leftPage(v))
}
