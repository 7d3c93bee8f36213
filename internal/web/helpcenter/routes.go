package helpcenter

import (
	"context"
	"net/http"

	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/knowledge"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

// area is the pages with the parts of the program that they call.
type area struct {
	*desk.Desk
	reads  *reads
	memory *memory
}

// Routes adds the pages.
func Routes(rt *desk.Routes) {
	a := area{rt.Desk, &reads{}, &memory{}}
	rt.Public("GET /hc/{$}", a.choose)
	rt.Public("GET /hc/{locale}/{$}", a.in(a.once(a.start)))
	rt.Public("GET /hc/{locale}/c/{slug}", a.in(a.once(a.category)))
	rt.Public("GET /hc/{locale}/a/{slug}", a.in(a.once(a.article)))
	rt.Public("POST /hc/{locale}/a/{slug}", a.in(a.vote))
	rt.Public("GET /hc/{locale}/search", a.in(a.search))
	rt.Public("POST /hc/{locale}/helped", a.in(a.helped))
	rt.Public("GET /hc/{locale}/picture/{id}", a.in(a.picture))
	rt.Public("GET /hc/", a.lost)
	rt.Public("GET /hc/sitemap.xml", a.sitemap)
	rt.Public("GET /robots.txt", a.robots)
}

// visit is one request of a reader.
type visit struct {
	ctx    context.Context
	locale i18n.Locale
	base   string // our address, for links that must be whole
	r      *http.Request
	stamp  int64 // of what is known, when it began; set for pages that are the same for all strangers
}

// in reads the language from the address, and answers what is not there with a page that helps.
func (a area) in(fn func(http.ResponseWriter, visit) error) desk.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		l, ok := i18n.Parse(r.PathValue("locale"))
		if !ok || string(l) != r.PathValue("locale") {
			return a.lost(w, r)
		}
		v := a.visit(r, l)
		err := fn(w, v)
		if problem.KindOf(err) == problem.NotFound && err != nil {
			return a.missing(w, v)
		}
		return err
	}
}

func (a area) visit(r *http.Request, l i18n.Locale) visit {
	viewer := ui.Of(r.Context())
	ctx := ui.With(r.Context(), ui.Viewer{Shop: viewer.Shop, Locale: l, Zone: viewer.Zone, Now: a.DB.Now()})
	ctx = knowledge.ForCustomers(ctx)
	return visit{ctx: ctx, locale: l, base: a.Base(r), r: r.WithContext(ctx)}
}

func (a area) read(v visit, fn func(tx *db.Tx) error) error { return a.DB.Read(v.ctx, fn) }

// choose leads to the reader's language.
func (a area) choose(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Vary", "Accept-Language")
	http.Redirect(w, r, "/hc/"+string(i18n.Of(r.Context()).Locale)+"/", http.StatusSeeOther)
	return nil
}

// lost is an address of ours that leads nowhere.
func (a area) lost(w http.ResponseWriter, r *http.Request) error {
	return a.missing(w, a.visit(r, i18n.Of(r.Context()).Locale))
}

// t is a word of the help centre.
func t(ctx context.Context, key string, args ...any) string { return i18n.T(ctx, "help."+key, args...) }
