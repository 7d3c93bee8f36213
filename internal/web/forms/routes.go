package forms

import (
	"context"
	"net/http"

	"baraji/internal/form"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/knowledge"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/sheet"
	"baraji/internal/web/ui"

	"github.com/a-h/templ"
)

// area is the pages with the parts of the program that they call.
type area struct {
	*desk.Desk
	loads *loads
}

// Routes adds the pages.
func Routes(rt *desk.Routes) {
	a := area{rt.Desk, &loads{}}
	rt.Public("GET /f/{form}", a.in(false, a.show))
	rt.Public("POST /f/{form}", a.in(false, a.send))
	rt.Public("GET /f/{form}/embed", a.in(true, a.show))
	rt.Public("POST /f/{form}/embed", a.in(true, a.send))
	rt.Public("GET /f/{form}/help", a.in(false, a.help))
	rt.Public("POST /f/{form}/helped", a.in(false, a.helped))
	rt.Public("POST /f/{form}/embed/helped", a.in(true, a.helped))
	rt.Public("GET /f/embed.js", embedScript)
}

// visit is one request of a customer.
type visit struct {
	sheet.Page
	ctx  context.Context
	r    *http.Request
	form form.Form
}

// in finds the form, and the language: as the address says, else as the browser does.
func (a area) in(frame bool, fn func(http.ResponseWriter, visit) error) desk.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v := visit{Page: sheet.Page{Slug: r.PathValue("form"), Frame: frame}}
		err := a.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
			v.form, err = form.Open(r.Context(), tx, v.Slug)
			return err
		})
		if err != nil {
			return err
		}
		if frame {
			ui.Frameable(w, v.form.Origins)
		}
		viewer := ui.Of(r.Context())
		v.Locale = viewer.Locale
		if l, ok := i18n.Parse(r.URL.Query().Get("lang")); ok {
			v.Locale = l
		}
		v.ctx = knowledge.For(team.With(r.Context(), team.Actor{}), knowledge.Reader{})
		v.ctx = ui.With(v.ctx, ui.Viewer{Shop: viewer.Shop, Locale: v.Locale, Zone: viewer.Zone, Now: a.DB.Now()})
		v.r = r.WithContext(v.ctx)
		return fn(w, v)
	}
}

func (a area) render(w http.ResponseWriter, v visit, status int, page templ.Component) error {
	w.Header().Set("Content-Language", string(v.Locale))
	ui.Render(w, v.r, status, page)
	return nil
}
